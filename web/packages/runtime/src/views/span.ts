import { inZone, shades } from "@lowcode/kit";
import { isReference, type Field, type Form, type StoredRecord, type View } from "@lowcode/protocol";
import dayjs, { type Dayjs } from "dayjs";

/** From which day to which day a record goes; a record without an end is a day long. */
export interface Span {
  record: StoredRecord;
  first: Dayjs;
  last: Dayjs;
  color: string;
  time: string;
}

export const dayOf = (field: Field, value: unknown): Dayjs | null => (value ? (field.type === "datetime" ? inZone(String(value)) : dayjs(String(value))) : null);

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
    const first = starts && dayOf(starts, record[starts.name]);
    if (!first) return [];
    const end = ends && dayOf(ends, record[ends.name]);
    const option = (by?.states ?? by?.options)?.find((each) => each.name === record[by!.name]);
    return [{ record, first, last: end && end.isAfter(first) ? end : first, color: shades(option?.color).solid, time: starts.type === "datetime" ? first.format("HH:mm") : "" }];
  });
}

/** What a view puts on a card, in a line; else what the record is called. */
export function titleOf(view: View, record: StoredRecord): string {
  const words = (view.card ?? []).map((name) => record[name]).map((value) => (isReference(value) ? value.label : typeof value === "string" ? value : ""));
  return words.filter(Boolean).join(" · ") || record._label;
}
