import { instantOf, inZone, useSpeech } from "@lowcode/kit";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { NativeInput } from "./native";
import { status, type InputProps } from "../widget";

const WALL = "YYYY-MM-DDTHH:mm";

export function DatetimeInput(props: InputProps) {
  const { value, onChange, id, label, disabled, invalid, narrow } = props;
  const { t } = useSpeech();
  const wall = value ? inZone(value as string).format(WALL) : null;
  const change = (text: string | null) => onChange(text === null ? null : instantOf(text));
  if (narrow) return <NativeInput {...props} type="datetime-local" value={wall} onChange={(text) => change(text as string | null)} />;
  return (
    <DatePicker
      id={id}
      aria-label={label}
      className="lc-fill"
      showTime={{ format: "HH:mm", minuteStep: 5 }}
      format="YYYY-MM-DD HH:mm"
      value={wall ? dayjs(wall) : null}
      disabled={disabled}
      status={status(invalid)}
      placeholder={disabled ? "" : t("choose")}
      onChange={(day) => change(day ? day.format(WALL) : null)}
    />
  );
}
