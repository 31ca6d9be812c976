import { isReference, type Field, type Form, type StoredRecord, type Values, type View } from "@lowcode/protocol";
import type { Dayjs } from "dayjs";
import { markOf } from "./mark";
import { clockText, DAY, dayAt, startOf, USUAL, valueAt, wallOf, type Wall } from "./wall";

/** From which day to which day a record goes; a record without an end is a day long. */
export interface Span {
  record: StoredRecord;
  first: Wall;
  last: Wall;
  color: string;
  time: string;
  /** When it begins and ends, as it is drawn among the hours. */
  from: Wall;
  to: Wall;
  /** It has no hours, or goes on for days. */
  whole: boolean;
  /** Whether it has hours at all. */
  timed: boolean;
  /** Whether it says when it ends. */
  ended: boolean;
}

const literal = (day: Dayjs): string => `DATE(${day.year()}, ${day.month() + 1}, ${day.date()})`;

/** The records that touch the days between two, in the expression language. */
export function touching(form: Form, view: View, first: Dayjs, last: Dayjs): string {
  const field = (name: string | undefined) => form.fields.find((each) => each.name === name);
  const asDay = (name: string) => (field(name)?.type === "datetime" ? `TODATE(${name})` : name);
  const starts = asDay(view.starts!);
  const ends = view.ends && field(view.ends) ? asDay(view.ends) : null;
  const after = ends ? `(${ends} >= ${literal(first)} or (${view.ends} is blank and ${starts} >= ${literal(first)}))` : `${starts} >= ${literal(first)}`;
  return `${starts} <= ${literal(last)} and ${after}`;
}

export function spansOf(form: Form, view: View, records: StoredRecord[]): Span[] {
  const starts = form.fields.find((each) => each.name === view.starts);
  const ends = form.fields.find((each) => each.name === view.ends);
  const by = form.fields.find((each) => each.name === view.by);
  return records.flatMap((record) => {
    const from = starts && wallOf(starts, record[starts.name]);
    if (!starts || from === null || from === undefined) return [];
    const end = ends ? wallOf(ends, record[ends.name]) : null;
    const timed = starts.type === "datetime";
    const ended = end !== null && (timed ? end > from : end >= from);
    const to = timed ? (ended ? end : from + USUAL) : (ended ? end : from) + DAY;
    return [lasting({ record, color: markOf(by, record), timed, ended }, from, to)];
  });
}

/** The same record from then to then: where it was dragged to. */
export function lasting(span: Omit<Span, "from" | "to" | "first" | "last" | "time" | "whole">, from: Wall, to: Wall): Span {
  const last = span.timed ? (span.ended ? Math.max(from, to - 1) : from) : to - DAY;
  return { ...span, from, to, first: startOf(from), last: startOf(last), time: span.timed ? clockText(from) : "", whole: !span.timed || to - from >= DAY };
}

/** The records of each of some days, which follow one another: what is on none of them is left out. */
export function byDay(spans: readonly Span[], days: readonly Wall[]): Span[][] {
  const found: Span[][] = days.map(() => []);
  const start = days[0] ?? 0;
  for (const span of spans) {
    const last = Math.min(days.length - 1, (span.last - start) / DAY);
    for (let at = Math.max(0, (span.first - start) / DAY); at <= last; at += 1) found[at]!.push(span);
  }
  return found;
}

/** What becomes of the end: as it was dragged, written by somebody, or taken away. */
export type End = "dragged" | "given" | "emptied";

/** How long a record without an end is drawn. */
export const usualOf = (starts: Field): Wall => (starts.type === "datetime" ? USUAL : DAY);

/** What the fields of a record are to hold for it to be from then to then. An end is written where there was one, where
 * one was given, and where the record lasts longer or shorter than it was drawn. */
export function valuesFor(starts: Field, ends: Field | undefined, span: Pick<Span, "from" | "to" | "ended">, from: Wall, to: Wall, end: End = "dragged"): Values {
  const ended = span.ended || end === "given" || to - from !== span.to - span.from;
  return {
    ...(from !== span.from ? { [starts.name]: valueAt(starts, from) } : {}),
    ...(ends && ended ? { [ends.name]: end === "emptied" ? null : valueAt(ends, ends.type === "date" ? to - DAY : to) } : {}),
  };
}

/** When a record is, in words. */
export function whenOf({ from, to, first, last, timed, ended }: Pick<Span, "from" | "to" | "first" | "last" | "timed" | "ended">, chinese: boolean): string {
  const day = (wall: Wall) => {
    const each = dayAt(wall);
    return chinese ? `${each.format("M月D日")} 周${"日一二三四五六"[each.day()]}` : each.format("ddd D MMM");
  };
  const same = first === last;
  if (!timed) return same ? day(first) : `${day(first)} – ${day(last)}`;
  if (!ended) return `${day(first)} ${clockText(from)}`;
  return same ? `${day(first)} ${clockText(from)}–${clockText(to)}` : `${day(first)} ${clockText(from)} – ${day(to)} ${clockText(to)}`;
}

/** Its hours, as they stand on it among the hours of a day: one that goes over midnight says both. */
export const hoursOf = ({ from, to, timed, ended }: Pick<Span, "from" | "to" | "timed" | "ended">): string => (timed ? clockText(from) + (ended ? `–${clockText(to)}` : "") : "");

/** What is left of when a record is to be said of it where its hours are seen. */
export const restOf = (seen: string, when: string): string => (seen && when.endsWith(` ${seen}`) ? when.slice(0, -seen.length - 1) : when);

/** What a view puts on a card, in a line; else what the record is called. */
export function titleOf(view: View, record: StoredRecord): string {
  const words = (view.card ?? []).map((name) => record[name]).map((value) => (isReference(value) ? value.label : typeof value === "string" ? value : ""));
  return words.filter(Boolean).join(" · ") || record._label;
}
