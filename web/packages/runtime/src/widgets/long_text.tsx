import { Input } from "antd";
import { PlainText } from "./text";
import { status, type InputProps, type Widget } from "./widget";

function LongTextInput({ value, onChange, id, label, disabled, invalid, field, dense }: InputProps) {
  return (
    <Input.TextArea
      id={id}
      aria-label={label}
      value={(value as string | null) ?? ""}
      maxLength={field.max_length}
      disabled={disabled}
      status={status(invalid)}
      autoSize={{ minRows: dense ? 1 : 3, maxRows: 12 }}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export const long_text: Widget = { Input: LongTextInput, Show: PlainText, width: 260, wide: true };
