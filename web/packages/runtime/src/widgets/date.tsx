import { date as formatted, useSpeech } from "@lowcode/kit";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { NativeInput } from "./native";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

function DateInput(props: InputProps) {
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
      placeholder={t("choose")}
      onChange={(day) => onChange(day ? day.format("YYYY-MM-DD") : null)}
    />
  );
}

const SHOWN = { day: 10, month: 7, year: 4 };

const DateShow = ({ field, value }: ShowProps) => <span className="lc-number">{formatted(value as string).slice(0, SHOWN[field.precision ?? "day"])}</span>;

export const date: Widget = { Input: DateInput, Show: DateShow, width: 120 };
