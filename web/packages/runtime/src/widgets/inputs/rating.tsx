import { Rate } from "antd";
import type { InputProps } from "../widget";
import { count } from "../rating";

export const RatingInput = ({ field, value, onChange, disabled }: InputProps) => (
  <Rate count={count(field.max)} value={Number(value ?? 0)} disabled={disabled} onChange={(stars) => onChange(stars === 0 ? null : stars)} />
);
