import { LockOutlined, WarningFilled } from "@ant-design/icons";
import { Badge, decimal, Opened, Person, recordLink, useRoving, useSpeech } from "@lowcode/kit";
import { Popover } from "antd";
import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from "react";
import type { Board } from "./board";
import { Card } from "./entry";
import { laid, loadOn, type Laid, type Measure } from "./lanes";
import { weekday } from "./month_days";
import type { Row } from "./resource_rows";
import { titleOf, whenOf, type Span } from "./span";
import { clockText, DAY, dayAt, dayText, STEP, written, type Wall } from "./wall";

export interface Drawn {
  board: Board;
  rows: Row[];
  /** What stands in each row, by its key. */
  taken: ReadonlyMap<string, Span[]>;
  days: Wall[];
  today: Wall;
  measure: Measure;
  /** How much a row takes on a day. */
  capacity?: number;
}

const HOUR = 60;
/** The working day begins for what is begun by a press on a day. */
const MORNING = 9 * HOUR;
const NONE: Span[] = [];

/** Rows beside the days of a week or a month, or the hours of a day. */
export function ResourceSheet({ hours, ...drawn }: Drawn & { hours: boolean }) {
  const { chinese } = useSpeech();
  const { board, rows, taken, days, today } = drawn;
  const roots = useRoving<HTMLDivElement>(".lc-resource-slot, .lc-resource-bar, .lc-resource-name a");
  const places = useMemo<Wall[]>(() => (hours ? Array.from({ length: 24 }, (_, hour) => days[0]! + hour * HOUR) : days), [days, hours]);
  const style = { "--lc-places": places.length, "--lc-least": hours ? "72px" : places.length > 7 ? "40px" : "96px" } as CSSProperties;
  const many = places.length > 7;
  const sheet = useRef<HTMLDivElement>(null);
  const opened = useRef("");
  const first = useMemo(() => Math.min(days[0]! + MORNING, ...[...taken.values()].flat().filter((each) => each.from >= days[0]!).map((each) => each.from)), [days, taken]);
  useLayoutEffect(() => {
    // Once for what is shown: who scrolled away stays there.
    const key = `${places[0]}/${places.length}`;
    if (opened.current === key || !sheet.current) return;
    opened.current = key;
    const at = hours ? (first - days[0]!) / HOUR : days.includes(today) ? (today - days[0]!) / DAY : 0;
    const line = sheet.current.querySelector(".lc-resource-line");
    sheet.current.scrollLeft = Math.max(0, ((line?.scrollWidth ?? 0) / places.length) * (at - 1));
  });
  return (
    <div ref={(each) => { sheet.current = each; roots(each); }} className={["lc-resource", many && !hours && "lc-resource-many", board.drag && "lc-dragging"].filter(Boolean).join(" ")} style={style}>
      <div className="lc-resource-head" aria-hidden="true">
        <span className="lc-resource-name" />
        <span className="lc-resource-line">
          {places.map((place) => (
            <span key={place} className={["lc-resource-day", place === today && !hours && "lc-resource-today", !hours && dayAt(place).day() % 6 === 0 && "lc-resource-rest"].filter(Boolean).join(" ")}>
              {hours ? clockText(place) : many ? <><small>{weekday(dayAt(place), chinese).replace("周", "").slice(0, 2)}</small> {dayAt(place).date()}</> : <>{weekday(dayAt(place), chinese)} <b>{dayAt(place).date()}</b></>}
            </span>
          ))}
        </span>
      </div>
      {rows.map((row) => (
        <Line key={row.key} {...drawn} row={row} spans={taken.get(row.key) ?? NONE} places={places} hours={hours} />
      ))}
    </div>
  );
}

function Line({ board, row, spans, places, days, today, hours, measure, capacity }: Drawn & { row: Row; spans: Span[]; places: Wall[]; hours: boolean }) {
  const { t } = useSpeech();
  const { drag } = board;
  const first = days[0]!;
  const end = days.at(-1)! + DAY;
  const bars = useMemo(() => laid(spans, first, end, hours), [spans, first, end, hours]);
  const loads = useMemo(() => days.map((day) => loadOn(spans, day, measure)), [days, measure, spans]);
  const drawing = drag?.kind === "draw" && drag.row === row.key ? drag : null;
  const lanes = bars.reduce((most, each) => Math.max(most, each.lane + 1), 1);
  const step = hours ? STEP : DAY;
  const begin = (place: Wall) => {
    if (hours) board.create(place, place + HOUR, row.key);
    else if (board.starts.type === "datetime") board.create(place + MORNING, place + MORNING + HOUR, row.key);
    else board.create(place, place + DAY, row.key);
  };
  const over = drag?.kind === "move" && drag.row === row.key;
  return (
    <div className={over ? "lc-resource-row lc-resource-over" : "lc-resource-row"} role="group" aria-label={row.name} data-row={row.key}>
      <Name row={row} load={loads.reduce((sum, each) => sum + each, 0)} measure={measure} over={capacity !== undefined && loads.some((each) => each > capacity)} />
      <div className="lc-resource-line" style={{ "--lc-lanes": lanes } as CSSProperties} onPointerDown={board.mayCreate ? (event) => board.begin(event, "draw", step) : undefined}>
        {places.map((place, at) => {
          const load = hours ? 0 : loads[at]!;
          const words = hours ? clockText(place) : dayText(place);
          return (
            <div key={place} className={["lc-resource-cell", place === today && !hours && "lc-resource-today", !hours && dayAt(place).day() % 6 === 0 && "lc-resource-rest"].filter(Boolean).join(" ")} data-day={hours ? written(place).slice(0, 16) : words} data-lasts={hours ? HOUR : DAY}>
              <button type="button" className="lc-resource-slot" disabled={!board.mayCreate} aria-label={`${row.name} ${words}${board.mayCreate ? ` ${t("create")}` : ""}`} onClick={() => begin(place)} />
              {load > 0 && <Load load={load} measure={measure} capacity={capacity} />}
            </div>
          );
        })}
        {bars.map((bar) => (
          <Bar key={bar.span.record.id} board={board} bar={bar} step={step} timed={!hours && places.length <= 7} />
        ))}
        {drawing && <span className="lc-resource-drawn" style={placed({ from: (drawing.from - first) / (end - first), to: (drawing.to - first) / (end - first), lane: 0 })} />}
      </div>
    </div>
  );
}

export function Name({ row, load, measure, over }: { row: Row; load: number; measure: Measure; over: boolean }) {
  const called = row.person ? <Person name={row.name} /> : row.color ? <Badge color={row.color}>{row.name}</Badge> : row.name;
  return (
    <div className="lc-resource-name" title={row.name}>
      <span className={row.value === null ? "lc-ellipsis lc-quiet" : "lc-ellipsis"}>{row.href ? <a href={row.href}>{called}</a> : called}</span>
      {load > 0 && <Load load={load} measure={measure} warned={over} />}
    </div>
  );
}

/** How much stands there; more than it takes is marked, and said. */
export function Load({ load, measure, capacity, warned }: { load: number; measure: Measure; capacity?: number; warned?: boolean }) {
  const { t } = useSpeech();
  const many = decimal(load, null);
  const words = measure.by === "hours" ? t("resourceHours", { count: many }) : many;
  const over = capacity !== undefined && load > capacity;
  const title = over ? t("resourceOver", { capacity: decimal(capacity, null) }) : undefined;
  return (
    <span className={over || warned ? "lc-resource-load lc-resource-much" : "lc-resource-load"} title={title}>
      {(over || warned) && <WarningFilled aria-hidden />} {words}
      {title && <span className="lc-hidden">{title}</span>}
    </span>
  );
}

const placed = ({ from, to, lane }: Pick<Laid, "from" | "to" | "lane">): CSSProperties => ({ insetInlineStart: `${from * 100}%`, width: `calc(${(to - from) * 100}% - 3px)`, "--lc-lane": lane }) as CSSProperties;

/** A record in its row: dragged it goes to another time and row, at its end it lasts longer; pressed it says more. */
function Bar({ board, bar, step, timed }: { board: Board; bar: Laid; step: number; timed: boolean }) {
  const { chinese } = useSpeech();
  const [open, setOpen] = useState(false);
  const { span } = bar;
  const { record } = span;
  const title = titleOf(board.view, record);
  const still = board.fixed(span, "move");
  const fixed = still && board.fixed(span, "row") !== "";
  const moving = board.drag?.span?.record.id === record.id;
  const when = whenOf(span, chinese);
  const kind = ["lc-calendar-entry", "lc-resource-bar", fixed && "lc-fixed", moving && "lc-moving", bar.since && "lc-resource-since", bar.on && "lc-resource-on"].filter(Boolean).join(" ");
  const late = !bar.on && !board.fixed(span, "end") && !still;
  return (
    <Popover open={open} onOpenChange={(next) => setOpen(next && !board.drag)} trigger="click" destroyOnHidden content={<Opened><Card board={board} span={span} title={title} close={() => setOpen(false)} /></Opened>}>
      <a
        className={kind}
        style={{ ...placed(bar), borderInlineStartColor: span.color, "--lc-bar": span.color } as CSSProperties}
        href={recordLink(board.form.name, record.id)}
        title={fixed ? `${title}\n${still}` : `${title}\n${when}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        draggable={false}
        data-record={record.id}
        onPointerDown={(event) => (fixed ? event.stopPropagation() : board.begin(event, "move", step, span))}
        onClick={(event) => {
          if (!event.ctrlKey && !event.metaKey && !event.shiftKey) event.preventDefault();
        }}
      >
        {fixed && <LockOutlined aria-hidden />} {timed && span.time && !bar.since && <span className="lc-quiet lc-number">{span.time}</span>} {title}
        <span className="lc-hidden">{`${chinese ? "，" : ", "}${when}`}</span>
        {late && <span className="lc-resource-edge" aria-hidden="true" onPointerDown={(event) => board.begin(event, "end", step, span)} />}
      </a>
    </Popover>
  );
}
