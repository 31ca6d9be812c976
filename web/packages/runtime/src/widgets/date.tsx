import { date as formatted } from "@lowcode/kit";
import type { ShowProps, Widget } from "./widget";

const SHOWN = { day: 10, month: 7, year: 4 };

const DateShow = ({ field, value }: ShowProps) => <span className="lc-number">{formatted(value as string).slice(0, SHOWN[field.precision ?? "day"])}</span>;

export const date: Widget = { Show: DateShow, width: 120 };
