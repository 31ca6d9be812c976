import { useSpeech } from "@lowcode/kit";
import type { Board } from "./board";
import { Entry } from "./entry";
import { weekday } from "./month_days";
import { byDay } from "./span";
import { DAY, dayAt, type Wall } from "./wall";

/** A month or a week on a phone: the days that hold something, one under the other. */
export function Agenda({ board, days, nothing }: { board: Board; days: Wall[]; nothing: string }) {
  const { chinese } = useSpeech();
  const filled = byDay(board.spans, days).map((spans, at) => ({ day: days[at]!, spans })).filter(({ spans }) => spans.length > 0);
  if (filled.length === 0) return <p className="lc-quiet">{nothing}</p>;
  return (
    <ol className="lc-agenda">
      {filled.map(({ day, spans }) => (
        <li key={day}>
          <h3>{chinese ? `${dayAt(day).format("M月D日")} ${weekday(dayAt(day), chinese)}` : dayAt(day).format("ddd D MMM")}</h3>
          {spans.map((span) => (
            <Entry key={span.record.id} board={board} span={span} day={day} step={DAY} />
          ))}
        </li>
      ))}
    </ol>
  );
}
