import { instant } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

const DatetimeShow = ({ value }: ShowProps) => <span className="lc-number">{instant(value as string)}</span>;

export const datetime: Widget = { Show: DatetimeShow, width: 150 };
