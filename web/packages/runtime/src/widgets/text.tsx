import type { ShowProps, Widget } from "./widget";

export const PlainText = ({ value, dense }: ShowProps) => <span className={dense ? "lc-cell" : "lc-text"}>{String(value)}</span>;

export const text: Widget = { Show: PlainText, width: 160, least: 104 };
