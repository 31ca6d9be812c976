import { Failure, recordLink, Sketch, useNarrow, useRoving, useSpeech } from "@lowcode/kit";
import type { Form, View } from "@lowcode/protocol";
import { Button, Popover } from "antd";
import type { Dayjs } from "dayjs";
import { useMemo } from "react";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { Frame } from "./frame";
import { useMonth } from "./month";
import { spansOf, titleOf, touching, type Span } from "./span";

const SHOWN = 3;
const weekday = (day: Dayjs): string => `周${"日一二三四五六"[day.day()]}`;

/** A month of records by their days; pressing a day begins a record there. */
export default function Calendar({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { chinese } = useSpeech();
  const narrow = useNarrow();
  const { month, today, tools } = useMonth(state);
  const first = month.subtract((month.day() + 6) % 7, "day");
  const days = useMemo(() => Array.from({ length: 42 }, (_, index) => first.add(index, "day")), [first.valueOf()]);
  const where = [touching(form, view, first, days[41]!), state.where].filter(Boolean).join(" and ");
  const fields = [view.starts!, ...(view.ends ? [view.ends] : []), ...(view.by ? [view.by] : []), ...(view.card ?? [])];
  const records = useRecords({ form, ...state.asked, where, sort: view.starts, fields, limit: 500, count: false });
  const spans = useMemo(() => spansOf(form, view, records.items), [form, view, records.items]);
  const title = chinese ? month.format("YYYY年M月") : month.format("MMMM YYYY");
  return (
    <Frame form={form} state={state} tools={narrow ? undefined : tools}>
      <div className="lc-calendar-head">
        <h2 className="lc-calendar-title" aria-live="polite">
          {title}
        </h2>
        {narrow && tools}
      </div>
      {records.error ? <Failure error={records.error} retry={() => void records.refetch()} /> : <Month form={form} view={view} days={days} month={month} today={today} spans={spans} busy={records.isPending} />}
    </Frame>
  );
}

interface MonthProps {
  form: Form;
  view: View;
  days: Dayjs[];
  month: Dayjs;
  today: Dayjs;
  spans: Span[];
  busy: boolean;
}

function Month({ form, view, days, month, today, spans, busy }: MonthProps) {
  const { chinese } = useSpeech();
  const narrow = useNarrow();
  const grid = useRoving<HTMLDivElement>(".lc-calendar-number, .lc-calendar-day > .lc-calendar-entry, .lc-calendar-more");
  const on = (day: Dayjs) => spans.filter(({ first, last }) => !day.isBefore(first, "day") && !day.isAfter(last, "day"));
  if (narrow) return busy ? <Sketch rows={4} /> : <Agenda form={form} view={view} days={days.filter((day) => day.month() === month.month())} on={on} />;
  return (
    <div ref={grid} className="lc-calendar" role="grid" aria-busy={busy}>
      <div role="row" className="lc-calendar-row">
        {days.slice(0, 7).map((day) => (
          <span key={day.valueOf()} role="columnheader" className="lc-calendar-name">
            {chinese ? weekday(day) : day.format("ddd")}
          </span>
        ))}
      </div>
      {[0, 1, 2, 3, 4, 5].map((week) => (
        <div key={week} role="row" className="lc-calendar-row">
          {days.slice(week * 7, week * 7 + 7).map((day) => (
            <Day key={day.valueOf()} form={form} view={view} day={day} outside={day.month() !== month.month()} now={day.isSame(today, "day")} spans={on(day)} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Day({ form, view, day, outside, now, spans }: { form: Form; view: View; day: Dayjs; outside: boolean; now: boolean; spans: Span[] }) {
  const { openForm } = useRuntime();
  const { t } = useSpeech();
  const starts = form.fields.find((each) => each.name === view.starts);
  const may = form.permissions["create"] && starts && !starts.read_only;
  const create = () => openForm({ form: form.name, preset: { [view.starts!]: starts?.type === "datetime" ? day.hour(9).toISOString() : day.format("YYYY-MM-DD") } });
  const rest = spans.slice(SHOWN);
  return (
    <div role="gridcell" className={`lc-calendar-day${outside ? " lc-outside" : ""}`} data-day={day.format("YYYY-MM-DD")}>
      <button type="button" className={now ? "lc-calendar-number lc-today" : "lc-calendar-number"} disabled={!may} aria-label={`${day.date()}, ${day.format("YYYY-MM-DD")}${may ? ` ${t("create")}` : ""}`} onClick={create}>
        {day.date()}
      </button>
      {spans.slice(0, SHOWN).map((span) => (
        <Entry key={span.record.id} form={form} view={view} span={span} day={day} />
      ))}
      {rest.length > 0 && (
        <Popover trigger="click" content={<div className="lc-calendar-rest">{rest.map((span) => <Entry key={span.record.id} form={form} view={view} span={span} day={day} />)}</div>}>
          <Button type="text" size="small" className="lc-calendar-more">
            {t("moreHere", { count: rest.length })}
          </Button>
        </Popover>
      )}
    </div>
  );
}

function Entry({ form, view, span, day }: { form: Form; view: View; span: Span; day: Dayjs }) {
  const title = titleOf(view, span.record);
  return (
    <a className="lc-calendar-entry" style={{ borderInlineStartColor: span.color }} href={recordLink(form.name, span.record.id)} title={title}>
      {span.time && day.isSame(span.first, "day") && <span className="lc-quiet lc-number">{span.time}</span>} {title}
    </a>
  );
}

/** A month on a phone: the days that hold something, one under the other. */
function Agenda({ form, view, days, on }: { form: Form; view: View; days: Dayjs[]; on: (day: Dayjs) => Span[] }) {
  const { t, chinese } = useSpeech();
  const filled = days.map((day) => ({ day, spans: on(day) })).filter(({ spans }) => spans.length > 0);
  if (filled.length === 0) return <p className="lc-quiet">{t("nothingThisMonth")}</p>;
  return (
    <ol className="lc-agenda">
      {filled.map(({ day, spans }) => (
        <li key={day.valueOf()}>
          <h3>{chinese ? `${day.format("M月D日")} ${weekday(day)}` : day.format("ddd D MMM")}</h3>
          {spans.map((span) => (
            <Entry key={span.record.id} form={form} view={view} span={span} day={day} />
          ))}
        </li>
      ))}
    </ol>
  );
}
