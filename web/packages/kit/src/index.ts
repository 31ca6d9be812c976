/** What every page is made of: looks, words, numbers, places, and the small parts. Knows nothing of forms. */
export * from "./colors";
export * from "./dark";
export * from "./failure";
export * from "./format";
export * from "./icons";
export * from "./keys";
export * from "./loading";
export * from "./locale";
export * from "./narrow";
export * from "./online";
export * from "./opened";
export * from "./parts";
export * from "./router";
export * from "./say";
export type { TextKey } from "./texts";
export * from "./theme";
export * from "./time";
export * from "./zone";
