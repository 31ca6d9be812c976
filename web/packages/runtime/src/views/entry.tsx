import { LockOutlined } from "@ant-design/icons";
import { Opened, recordLink, useNarrow, useSpeech } from "@lowcode/kit";
import { isReference } from "@lowcode/protocol";
import { Button, Popover } from "antd";
import { useState, type CSSProperties } from "react";
import type { Put } from "./moves";
import { DateInput } from "../widgets/inputs/date";
import { DatetimeInput } from "../widgets/inputs/datetime";
import type { Along, Board } from "./board";
import { hoursOf, restOf, titleOf, usualOf, whenOf, type Span } from "./span";
import { DAY, startOf, STEP, valueAt, wallOf, type Wall } from "./wall";

interface EntryProps {
  board: Board;
  span: Span;
  /** The day it stands on. */
  day: Wall;
  /** What it is dragged over. */
  step: number;
  style?: CSSProperties;
}

/** A record in a calendar: dragged it moves, at its lower edge its end does; pressed it says more, and can be opened or
 * given another time without dragging. */
export function Entry({ board, span, day, step, style }: EntryProps) {
  const { chinese } = useSpeech();
  const [open, setOpen] = useState(false);
  const { record } = span;
  const title = titleOf(board.view, record);
  const fixed = board.fixed(span, "move");
  const moving = board.drag?.span?.record.id === record.id;
  const hours = style !== undefined;
  const late = hours && !board.fixed(span, "end");
  const kind = ["lc-calendar-entry", hours && "lc-hours-entry", fixed && "lc-fixed", moving && "lc-moving"].filter(Boolean).join(" ");
  const when = whenOf(span, chinese);
  const time = hours ? hoursOf(span) : day === startOf(span.from) ? span.time : "";
  return (
    <Popover open={open} onOpenChange={(next) => setOpen(next && !board.drag)} trigger="click" destroyOnHidden content={<Opened><Card board={board} span={span} title={title} close={() => setOpen(false)} /></Opened>}>
      <a
        className={kind}
        style={{ ...style, borderInlineStartColor: span.color }}
        href={recordLink(board.form.name, record.id)}
        title={fixed ? `${title}\n${fixed}` : `${title}\n${when}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        draggable={false}
        data-record={record.id}
        onPointerDown={(event) => (fixed ? event.stopPropagation() : board.begin(event, "move", step, span, day))}
        onClick={(event) => {
          if (!event.ctrlKey && !event.metaKey && !event.shiftKey) event.preventDefault();
        }}
      >
        <span className={hours ? "lc-hours-words" : undefined}>
          {time && <span className={hours ? "lc-hours-time lc-number" : "lc-quiet lc-number"}>{time}</span>} {title}
        </span>
        <span className="lc-hidden">{`${chinese ? "，" : ", "}${restOf(time, when)}`}</span>
        {fixed && hours && <LockOutlined className="lc-calendar-lock" aria-hidden />}
        {late && <span className="lc-hours-edge" aria-hidden="true" onPointerDown={(event) => board.begin(event, "end", step, span)} />}
      </a>
    </Popover>
  );
}

/** What a record in a calendar says when it is pressed, and how it is given another time without dragging. */
export function Card({ board, span, title, close }: { board: Board; span: Span; title: string; close: () => void }) {
  const { t, chinese } = useSpeech();
  const [moving, setMoving] = useState(false);
  const along = board.along;
  const fixed = board.fixed(span, "move");
  const movable = !fixed || (along !== undefined && !board.fixed(span, "row"));
  return (
    <div className="lc-calendar-card">
      <strong>{title}</strong>
      <span className="lc-quiet">{whenOf(span, chinese)}</span>
      {fixed && (
        <span className="lc-calendar-why">
          <LockOutlined aria-hidden /> {fixed}
        </span>
      )}
      {moving ? (
        <Times board={board} span={span} close={close} />
      ) : (
        <span className="lc-calendar-deeds">
          <Button type="primary" size="small" href={recordLink(board.form.name, span.record.id)} onClick={close}>
            {t("calendarShow")}
          </Button>
          {movable && (
            <Button size="small" onClick={() => setMoving(true)}>
              {t(along ? "resourceChange" : "calendarMove")}
            </Button>
          )}
        </span>
      )}
    </div>
  );
}

/** The form takes the focus from the button that opened it; a date that took it would open its month. */
const start = (form: HTMLFormElement | null): void => form?.focus({ preventScroll: true });

/** The row that was chosen, where it is another. */
function chosen(along: Along, span: Span, value: unknown): Put | undefined {
  const key = along.keyOf(value);
  if (key === along.keyOf(span.record[along.field.name])) return undefined;
  return { field: along.field, value, name: isReference(value) ? value.label : along.rowOf(key).name };
}

/** When a record is, to be written: the way without dragging. */
function Times({ board, span, close }: { board: Board; span: Span; close: () => void }) {
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const { starts, ends, along } = board;
  const still = board.fixed(span, "move") !== "";
  const rows = along && board.fixed(span, "row") === "" ? along : undefined;
  const [row, setRow] = useState<unknown>(along ? (span.record[along.field.name] ?? null) : null);
  const late = ends && !still && !board.fixed(span, "end") ? ends : undefined;
  const [from, setFrom] = useState(span.from);
  const [to, setTo] = useState<Wall | null>(span.ended ? span.to : null);
  const Input = starts.type === "datetime" ? DatetimeInput : DateInput;
  const over = starts.type === "datetime" ? 0 : DAY;
  const least = starts.type === "datetime" ? STEP : DAY;
  const backwards = to !== null && to - from < (starts.type === "datetime" ? 1 : least);
  return (
    <form
      ref={start}
      tabIndex={-1}
      className="lc-calendar-times"
      onKeyDown={(event) => {
        // Enter in a field takes the date that was written; it does not send the form.
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        if (backwards) return;
        close();
        board.follow(span);
        const emptied = late && span.ended && to === null;
        board.move(span, from, to ?? from + (emptied ? usualOf(starts) : span.to - span.from), emptied ? "emptied" : to === null ? "dragged" : still ? "dragged" : "given", rows && chosen(rows, span, row));
      }}
    >
      {rows && (
        <label>
          {w(rows.field.title) || rows.field.name}
          <rows.Input field={rows.field} value={row} narrow={narrow} label={w(rows.field.title) || rows.field.name} onChange={(value) => setRow(value ?? null)} />
        </label>
      )}
      {!still && <label>
        {w(starts.title) || starts.name}
        <Input
          field={starts}
          value={valueAt(starts, from)}
          narrow={narrow}
          label={w(starts.title) || starts.name}
          onChange={(value) => {
            const next = wallOf(starts, value);
            if (next === null) return;
            // The end goes along, as when it is dragged.
            setTo((before) => (before === null ? null : before + next - from));
            setFrom(next);
          }}
        />
      </label>}
      {late && (
        <label>
          {w(late.title) || late.name}
          <Input field={late} value={to === null ? null : valueAt(late, to - over)} narrow={narrow} label={w(late.title) || late.name} invalid={backwards} onChange={(value) => {
            const next = wallOf(late, value);
            if (next !== null) setTo(next + over);
            else if (!late.required) setTo(null);
          }} />
        </label>
      )}
      {backwards && <span className="lc-problem" role="alert">{t("calendarBackwards")}</span>}
      <span className="lc-calendar-deeds">
        <Button type="primary" size="small" htmlType="submit" disabled={backwards}>
          {t("confirm")}
        </Button>
        <Button size="small" onClick={close}>
          {t("cancel")}
        </Button>
      </span>
    </form>
  );
}
