import { PlainText } from "./text";
import type { Widget } from "./widget";

export const region: Widget = { Show: PlainText, width: 160, least: 100 };
