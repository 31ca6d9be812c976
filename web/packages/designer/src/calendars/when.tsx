import { brief, inZone, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DatePicker, InputNumber } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Section } from "../connections/mapping";
import { useDesign } from "../design";
import { at, type Node, type Path } from "../tree";

interface Over {
  at: string;
  zone: string;
  spans: { since: string; until: string; hours: number }[];
}

const WALL = "YYYY-MM-DDTHH:mm:ss";

/** What the clocks of a zone show at an instant, to the minute; of one that is not known those of the app. */
function wallAt(instant: Date, zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(instant).replace(" ", "T") + ":00";
  } catch {
    return inZone(instant).second(0).format(WALL);
  }
}

/** When so many working hours are over, counted by the calendar as it stands. */
export function WhenOver({ calendar, place, document }: { calendar: string | null; place: Path; document: Node }) {
  const { client, now } = useRuntime();
  const { findings } = useDesign();
  const speech = useSpeech();
  const { t, locale } = speech;
  const own = at(document, [...place, "zone"]) ?? document["zone"];
  const [opened] = useState(now);
  const [given, setSince] = useState<string | null>(null);
  const since = given ?? wallAt(opened, typeof own === "string" ? own : undefined);
  const [hours, setHours] = useState(8);
  const asked = { document, since, hours, ...(calendar === null ? {} : { calendar }) };
  const faulty = findings.length > 0;
  const found = useQuery({ queryKey: ["calendar-when", asked], queryFn: ({ signal }) => client.run<Over>("app.calendar_when", asked, { signal }), enabled: !faulty, placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false });
  const zone = found.data?.zone;
  const told = (instant: string, full = true) => new Intl.DateTimeFormat(locale, { ...(full ? { dateStyle: "full" as const } : {}), timeStyle: "short", ...(zone ? { timeZone: zone } : {}) }).format(new Date(instant));
  return (
    <Section title={t("calendarWhen")} hint={t("calendarWhenHint")}>
      <div className="lc-calendar-when">
        <span>{t("calendarFrom")}</span>
        <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" allowClear={false} needConfirm={false} aria-label={t("calendarFrom")} value={dayjs(since)} onChange={(next) => next && setSince(next.format(WALL))} />
        <InputNumber min={0.25} max={2000} step={1} aria-label={t("calendarHoursCount")} value={hours} onChange={(next) => next !== null && setHours(next)} />
        <span>{t("calendarHoursLater")}</span>
      </div>
      {found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {!faulty && found.data && !found.error && (
        <div role="status">
          <p className="lc-calendar-over"><strong>{told(found.data.at)}</strong></p>
          <ul className="lc-score-moves">
            {found.data.spans.map((each) => <li key={each.since}><span>{told(each.since)} – {told(each.until, false)}</span><span className="lc-number">{t("calendarSpan", { hours: each.hours })}</span></li>)}
          </ul>
        </div>
      )}
    </Section>
  );
}
