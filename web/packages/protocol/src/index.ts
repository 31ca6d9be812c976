/** What the server and the page say to one another: docs/protocol.md in types, and the client that speaks it. */
export * from "./application";
export * from "./automation";
export * from "./connections";
export * from "./flows";
export * from "./client";
export * from "./problem";
export * from "./reports";
export * from "./text";
export * from "./values";
export * from "./work";
export * from "./hereabouts";
