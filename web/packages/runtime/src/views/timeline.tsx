import { Failure, Nothing, recordLink, Sketch, useNarrow, useRoving, useSpeech } from "@lowcode/kit";
import type { Form, View } from "@lowcode/protocol";
import { Segmented } from "antd";
import type { Dayjs } from "dayjs";
import { useMemo } from "react";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { Frame } from "./frame";
import { Legend } from "./legend";
import { useMonth } from "./month";
import { spansOf, titleOf, touching } from "./span";
import { DAY, dayText, wallOfDay } from "./wall";

const SPANS = [
  [1, "spanMonth"],
  [3, "spanQuarter"],
  [12, "spanYear"],
] as const;

/** Records as bars from where they begin to where they end, over a month, three, or a year. */
export default function Timeline({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { t, chinese } = useSpeech();
  const bars = useRoving<HTMLDivElement>(".lc-bars-row");
  const narrow = useNarrow();
  const { month: first, today, tools, span: count, widen } = useMonth(state, 3);
  const last = first.add(count, "month").subtract(1, "day");
  const start = wallOfDay(first);
  const total = last.diff(first, "day") + 1;
  const where = [touching(form, view, first, last), state.where].filter(Boolean).join(" and ");
  const fields = [view.starts!, view.ends!, ...(view.by ? [view.by] : []), ...(view.card ?? [])];
  const records = useRecords({ form, ...state.asked, where, sort: state.sort || view.starts, fields, limit: 100 });
  const spans = useMemo(() => spansOf(form, view, records.items), [form, view, records.items]);
  const share = (days: number) => `${(Math.max(0, Math.min(total, days)) / total) * 100}%`;
  const months = Array.from({ length: count }, (_, index) => first.add(index, "month"));
  const here = today.diff(first, "day");
  const format = chinese ? "YYYY年M月" : "MMM YYYY";
  const called = (month: Dayjs) => {
    if (count <= 3) return month.format(!narrow || count === 1 ? format : chinese ? "M月" : "MMM"); // the title says the year
    if (narrow) return month.format("M");
    if (month.month() === 0) return month.format(chinese ? "YYYY年" : "YYYY");
    return month.format(chinese ? "M月" : "MMM");
  };
  return (
    <Frame form={form} state={state} tools={tools}>
      <div className="lc-calendar-head">
        <h2 className="lc-calendar-title" aria-live="polite">
          {count === 1 ? first.format(format) : `${first.format(format)} – ${last.format(format)}`}
        </h2>
        <Segmented size="small" aria-label={t("spanShown")} value={count} options={SPANS.map(([value, words]) => ({ value, label: t(words) }))} onChange={widen} />
      </div>
      <Legend by={form.fields.find((each) => each.name === view.by)} records={records.items} />
      {records.error ? (
        <Failure error={records.error} retry={() => void records.refetch()} />
      ) : (
        <div ref={bars} className="lc-bars" role="list">
          <div className="lc-bars-head" aria-hidden="true">
            <span />
            <span className="lc-bars-scale">
              {months.map((month) => (
                <span key={month.valueOf()} style={{ width: share(month.daysInMonth()) }}>
                  {called(month)}
                </span>
              ))}
            </span>
          </div>
          {spans.map((span) => {
            const from = Math.max(0, (span.first - start) / DAY);
            const to = Math.min(total, (span.last - start) / DAY + 1);
            const words = `${dayText(span.first)} ～ ${dayText(span.last)}`;
            return (
              <a key={span.record.id} role="listitem" className="lc-bars-row" href={recordLink(form.name, span.record.id)} title={`${titleOf(view, span.record)} ${words}`}>
                <span className="lc-ellipsis">{titleOf(view, span.record)}</span>
                <span className="lc-bars-line">
                  {here >= 0 && here < total && <span className="lc-bars-today" style={{ insetInlineStart: share(here) }} />}
                  <span className={["lc-bar", span.first < start ? "lc-bar-since" : "", span.last >= start + total * DAY ? "lc-bar-on" : ""].filter(Boolean).join(" ")} style={{ insetInlineStart: share(from), width: share(to - from), background: span.color }} />
                </span>
              </a>
            );
          })}
          {records.isPending && <Sketch rows={8} />}
          {spans.length === 0 && !records.isPending && <Nothing small title={t("nothingHere")} />}
          <More records={records} />
        </div>
      )}
    </Frame>
  );
}
