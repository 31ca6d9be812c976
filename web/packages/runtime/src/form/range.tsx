import { givenAt, readingOf, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { DatePicker } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { inputOf } from "../widgets/inputs";
import { useFilling } from "./filling";

interface RangeProps {
  field: Field;
  end: Field;
  id: string;
  invalid: boolean;
  disabled?: boolean;
}

/** A beginning and an end, two fields of the record, entered as one. */
export function RangeInput({ field, end, id, invalid, disabled }: RangeProps) {
  const { live, step, narrow } = useFilling();
  const { t, w } = useSpeech();
  const fixed = disabled || live.conditions[end.name]?.readOnly;
  const set = (name: string, value: unknown) => step({ kind: "set", field: name, value });
  if (narrow)
    return (
      <div className="lc-range">
        {[field, end].map((each) => {
          const Input = inputOf(each.type);
          return <Input key={each.name} field={each} value={live.values[each.name] ?? null} onChange={(value) => set(each.name, value)} id={each === field ? id : undefined} label={w(each.title)} narrow disabled={fixed} invalid={invalid} />;
        })}
      </div>
    );
  const timed = field.type === "datetime";
  const read = (value: unknown): Dayjs | null => (value ? (timed ? readingOf(String(value)) : dayjs(String(value))) : null);
  const write = (day: Dayjs | null | undefined) => (day ? (timed ? givenAt(day) : day.format("YYYY-MM-DD")) : null);
  return (
    <DatePicker.RangePicker
      id={id}
      className="lc-fill"
      picker={timed || !field.precision || field.precision === "day" ? "date" : field.precision}
      showTime={timed ? { format: "HH:mm" } : false}
      value={[read(live.values[field.name]), read(live.values[end.name])]}
      allowEmpty={[!field.required, !end.required]}
      disabled={fixed}
      status={invalid ? "error" : undefined}
      placeholder={[w(field.title) || t("choose"), w(end.title) || t("choose")]}
      onChange={(days) => {
        set(field.name, write(days?.[0]));
        set(end.name, write(days?.[1]));
      }}
    />
  );
}
