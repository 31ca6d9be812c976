import { DecimalShow } from "./number";
import type { Widget } from "./widget";

export const integer: Widget = { Show: DecimalShow, align: "right", width: 100, least: 76 };
