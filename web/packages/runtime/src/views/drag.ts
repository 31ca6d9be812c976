import { useCallback, useEffect, useRef, useState, type PointerEvent as Pressed } from "react";
import type { Span } from "./span";
import { DAY, read, snapped, startOf, STEP, type Wall } from "./wall";

/** What is dragged over a calendar: a record to another time, its end, or an empty stretch for a new one. */
export interface Drag {
  kind: "move" | "end" | "draw";
  span: Span | null;
  from: Wall;
  to: Wall;
  /** The row it is over, where there are rows. */
  row: string | null;
}

export interface Dragging {
  drag: Drag | null;
  /** A button of the mouse or a pen went down; `step`: what is dragged over, quarters of an hour or days; `day`: the one
   * that what was pressed stands on, which a list that opened over the days may not lie over. */
  begin: (event: Pressed, kind: Drag["kind"], step: number, span?: Span, day?: Wall) => void;
}

/** Pixels before a press is a drag. */
const SLACK = 4;
/** How near to its edge a list of hours begins to scroll. */
const EDGE = 28;

interface Reading {
  wall: Wall;
  row: string | null;
}

/** The reading under a point: the day that stands there and, among hours, how far down it, or, in a row, along it. */
export function readingAt(x: number, y: number, step: number): Reading | null {
  const place = document.elementsFromPoint(x, y).map((each) => each.closest<HTMLElement>("[data-day]")).find((each) => each !== null);
  if (!place) return null;
  const row = place.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null;
  const day = read(place.dataset["day"]!);
  if (step === DAY) return { wall: day, row };
  const { top, left, width, height } = place.getBoundingClientRect();
  const along = row === null ? (y - top) / height : (x - left) / width;
  return { wall: day + Math.max(0, Math.min(1, along)) * Number(place.dataset["lasts"] ?? DAY), row };
}

/** Where a drag has come to when it began at one reading and is over another now. */
export function draggedTo(kind: Drag["kind"], span: Span | null, origin: Wall, now: Wall, step: number): Pick<Drag, "from" | "to"> {
  if (kind === "draw" || !span) {
    const [first, last] = origin <= now ? [origin, now] : [now, origin];
    const from = Math.floor(first / step) * step;
    return { from, to: Math.max(from + step, step === DAY ? startOf(last) + DAY : snapped(last, step)) };
  }
  const way = now - origin;
  if (kind === "end") {
    const least = span.from + (span.timed ? STEP : DAY);
    return { from: span.from, to: Math.max(least, step === DAY ? span.to + way : snapped(span.to + way, step)) };
  }
  const from = step === DAY ? span.from + way : snapped(span.from + way, step);
  return { from, to: span.to + (from - span.from) };
}

/** Drags by mouse or pen. A finger scrolls: whoever has none of the two presses the record and says the time. */
export function useDrag(commit: (drag: Drag) => void): Dragging {
  const [drag, setDrag] = useState<Drag | null>(null);
  const done = useRef(commit);
  done.current = commit;
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const begin = useCallback<Dragging["begin"]>((event, kind, step, span, day) => {
    if (event.button !== 0 || event.pointerType === "touch" || event.ctrlKey || event.metaKey) return;
    // What opened over the days, a list or a card, is part of them for React and not for the one who presses there.
    if (!event.currentTarget.contains(event.target as Node)) return;
    const pressed = readingAt(event.clientX, event.clientY, step);
    const origin = step === DAY && day !== undefined ? day : pressed?.wall;
    if (origin === undefined) return;
    const first = pressed?.row ?? null;
    event.stopPropagation();
    const { clientX, clientY } = event;
    const scroller = event.currentTarget.closest<HTMLElement>(".lc-hours, .lc-resource");
    let now: Drag | null = null;
    const show = (next: Drag | null) => setDrag((now = next));
    const moved = (to: PointerEvent) => {
      if (!now && Math.hypot(to.clientX - clientX, to.clientY - clientY) < SLACK) return;
      if (scroller && (step !== DAY || first !== null)) {
        const { top, bottom, left, right } = scroller.getBoundingClientRect();
        scroller.scrollTop += to.clientY > bottom - EDGE ? 12 : to.clientY < top + 2 * EDGE ? -12 : 0;
        scroller.scrollLeft += to.clientX > right - EDGE ? 12 : to.clientX < left + EDGE ? -12 : 0;
      }
      const reading = readingAt(to.clientX, to.clientY, step);
      if (reading === null) return;
      const next = draggedTo(kind, span ?? null, origin, reading.wall, step);
      const row = kind === "move" ? (reading.row ?? now?.row ?? first) : first;
      if (next.from !== now?.from || next.to !== now.to || row !== now.row) show({ kind, span: span ?? null, ...next, row });
    };
    const end = () => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", key, true);
      stop.current = null;
      show(null);
    };
    const up = () => {
      const last = now;
      end();
      if (!last) return;
      // What was dragged is not pressed as well.
      const swallow = (click: MouseEvent) => (click.preventDefault(), click.stopPropagation());
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, true));
      done.current(last);
    };
    const key = (pressed: KeyboardEvent) => {
      if (pressed.key !== "Escape" || !now) return;
      pressed.stopPropagation();
      end();
    };
    stop.current = end;
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", key, true);
  }, []);
  return { drag, begin };
}
