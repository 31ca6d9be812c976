import { Failure, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Form, View } from "@lowcode/protocol";
import { useMemo } from "react";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { Agenda } from "./agenda";
import { useBoard } from "./board";
import { Frame } from "./frame";
import { Hours } from "./hours";
import { Legend } from "./legend";
import { MonthDays } from "./month_days";
import { spansOf, touching } from "./span";
import { useTimes } from "./times";
import { Undone } from "./undone";
import { dayAt } from "./wall";
import { daysOf, rangeOf, type Shows } from "./when";

/** Records by their time: a month, a week or a day, as the address says. They are dragged to another time, and a new one
 * begins where nothing is. */
export default function Calendar({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const starts = form.fields.find((each) => each.name === view.starts);
  return starts ? <Shown form={form} view={view} state={state} starts={starts} /> : null;
}

function Shown({ form, view, state, starts }: { form: Form; view: View; state: ListState; starts: Field }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const usual: Shows = narrow ? "day" : (view.shows ?? "month");
  const { time, today, tools, head } = useTimes(state, usual);
  const { shows, at } = time;
  const days = useMemo(() => daysOf(shows, at), [shows, at]);
  const { first, last } = rangeOf(shows, at);
  const where = [touching(form, view, dayAt(days[0]!), dayAt(days.at(-1)!)), state.where].filter(Boolean).join(" and ");
  const fields = [view.starts!, ...(view.ends ? [view.ends] : []), ...(view.by ? [view.by] : []), ...(view.card ?? [])];
  const records = useRecords({ form, ...state.asked, where, sort: view.starts, fields, limit: 500, count: false });
  const plain = useMemo(() => spansOf(form, view, records.items), [form, view, records.items]);
  const pages = useMemo(() => records.data?.pages.map((page) => page.items) ?? [], [records.data]);
  const board = useBoard(form, view, starts, pages, plain);
  const meant = days.filter((day) => day >= first && day <= last);
  return (
    <Frame form={form} state={state} tools={tools}>
      {head}
      <Legend by={form.fields.find((each) => each.name === view.by)} records={records.items} />
      {records.hasNextPage && <p className="lc-quiet" role="status">{t("calendarCut")}</p>}
      <Undone board={board}>
        {records.error ? (
          <Failure error={records.error} retry={() => void records.refetch()} />
        ) : narrow && shows !== "day" ? (
          records.isPending ? <Sketch rows={4} /> : <Agenda board={board} days={meant} nothing={t(shows === "week" ? "nothingThisWeek" : "nothingThisMonth")} />
        ) : shows === "month" ? (
          <MonthDays board={board} days={days} month={dayAt(at).month()} today={today} busy={records.isPending} />
        ) : (
          <Hours board={board} days={days} today={today} busy={records.isPending} />
        )}
      </Undone>
    </Frame>
  );
}
