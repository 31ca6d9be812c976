import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Failure, Sketch, useNarrow, useSpeech, type Speech } from "@lowcode/kit";
import type { Field, Form, View } from "@lowcode/protocol";
import { Button, Segmented } from "antd";
import { useMemo } from "react";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { Agenda } from "./agenda";
import { useBoard } from "./board";
import { Frame } from "./frame";
import { Hours } from "./hours";
import { MonthDays, weekday } from "./month_days";
import { spansOf, touching } from "./span";
import { dayAt, startOf, wallNow } from "./wall";
import { daysOf, rangeOf, SHOWS, stepped, timeIn, timesOf, type Shows, type Time } from "./when";

const WORDS = { month: "spanMonth", week: "spanWeek", day: "spanDay" } as const;

/** Records by their time: a month, a week or a day, as the address says. They are dragged to another time, and a new one
 * begins where nothing is. */
export default function Calendar({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const starts = form.fields.find((each) => each.name === view.starts);
  return starts ? <Shown form={form} view={view} state={state} starts={starts} /> : null;
}

function Shown({ form, view, state, starts }: { form: Form; view: View; state: ListState; starts: Field }) {
  const speech = useSpeech();
  const { t } = speech;
  const { now } = useRuntime();
  const narrow = useNarrow();
  const today = startOf(wallNow(now()));
  const usual: Shows = narrow ? "day" : (view.shows ?? "month");
  const time = timeIn(state.at, usual, today);
  const { shows, at } = time;
  const days = useMemo(() => daysOf(shows, at), [shows, at]);
  const { first, last } = rangeOf(shows, at);
  const where = [touching(form, view, dayAt(days[0]!), dayAt(days.at(-1)!)), state.where].filter(Boolean).join(" and ");
  const fields = [view.starts!, ...(view.ends ? [view.ends] : []), ...(view.by ? [view.by] : []), ...(view.card ?? [])];
  const records = useRecords({ form, ...state.asked, where, sort: view.starts, fields, limit: 500, count: false });
  const plain = useMemo(() => spansOf(form, view, records.items), [form, view, records.items]);
  const pages = useMemo(() => records.data?.pages.map((page) => page.items) ?? [], [records.data]);
  const board = useBoard(form, view, starts, pages, plain);
  const show = (to: Time) => state.change({ at: timesOf(to.shows, to.at, usual, today) });
  const tools = (
    <span className="lc-calendar-move">
      <Button icon={<LeftOutlined />} aria-label={t("earlier")} onClick={() => show({ shows, at: stepped(time, -1) })} />
      <Button onClick={() => show({ shows, at: today })}>{t("today")}</Button>
      <Button icon={<RightOutlined />} aria-label={t("later")} onClick={() => show({ shows, at: stepped(time, 1) })} />
    </span>
  );
  // From a month on which today is, to the week and the day of it.
  const within = (to: Shows) => (shows === "month" && first <= today && today <= last && to !== "month" ? today : at);
  const meant = days.filter((day) => day >= first && day <= last);
  return (
    <Frame form={form} state={state} tools={narrow ? undefined : tools}>
      <div className="lc-calendar-head">
        <h2 className="lc-calendar-title" aria-live="polite">
          {titleFor(time, speech)}
        </h2>
        <span className="lc-calendar-tools">
          <Segmented size={narrow ? "middle" : "small"} aria-label={t("spanShown")} value={shows} options={SHOWS.map((value) => ({ value, label: t(WORDS[value]) }))} onChange={(to) => show({ shows: to, at: within(to) })} />
          {narrow && tools}
        </span>
      </div>
      {records.hasNextPage && <p className="lc-quiet" role="status">{t("calendarCut")}</p>}
      <div
        ref={board.place}
        onKeyDown={(event) => {
          if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || (event.target as HTMLElement).matches("input, textarea")) return;
          event.preventDefault();
          board.undo();
        }}
      >
        {records.error ? (
          <Failure error={records.error} retry={() => void records.refetch()} />
        ) : narrow && shows !== "day" ? (
          records.isPending ? <Sketch rows={4} /> : <Agenda board={board} days={meant} nothing={t(shows === "week" ? "nothingThisWeek" : "nothingThisMonth")} />
        ) : shows === "month" ? (
          <MonthDays board={board} days={days} month={dayAt(at).month()} today={today} busy={records.isPending} />
        ) : (
          <Hours board={board} days={days} today={today} busy={records.isPending} />
        )}
      </div>
    </Frame>
  );
}

function titleFor({ shows, at }: Time, { chinese }: Speech): string {
  if (shows === "month") return dayAt(at).format(chinese ? "YYYY年M月" : "MMMM YYYY");
  const { first, last } = rangeOf(shows, at);
  const day = dayAt(first);
  if (shows === "day") return chinese ? `${day.format("YYYY年M月D日")} ${weekday(day, true)}` : day.format("ddd, D MMMM YYYY");
  const end = dayAt(last);
  if (chinese) return `${day.format("YYYY年M月D日")} – ${end.format(end.month() === day.month() ? "D日" : "M月D日")}`;
  return `${day.format(end.month() === day.month() ? "D" : "D MMM")} – ${end.format("D MMM YYYY")}`;
}
