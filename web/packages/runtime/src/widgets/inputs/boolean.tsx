import { Checkbox, Switch } from "antd";
import type { InputProps } from "../widget";

export function BooleanInput({ field, value, onChange, id, label, disabled }: InputProps) {
  if (field.widget === "checkbox") return <Checkbox id={id} aria-label={label} checked={value === true} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />;
  return <Switch id={id} aria-label={label} checked={value === true} disabled={disabled} onChange={onChange} />;
}
