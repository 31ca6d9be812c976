import { formula } from "./formula";
import type { Widget } from "./widget";

/** Looks like a formula; the server keeps it up to date. */
export const rollup: Widget = { ...formula };
