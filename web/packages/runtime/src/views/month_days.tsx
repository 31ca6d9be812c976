import { useRoving, useSpeech } from "@lowcode/kit";
import { Button, Popover } from "antd";
import type { Dayjs } from "dayjs";
import type { Board } from "./board";
import { Entry } from "./entry";
import type { Span } from "./span";
import { DAY, dayAt, dayText, type Wall } from "./wall";

const SHOWN = 3;
export const weekday = (day: Dayjs, chinese: boolean): string => (chinese ? `周${"日一二三四五六"[day.day()]}` : day.format("ddd"));

export const onDay = (spans: Span[], day: Wall): Span[] => {
  const at = dayAt(day);
  return spans.filter(({ first, last }) => !at.isBefore(first, "day") && !at.isAfter(last, "day"));
};

/** A month of records by their days. */
export function MonthDays({ board, days, month, today, busy }: { board: Board; days: Wall[]; month: number; today: Wall; busy: boolean }) {
  const { chinese } = useSpeech();
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
          {days.slice(week * 7, week * 7 + 7).map((day) => (
            <Day key={day} board={board} day={day} outside={dayAt(day).month() !== month} now={day === today} spans={onDay(board.spans, day)} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Day({ board, day, outside, now, spans }: { board: Board; day: Wall; outside: boolean; now: boolean; spans: Span[] }) {
  const { t } = useSpeech();
  const { drag } = board;
  const rest = spans.slice(SHOWN);
  const drawn = drag?.kind === "draw" && day < drag.to && day + DAY > drag.from;
  const date = dayText(day);
  const kind = ["lc-calendar-day", outside && "lc-outside", drawn && "lc-drawn"].filter(Boolean).join(" ");
  return (
    <div role="gridcell" className={kind} data-day={date} onPointerDown={board.mayCreate ? (event) => board.begin(event, "draw", DAY) : undefined}>
      <button type="button" className={now ? "lc-calendar-number lc-today" : "lc-calendar-number"} disabled={!board.mayCreate} aria-label={`${dayAt(day).date()}, ${date}${board.mayCreate ? ` ${t("create")}` : ""}`} onClick={() => beginOn(board, day)}>
        {dayAt(day).date()}
      </button>
      {spans.slice(0, SHOWN).map((span) => (
        <Entry key={span.record.id} board={board} span={span} day={day} step={DAY} />
      ))}
      {rest.length > 0 && (
        <Popover trigger="click" content={<div className="lc-calendar-rest">{rest.map((span) => <Entry key={span.record.id} board={board} span={span} day={day} step={DAY} />)}</div>}>
          <Button type="text" size="small" className="lc-calendar-more" onPointerDown={(event) => event.stopPropagation()}>
            {t("moreHere", { count: rest.length })}
          </Button>
        </Popover>
      )}
    </div>
  );
}

/** A record on a day that was pressed: at nine where it has hours. */
function beginOn(board: Board, day: Wall): void {
  if (board.starts.type === "datetime") board.create(day + 9 * 60, day + 10 * 60);
  else board.create(day, day + DAY);
}
