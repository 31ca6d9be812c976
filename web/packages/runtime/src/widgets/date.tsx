import { date as formatted, useSpeech } from "@lowcode/kit";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { NativeInput } from "./native";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

function DateInput(props: InputProps) {
  const { value, onChange, id, label, disabled, invalid, narrow } = props;
  const { t } = useSpeech();
  if (narrow) return <NativeInput {...props} type="date" value={value as string | null} />;
  return (
    <DatePicker
      id={id}
      aria-label={label}
      className="lc-fill"
      value={value ? dayjs(value as string) : null}
      disabled={disabled}
      status={status(invalid)}
      placeholder={t("choose")}
      onChange={(day) => onChange(day ? day.format("YYYY-MM-DD") : null)}
    />
  );
}

const DateShow = ({ value }: ShowProps) => <span className="lc-number">{formatted(value as string)}</span>;

export const date: Widget = { Input: DateInput, Show: DateShow, width: 120 };
