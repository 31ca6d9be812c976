import { PlainText } from "./text";
import type { Widget } from "./widget";

export const address: Widget = { Show: PlainText, width: 240, wide: true };
