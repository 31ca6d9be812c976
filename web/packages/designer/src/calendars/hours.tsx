import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { Button, Select, TimePicker } from "antd";
import dayjs from "dayjs";
import { optionWords, useDesign } from "../design";
import { Labelled } from "../rules/about";
import { at, isNode, type Path } from "../tree";
import { textsAt, WEEK } from "./days";

const USUAL = ["09:00-12:00", "13:30-18:00"];

/** The hours of each day of the week; a day without any is free. */
export function HoursOf({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const stated = isNode(found) && Object.values(found).some((each) => Array.isArray(each) && each.length > 0);
  const monday = textsAt(document, [...path, "monday"]);
  if (!stated) return <Button size="small" icon={<PlusOutlined />} onClick={() => change(path, Object.fromEntries(WEEK.slice(0, 5).map((day) => [day, USUAL])))}>{t("calendarSetHours")}</Button>;
  return (
    <>
      {WEEK.map((day, place) => <Weekday key={day} path={[...path, day]} number={place + 1} />)}
      {monday.length > 0 && <Button size="small" type="link" onClick={() => change(path, { ...(isNode(found) ? found : {}), ...Object.fromEntries(WEEK.slice(1, 5).map((day) => [day, monday])) })}>{t("calendarLikeMonday")}</Button>}
    </>
  );
}

const moment = (clock: string | undefined) => {
  const [hour = Number.NaN, minute = Number.NaN] = (clock ?? "").split(":").map(Number);
  return Number.isNaN(hour + minute) ? null : dayjs().hour(hour).minute(minute);
};

function Weekday({ path, number }: { path: Path; number: number }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const spans = textsAt(document, path);
  const title = t(`ruleWeekday${number % 7}` as TextKey);
  const write = (next: string[]) => change(path, next.length === 0 ? undefined : next);
  const begin = () => write([...spans, spans.length === 0 ? "09:00-18:00" : "19:00-21:00"]);
  return (
    <div className="lc-calendar-weekday" role="group" aria-label={title}>
      <span>{title}</span>
      <div>
        {spans.length === 0 && <span className="lc-quiet">{t("calendarFree")}</span>}
        {spans.map((span, place) => {
          const [from, until] = span.split("-");
          return (
            <div key={place} className="lc-design-row">
              <TimePicker.RangePicker aria-label={`${title} ${place + 1}`} format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} order={false} value={[moment(from), moment(until)]} onChange={(next) => next?.[0] && next[1] && write(spans.map((each, at_) => (at_ === place ? `${next[0]!.format("HH:mm")}-${next[1]!.format("HH:mm")}` : each)))} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: `${title} ${span}` })} onClick={() => write(spans.filter((_, at_) => at_ !== place))} />
            </div>
          );
        })}
      </div>
      <Button size="small" type="text" icon={<PlusOutlined />} aria-label={t("calendarAddSpan", { name: title })} title={t("calendarAddSpan", { name: title })} onClick={begin} />
    </div>
  );
}

/** Days that the app says something of itself. */
export function DaysOff({ path, name }: { path: Path; name: "holidays" | "workdays" }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const label = w(optionWords(palette, name));
  return (
    <Labelled label={label} path={path} within>
      <Select mode="tags" aria-label={label} placeholder={t("calendarDayHow")} tokenSeparators={[",", "，", " ", "\n"]} value={textsAt(document, path)} options={[]} open={false} suffixIcon={null} onChange={(next: string[]) => change(path, next.length === 0 ? undefined : [...new Set(next)].sort())} />
    </Labelled>
  );
}
