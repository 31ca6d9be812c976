import { useSpeech } from "@lowcode/kit";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { NativeInput } from "./native";
import { status, type InputProps } from "../widget";

export function DateInput(props: InputProps) {
  const { field, value, onChange, id, label, disabled, invalid, narrow } = props;
  const { t } = useSpeech();
  const precision = field.precision ?? "day";
  if (narrow && precision === "day") return <NativeInput {...props} type="date" value={value as string | null} />;
  return (
    <DatePicker
      id={id}
      aria-label={label}
      className="lc-fill"
      picker={precision === "day" ? "date" : precision}
      value={value ? dayjs(value as string) : null}
      disabled={disabled}
      status={status(invalid)}
      placeholder={disabled ? "" : t("choose")}
      onChange={(day) => onChange(day ? day.format("YYYY-MM-DD") : null)}
    />
  );
}
