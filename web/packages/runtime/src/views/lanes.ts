import type { Span } from "./span";
import { DAY, type Wall } from "./wall";

/** Where a bar lies: on which of the lines of its row, and from which part of the row to which, of 1. */
export interface Laid {
  span: Span;
  lane: number;
  from: number;
  to: number;
  /** It began before what is shown, or goes on after it. */
  since: boolean;
  on: boolean;
}

/** So little of an hour is drawn as if it were this many minutes, to be read and pressed. */
const LEAST = 45;

/** The bars of a row, each on the first line on which it lies over none; days are taken up whole, hours as they are. */
export function laid(spans: readonly Span[], first: Wall, end: Wall, hours: boolean): Laid[] {
  const free: Wall[] = [];
  const found: Laid[] = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from || other.to - one.to || one.record.id - other.record.id)) {
    const from = hours ? span.from : span.first;
    const to = hours ? Math.max(span.to, span.from + LEAST) : span.last + DAY;
    if (to <= first || from >= end) continue;
    const at = free.findIndex((each) => each <= from);
    const lane = at < 0 ? free.length : at;
    free[lane] = to;
    const share = (wall: Wall) => (Math.min(end, Math.max(first, wall)) - first) / (end - first);
    found.push({ span, lane, from: share(from), to: share(to), since: from < first, on: to > end });
  }
  return found;
}

/** What a row is counted in: a number of each record, its hours, or records. */
export type Measure = { by: "sum"; field: string } | { by: "hours" } | { by: "records" };

/** How much stands in a row on a day. A number is spread over the days of its record in equal parts. */
export function loadOn(spans: readonly Span[], day: Wall, measure: Measure): number {
  let total = 0;
  for (const span of spans) {
    if (span.last < day || span.first > day) continue;
    if (measure.by === "records") total += 1;
    else if (measure.by === "hours") total += Math.max(0, Math.min(span.to, day + DAY) - Math.max(span.from, day)) / 60;
    else total += Number(span.record[measure.field] ?? 0) / ((span.last - span.first) / DAY + 1);
  }
  return Math.round(total * 100) / 100;
}
