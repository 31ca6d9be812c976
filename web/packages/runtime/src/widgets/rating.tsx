import { Rate } from "antd";
import type { ShowProps, Widget } from "./widget";

export const count = (max: unknown): number => Math.min(10, Number(max ?? 5) || 5);

const Rating = ({ field, value }: ShowProps) => (
  <span role="img" aria-label={`${String(value)} / ${count(field.max)}`}>
    <Rate count={count(field.max)} value={Number(value)} disabled className="lc-rate" />
  </span>
);

export const rating: Widget = { Show: Rating, width: 130 };
