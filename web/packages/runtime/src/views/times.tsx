import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useNarrow, useSpeech, type Speech } from "@lowcode/kit";
import { Button, Segmented } from "antd";
import type { ReactNode } from "react";
import type { ListState } from "../grid/state";
import { useRuntime } from "../runtime";
import { weekday } from "./month_days";
import { dayAt, startOf, wallNow, type Wall } from "./wall";
import { rangeOf, SHOWS, stepped, timeIn, timesOf, type Shows, type Time } from "./when";

const WORDS = { month: "spanMonth", week: "spanWeek", day: "spanDay" } as const;

interface Times {
  time: Time;
  today: Wall;
  /** What goes to another time, where the toolbar has room for it. */
  tools: ReactNode | undefined;
  /** What is shown in words, and what chooses a month, a week or a day. */
  head: ReactNode;
}

/** What a view by time shows, as the address says, with what moves it. */
export function useTimes(state: ListState, usual: Shows, beside?: ReactNode): Times {
  const speech = useSpeech();
  const { t } = speech;
  const { now } = useRuntime();
  const narrow = useNarrow();
  const today = startOf(wallNow(now()));
  const time = timeIn(state.at, usual, today);
  const { shows, at } = time;
  const { first, last } = rangeOf(shows, at);
  const show = (to: Time) => state.change({ at: timesOf(to.shows, to.at, usual, today) });
  const move = (
    <span className="lc-calendar-move">
      <Button icon={<LeftOutlined />} aria-label={t("earlier")} onClick={() => show({ shows, at: stepped(time, -1) })} />
      <Button onClick={() => show({ shows, at: today })}>{t("today")}</Button>
      <Button icon={<RightOutlined />} aria-label={t("later")} onClick={() => show({ shows, at: stepped(time, 1) })} />
    </span>
  );
  // From a month on which today is, to the week and the day of it.
  const within = (to: Shows) => (shows === "month" && first <= today && today <= last && to !== "month" ? today : at);
  const head = (
    <div className="lc-calendar-head">
      <h2 className="lc-calendar-title" aria-live="polite">
        {titleFor(time, speech)}
      </h2>
      <span className="lc-calendar-tools">
        {beside}
        <Segmented size={narrow ? "middle" : "small"} aria-label={t("spanShown")} value={shows} options={SHOWS.map((value) => ({ value, label: t(WORDS[value]) }))} onChange={(to) => show({ shows: to, at: within(to) })} />
        {narrow && move}
      </span>
    </div>
  );
  return { time, today, tools: narrow ? undefined : move, head };
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
