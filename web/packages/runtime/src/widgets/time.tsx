import type { ShowProps, Widget } from "./widget";

const TimeShow = ({ value }: ShowProps) => <span className="lc-number">{String(value).slice(0, 5)}</span>;

export const time: Widget = { Show: TimeShow, width: 90 };
