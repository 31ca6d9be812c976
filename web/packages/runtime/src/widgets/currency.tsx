import type { ShowProps, Widget } from "./widget";

const Code = ({ value }: ShowProps) => <span className="lc-number">{String(value)}</span>;

export const currency: Widget = { Show: Code, width: 84 };
