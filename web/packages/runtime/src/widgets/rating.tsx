import { Rate } from "antd";
import type { InputProps, ShowProps, Widget } from "./widget";

const count = (max: unknown): number => Math.min(10, Number(max ?? 5) || 5);

const RatingInput = ({ field, value, onChange, disabled }: InputProps) => (
  <Rate count={count(field.max)} value={Number(value ?? 0)} disabled={disabled} onChange={(stars) => onChange(stars === 0 ? null : stars)} />
);

const Rating = ({ field, value }: ShowProps) => (
  <span role="img" aria-label={`${String(value)} / ${count(field.max)}`}>
    <Rate count={count(field.max)} value={Number(value)} disabled className="lc-rate" />
  </span>
);

export const rating: Widget = { Input: RatingInput, Show: Rating, width: 130 };
