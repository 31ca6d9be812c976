import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { brief, useRoving, useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useMemo, useState } from "react";
import { Section } from "../connections/mapping";
import { useDesign } from "../design";
import type { Node, Path } from "../tree";
import { said } from "./days";
import { Notice } from "./notice";

interface Day {
  day: string;
  worked: boolean;
  why: "usual" | "public" | "swapped" | "holiday" | "workday";
}

interface Year {
  year: number;
  settled: boolean;
  days: Day[];
  working_days: number;
  hours: number;
  people: number;
}

const LEGEND = ["usual", "weekend", "public", "swapped", "holiday", "workday"] as const;
const faceOf = ({ why, worked }: Day): (typeof LEGEND)[number] => (why === "usual" && !worked ? "weekend" : why);

interface Props {
  calendar: string | null;
  place: Path;
  /** The document as it stood when it was last looked at. */
  document: Node;
  today: string;
  put: (document: Node) => void;
}

/** A year by a calendar: which days are worked and why; one that is pressed is made free, or worked. */
export function YearAtAGlance({ calendar, place, document, today, put }: Props) {
  const { client } = useRuntime();
  const design = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const [year, setYear] = useState(Number(today.slice(0, 4)));
  const asked = { document, year, ...(calendar === null ? {} : { calendar }) };
  const faulty = design.findings.length > 0;
  const found = useQuery({ queryKey: ["calendar-year", asked], queryFn: ({ signal }) => client.run<Year>("app.calendar_year", asked, { signal }), enabled: !faulty, placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false });
  const answer = found.data;
  const grid = useRoving<HTMLDivElement>(".lc-year-day");
  const months = useMemo(() => byMonth(answer?.days ?? []), [answer]);
  return (
    <Section title={t("calendarYear")} hint={t("calendarYearHint")}>
      <div className="lc-year-tools">
        <Button icon={<LeftOutlined />} aria-label={t("calendarBefore")} onClick={() => setYear(year - 1)} />
        <strong className="lc-number">{year}</strong>
        <Button icon={<RightOutlined />} aria-label={t("calendarAfter")} onClick={() => setYear(year + 1)} />
        {answer && <span className="lc-quiet" role="status">{t("calendarSum", { days: answer.working_days, hours: answer.hours, people: answer.people })}</span>}
        <span className="lc-grow" />
        <Notice year={year} place={place} put={put} />
      </div>
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {answer && !answer.settled && <p className="lc-design-warned">{t("calendarUnsettled", { year })}</p>}
      <ul className="lc-year-legend">{LEGEND.map((each) => <li key={each}><span className={`lc-year-${each}`} aria-hidden="true" />{t(`calendarDay_${each}`)}</li>)}</ul>
      <div className="lc-year" ref={grid}>
        {months.map((days, month) => <Month key={month} days={days} today={today} put={(day, what) => put(said(design.document, place, day, what))} />)}
      </div>
    </Section>
  );
}

function byMonth(days: Day[]): Day[][] {
  const found: Day[][] = [];
  for (const each of days) (found[Number(each.day.slice(5, 7)) - 1] ??= []).push(each);
  return found;
}

/** Monday is the first of a week. */
const columnOf = (day: string): number => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

function Month({ days, today, put }: { days: Day[]; today: string; put: (day: string, what: "holidays" | "workdays" | null) => void }) {
  const { t, locale } = useSpeech();
  const first = days[0];
  if (!first) return null;
  const utc = (day: string) => new Date(`${day}T00:00:00Z`);
  const title = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(utc(first.day));
  const long = new Intl.DateTimeFormat(locale, { month: "long", day: "numeric", weekday: "long", timeZone: "UTC" });
  return (
    <section className="lc-year-month" aria-label={title}>
      <h3>{title}</h3>
      <div>
        {[1, 2, 3, 4, 5, 6, 0].map((each) => <span key={each} className="lc-quiet" aria-hidden="true">{t(`calendarWeekday${each}` as TextKey)}</span>)}
        {days.map((each, place) => <OneDay key={each.day} day={each} column={place === 0 ? columnOf(each.day) : undefined} label={`${long.format(utc(each.day))}${t("colon")}${t(`calendarDay_${faceOf(each)}`)}`} today={each.day === today} put={put} />)}
      </div>
    </section>
  );
}

function OneDay({ day, column, label, today, put }: { day: Day; column: number | undefined; label: string; today: boolean; put: (day: string, what: "holidays" | "workdays" | null) => void }) {
  const { t } = useSpeech();
  const own = day.why === "holiday" || day.why === "workday";
  const items = [
    { key: "free", label: t("calendarMakeFree"), disabled: day.why === "holiday", onClick: () => put(day.day, "holidays") },
    { key: "worked", label: t("calendarMakeWorked"), disabled: day.why === "workday", onClick: () => put(day.day, "workdays") },
    ...(own ? [{ key: "usual", label: t("calendarMakeUsual"), onClick: () => put(day.day, null) }] : []),
  ];
  return (
    <Dropdown autoFocus trigger={["click"]} menu={{ items }}>
      <button type="button" className={`lc-year-day lc-year-${faceOf(day)}${today ? " lc-year-today" : ""}`} style={column ? { gridColumnStart: column } : undefined} aria-label={label} title={label}>{Number(day.day.slice(8))}</button>
    </Dropdown>
  );
}
