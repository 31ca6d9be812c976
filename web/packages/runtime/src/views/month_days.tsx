import { useRoving, useSpeech } from "@lowcode/kit";
import type { Dayjs } from "dayjs";
import { useMemo } from "react";
import type { Board } from "./board";
import { Crowd } from "./crowd";
import { byDay, type Span } from "./span";
import { DAY, dayAt, dayText, type Wall } from "./wall";

export const weekday = (day: Dayjs, chinese: boolean): string => (chinese ? `周${"日一二三四五六"[day.day()]}` : day.format("ddd"));

/** A month of records by their days. */
export function MonthDays({ board, days, month, today, busy }: { board: Board; days: Wall[]; month: number; today: Wall; busy: boolean }) {
  const { chinese } = useSpeech();
  const filled = useMemo(() => byDay(board.spans, days), [board.spans, days]);
  const grid = useRoving<HTMLDivElement>(".lc-calendar-number, .lc-calendar-day > .lc-calendar-entry, .lc-calendar-more");
  return (
    <div ref={grid} className={board.drag ? "lc-calendar lc-dragging" : "lc-calendar"} role="grid" aria-busy={busy}>
      <div role="row" className="lc-calendar-row">
        {days.slice(0, 7).map((day) => (
          <span key={day} role="columnheader" className="lc-calendar-name">
            {weekday(dayAt(day), chinese)}
          </span>
        ))}
      </div>
      {[0, 1, 2, 3, 4, 5].map((week) => (
        <div key={week} role="row" className="lc-calendar-row">
          {days.slice(week * 7, week * 7 + 7).map((day, at) => (
            <Day key={day} board={board} day={day} outside={dayAt(day).month() !== month} now={day === today} spans={filled[week * 7 + at]!} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Day({ board, day, outside, now, spans }: { board: Board; day: Wall; outside: boolean; now: boolean; spans: Span[] }) {
  const { t } = useSpeech();
  const { drag } = board;
  const drawn = drag?.kind === "draw" && day < drag.to && day + DAY > drag.from;
  const date = dayText(day);
  const kind = ["lc-calendar-day", outside && "lc-outside", drawn && "lc-drawn"].filter(Boolean).join(" ");
  return (
    <div role="gridcell" className={kind} data-day={date} onPointerDown={board.mayCreate ? (event) => board.begin(event, "draw", DAY) : undefined}>
      <button type="button" className={now ? "lc-calendar-number lc-today" : "lc-calendar-number"} disabled={!board.mayCreate} aria-label={`${dayAt(day).date()}, ${date}${board.mayCreate ? ` ${t("create")}` : ""}`} onClick={() => beginOn(board, day)}>
        {dayAt(day).date()}
      </button>
      <Crowd board={board} spans={spans} day={day} />
    </div>
  );
}

/** A record on a day that was pressed: at nine where it has hours. */
function beginOn(board: Board, day: Wall): void {
  if (board.starts.type === "datetime") board.create(day + 9 * 60, day + 10 * 60);
  else board.create(day, day + DAY);
}
