import { useRoving, useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from "react";
import { useRuntime } from "../runtime";
import type { Board } from "./board";
import { Entry } from "./entry";
import { Crowd, SHOWN } from "./crowd";
import { weekday } from "./month_days";
import { byDay } from "./span";
import { sideBySide, clockText, DAY, dayAt, dayText, linesIn, read, STEP, wallNow, type Wall } from "./wall";

const HOUR = 60;
/** Something short is drawn so long that it can be read and pressed. */
const LEAST = 30;
/** Where a day without working hours and without records is opened. */
const MORNING = 8 * HOUR;

interface Stretch {
  from: Wall;
  to: Wall;
}

const share = (minutes: number): string => `${(minutes / DAY) * 100}%`;

/** When the person works on some days. */
function useWorking(days: Wall[]): Stretch[] {
  const { client } = useRuntime();
  const span = { first: dayText(days[0]!), last: dayText(days.at(-1)!) };
  const found = useQuery({
    queryKey: ["hours", span.first, span.last],
    queryFn: () => client.run<{ items: { since: string; until: string }[] }>("identity.hours", span),
    staleTime: 600_000,
  });
  return (found.data?.items ?? []).map(({ since, until }) => ({ from: read(since), to: read(until) }));
}

/** The clock on the wall, looked at once a minute. */
function useClock(): Wall {
  const { now } = useRuntime();
  const [at, setAt] = useState(() => wallNow(now()));
  useEffect(() => {
    const timer = setInterval(() => setAt(wallNow(now())), 60_000);
    return () => clearInterval(timer);
  }, [now]);
  return at;
}

/** Days beside one another with their hours; what has no hours or goes on for days stands above them. */
export function Hours({ board, days, today, busy }: { board: Board; days: Wall[]; today: Wall; busy: boolean }) {
  const { t, chinese } = useSpeech();
  const roots = useRoving<HTMLDivElement>(".lc-hours-slot, .lc-calendar-entry, .lc-calendar-more");
  const scroller = useRef<HTMLDivElement>(null);
  const working = useWorking(days);
  const clock = useClock();
  const { drag } = board;
  const first = Math.min(...working.map((each) => each.from % DAY), ...board.spans.filter((each) => !each.whole).map((each) => each.from % DAY));
  const opened = useRef("");
  useLayoutEffect(() => {
    // Once for what is shown: who scrolled away stays there.
    const key = `${days[0]}/${days.length}`;
    // Days without hours have nothing to be scrolled to.
    const body = scroller.current?.querySelector<HTMLElement>(".lc-hours-body");
    if (opened.current === key || busy || !scroller.current || !body) return;
    if (Number.isFinite(first)) opened.current = key;
    scroller.current.scrollTop = (Math.max(0, (Number.isFinite(first) ? first : MORNING) - HOUR / 2) / DAY) * body.clientHeight;
  });
  const whole = useMemo(() => byDay(board.spans.filter((each) => each.whole), days), [board.spans, days]);
  // Above hours a few have their place; without hours there is room for all.
  const most = board.starts.type === "datetime" ? SHOWN : Infinity;
  const columns = { gridTemplateColumns: `48px repeat(${days.length}, minmax(0, 1fr))` };
  return (
    <div ref={(each) => { scroller.current = each; roots(each); }} className={drag ? "lc-hours lc-dragging" : "lc-hours"} aria-busy={busy}>
      <div className="lc-hours-top" style={columns}>
        <span className="lc-hours-whole-name lc-quiet">{t("calendarWhole")}</span>
        {days.map((day, at) => (
          <div key={day} className="lc-hours-whole" role="group" aria-label={`${dayText(day)} ${t("calendarWhole")}`} data-day={dayText(day)} onPointerDown={board.mayCreate && board.starts.type === "date" ? (event) => board.begin(event, "draw", DAY) : undefined}>
            <span className={day === today ? "lc-hours-day lc-hours-today" : "lc-hours-day"}>
              {weekday(dayAt(day), chinese)} <b>{dayAt(day).date()}</b>
            </span>
            <Crowd board={board} spans={whole[at]!} day={day} most={most} />
            {board.starts.type === "date" && board.mayCreate && (
              <button type="button" className="lc-hours-slot lc-hours-add" aria-label={`${dayText(day)} ${t("create")}`} onClick={() => board.create(day, day + DAY)}>
                +
              </button>
            )}
          </div>
        ))}
      </div>
      {board.starts.type === "datetime" && (
        <div className="lc-hours-body" style={columns}>
          <div className="lc-hours-scale" aria-hidden="true">
            {Array.from({ length: 23 }, (_, hour) => (
              <span key={hour} style={{ insetBlockStart: share((hour + 1) * HOUR) }}>
                {clockText((hour + 1) * HOUR)}
              </span>
            ))}
          </div>
          {days.map((day) => (
            <Column key={day} board={board} day={day} working={working} now={day === today ? clock - day : null} />
          ))}
        </div>
      )}
    </div>
  );
}

function Column({ board, day, working, now }: { board: Board; day: Wall; working: Stretch[]; now: number | null }) {
  const { t } = useSpeech();
  const { drag } = board;
  const within = <Thing extends Stretch>(things: Thing[]) => things.filter((each) => each.from < day + DAY && each.to > day).map((each) => ({ each, from: Math.max(day, each.from), to: Math.min(day + DAY, Math.max(each.to, each.from + LEAST)) }));
  const placed = sideBySide(within(board.spans.filter((each) => !each.whole)));
  const drawn = drag?.kind === "draw" ? within([drag]) : [];
  const style = ({ from, to }: Stretch) => ({ insetBlockStart: share(from - day), height: share(to - from) });
  const entry = ({ from, to }: Stretch) => ({ insetBlockStart: share(from - day), "--tall": share(to - from), "--lines": linesIn(to - from) }) as CSSProperties;
  return (
    <div className="lc-hours-column" role="group" aria-label={dayText(day)} data-day={dayText(day)} onPointerDown={board.mayCreate ? (event) => board.begin(event, "draw", STEP) : undefined}>
      {within(working).map((each) => (
        <span key={each.from} className="lc-hours-working" style={style(each)} />
      ))}
      {Array.from({ length: 24 }, (_, hour) => (
        <button key={hour} type="button" className="lc-hours-slot" disabled={!board.mayCreate} style={{ insetBlockStart: share(hour * HOUR), height: share(HOUR) }} aria-label={`${dayText(day)} ${clockText(hour * HOUR)}${board.mayCreate ? ` ${t("create")}` : ""}`} onClick={() => board.create(day + hour * HOUR, day + (hour + 1) * HOUR)} />
      ))}
      {placed.map(({ thing, column, columns }) => (
        <Entry
          key={thing.each.record.id}
          board={board}
          span={thing.each}
          day={day}
          step={STEP}
          style={{ ...entry(thing), insetInlineStart: `${(column / columns) * 100}%`, width: `calc(${100 / columns}% - 3px)` }}
        />
      ))}
      {drawn.map((each) => (
        <span key="drawn" className="lc-hours-drawn lc-number" style={style(each)}>
          {clockText(each.from)}–{clockText(each.to)}
        </span>
      ))}
      {now !== null && <span className="lc-hours-now" style={{ insetBlockStart: share(now) }} />}
    </div>
  );
}
