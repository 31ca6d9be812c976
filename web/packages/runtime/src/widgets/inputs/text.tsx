import { Input } from "antd";
import { status, type InputProps } from "../widget";

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
