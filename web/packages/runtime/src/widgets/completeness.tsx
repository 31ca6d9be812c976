import { formula } from "./formula";
import type { Widget } from "./widget";

/** The server sends it as the formula it is. */
export const completeness: Widget = formula;
