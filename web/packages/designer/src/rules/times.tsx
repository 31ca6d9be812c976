import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { cronWords } from "@lowcode/runtime/cron";
import { Button, Checkbox, Input, InputNumber, Select, TimePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useDesign } from "../design";
import { at, isNode, type Node, type Path } from "../tree";
import { Labelled } from "./about";
import { cronOf, spansOf, timesOf, UNITS, type Times } from "./rule";

export const UNIT_WORDS: Record<string, TextKey> = { minutes: "ruleMinutes", hours: "ruleHours", days: "ruleDays", weeks: "ruleWeeks", months: "ruleMonths", years: "ruleYears" };

/** A length of time: a number of a unit, or of several, perhaps counted in working time only. */
export function SpanInput({ path, label, required = false }: { path: Path; label: string; required?: boolean }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const span = isNode(found) ? found : {};
  const units = spansOf(found);
  const shown = units.length > 0 ? units : required ? [{ unit: "days", count: 0 }] : [];
  const left = UNITS.filter((each) => !shown.some((one) => one.unit === each));
  const put = (next: Node) => change(path, Object.keys(next).some((each) => each !== "working") || required ? next : undefined);
  const turn = (from: string, to: string, count: number) => put(Object.fromEntries([...Object.entries(span).filter(([each]) => each !== from), [to, count]]));
  const without = (unit: string) => put(Object.fromEntries(Object.entries(span).filter(([each]) => each !== unit)));
  return (
    <Labelled label={label} path={path} required={required} within>
      {shown.map(({ unit, count }) => (
        <div key={unit} className="lc-design-row">
          <InputNumber min={0} precision={0} aria-label={`${label}: ${t(UNIT_WORDS[unit]!)}`} value={count} onChange={(next) => put({ ...span, [unit]: next ?? 0 })} />
          <Select className="lc-ruled-unit" popupMatchSelectWidth={false} aria-label={`${label}: ${t("filterUnit")}`} value={unit} options={[unit, ...left].map((each) => ({ value: each, label: t(UNIT_WORDS[each]!) }))} onChange={(next) => turn(unit, next, count)} />
          {(shown.length > 1 || !required) && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: `${count} ${t(UNIT_WORDS[unit]!)}` })} onClick={() => without(unit)} />}
        </div>
      ))}
      {shown.length === 0 ? (
        <Button size="small" icon={<PlusOutlined />} aria-label={t("designAdd", { name: label })} onClick={() => put({ ...span, days: 1 })}>{t("ruleSetSpan")}</Button>
      ) : (
        <div className="lc-design-row">
          <Checkbox checked={span["working"] === true} onChange={(event) => put(event.target.checked ? { ...span, working: true } : Object.fromEntries(Object.entries(span).filter(([each]) => each !== "working")))}>{t("ruleWorking")}</Checkbox>
          {left.length > 0 && <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => put({ ...span, [left[left.length - 1]!]: 1 })}>{t("ruleAndSpan")}</Button>}
        </div>
      )}
    </Labelled>
  );
}

/** A time of the day. */
export function ClockInput({ path, label, required = false }: { path: Path; label: string; required?: boolean }) {
  const { document, change } = useDesign();
  const value = at(document, path);
  return (
    <Labelled label={label} path={path} required={required}>
      <Clock label={label} clear={!required} value={typeof value === "string" ? value : null} change={(next) => change(path, next ?? undefined)} />
    </Labelled>
  );
}

function Clock({ label, value, change, clear = false }: { label: string; value: string | null; change: (next: string | null) => void; clear?: boolean }) {
  const [hour = 0, minute = 0] = (value ?? "").split(":").map(Number);
  return <TimePicker aria-label={label} format="HH:mm" minuteStep={5} needConfirm={false} allowClear={clear} value={value === null ? null : dayjs().hour(hour).minute(minute)} onChange={(next) => change(next ? next.format("HH:mm") : null)} />;
}

const EVERY: Record<Times["every"], TextKey> = { day: "ruleEveryDay", week: "ruleEveryWeek", month: "ruleEveryMonth", hour: "ruleEveryHours", minutes: "ruleEveryMinutes" };
const HOURS = [1, 2, 3, 4, 6, 8, 12];
const MINUTES = [5, 10, 15, 20, 30];

/** When something is done again and again: by a form, and what a form cannot say as it is written. */
export function ScheduleInput({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const { t, locale } = useSpeech();
  const found = at(document, path);
  const schedule = isNode(found) ? found : {};
  const cron = schedule["cron"];
  const times = typeof cron === "string" ? timesOf(cron) : null;
  const [written, setWritten] = useState(false);
  const sort = schedule["every"] !== undefined ? "every" : written ? "cron" : (times?.every ?? "cron");
  const label = t("ruleHowOften");
  const write = (next: Times) => change(path, { cron: cronOf(next) });
  const turn = (next: string) => {
    setWritten(next === "cron");
    if (next === "every") change(path, { every: { hours: 1 } });
    else if (next === "cron") change(path, { cron: typeof cron === "string" ? cron : "0 9 1 1 *" });
    else write({ at: times?.at ?? "09:00", days: [], every: next as Times["every"], step: next === "minutes" ? 15 : 1 });
  };
  return (
    <>
      <Labelled label={label} path={path}>
        <Select aria-label={label} value={sort} options={[...Object.entries(EVERY).map(([value, words]) => ({ value, label: t(words) })), { value: "every", label: t("ruleEverySpan") }, { value: "cron", label: t("ruleByCron") }]} onChange={turn} />
      </Labelled>
      {sort === "every" && <SpanInput required path={[...path, "every"]} label={t("ruleEverySpan")} />}
      {times && sort !== "cron" && <Timed times={times} write={write} />}
      {sort === "cron" && <Labelled label="Cron" path={[...path, "cron"]}><Input className="lc-design-code" aria-label="Cron" value={String(cron ?? "")} onChange={(event) => change(path, { cron: event.target.value })} /></Labelled>}
      {typeof cron === "string" && <p className="lc-quiet">{cronWords(cron.trim(), locale)}</p>}
    </>
  );
}

function Timed({ times, write }: { times: Times; write: (next: Times) => void }) {
  const { t } = useSpeech();
  const { every, days, step } = times;
  const steps = every === "hour" ? HOURS : MINUTES;
  const week = [1, 2, 3, 4, 5, 6, 0].map((value) => ({ value, label: t(`ruleWeekday${value}` as TextKey) }));
  const month = Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: t("ruleMonthDay", { number: day + 1 }) }));
  const choose = (label: string, options: { value: number; label: string }[]) => <Select mode="multiple" aria-label={label} value={days} options={options} onChange={(next: number[]) => next.length > 0 && write({ ...times, days: [...next].sort((one, other) => one - other) })} />;
  return (
    <>
      {every === "week" && <div className="lc-design-option"><div className="lc-design-label">{t("ruleOnDays")}</div>{choose(t("ruleOnDays"), week)}</div>}
      {every === "month" && <div className="lc-design-option"><div className="lc-design-label">{t("ruleOnDays")}</div>{choose(t("ruleOnDays"), month)}</div>}
      {(every === "hour" || every === "minutes") && <div className="lc-design-option"><div className="lc-design-label">{t("ruleStep")}</div><Select aria-label={t("ruleStep")} value={step} options={[...new Set([...steps, step])].map((value) => ({ value, label: String(value) }))} onChange={(next) => write({ ...times, step: next })} /></div>}
      {["day", "week", "month"].includes(every) && <div className="lc-design-option"><div className="lc-design-label">{t("ruleAt")}</div><Clock label={t("ruleAt")} value={times.at} change={(next) => next !== null && write({ ...times, at: next })} /></div>}
    </>
  );
}
