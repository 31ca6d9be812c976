import { Input } from "antd";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

export function TextInput({ value, onChange, id, label, disabled, invalid, field, type, mode }: InputProps & { type?: string; mode?: "tel" | "email" | "url" | "text" }) {
  return (
    <Input
      id={id}
      aria-label={label}
      aria-invalid={invalid}
      type={type}
      inputMode={mode}
      value={(value as string | null) ?? ""}
      maxLength={field.max_length}
      disabled={disabled}
      status={status(invalid)}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export const PlainText = ({ value, dense }: ShowProps) => <span className={dense ? "lc-cell" : "lc-text"}>{String(value)}</span>;

export const text: Widget = { Input: TextInput, Show: PlainText, width: 160 };
