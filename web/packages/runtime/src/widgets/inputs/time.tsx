import { TimePicker } from "antd";
import dayjs from "dayjs";
import { NativeInput } from "./native";
import { status, type InputProps } from "../widget";

export function TimeInput(props: InputProps) {
  const { value, onChange, id, label, disabled, invalid, narrow } = props;
  const text = value ? String(value).slice(0, 5) : null;
  if (narrow) return <NativeInput {...props} type="time" value={text} />;
  return (
    <TimePicker
      id={id}
      aria-label={label}
      className="lc-fill"
      format="HH:mm"
      value={text ? dayjs(`2000-01-01T${text}`) : null}
      disabled={disabled}
      status={status(invalid)}
      onChange={(time) => onChange(time ? time.format("HH:mm") : null)}
    />
  );
}
