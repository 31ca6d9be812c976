import type { ShowProps, Widget } from "./widget";

const Serial = ({ value }: ShowProps) => <span className="lc-number">{String(value)}</span>;

export const serial: Widget = { Show: Serial, width: 130 };
