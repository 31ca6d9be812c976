import type { Application, Field, Form, Part, Placed, Text } from "@lowcode/protocol";

const KINDS: Record<string, string> = {
  number: "number", text: "text", boolean: "boolean", date: "date", datetime: "datetime", time: "time",
  choice: "select", multi: "multi_select", record: "link", user: "member", duration: "text",
};

/** The field as it is shown: a formula or roll-up takes the looks of its result. */
export function shown(field: Field): Field {
  if (field.type !== "formula" && field.type !== "rollup") return field;
  const result = field.result ?? { kind: "text" };
  const type = result.kind === "number" && result.format ? result.format : (KINDS[result.kind] ?? "text");
  return { ...field, type, scale: result.scale ?? undefined, options: result.options ?? field.options, to: result.to ?? field.to };
}

export const calculated = (field: Field): boolean => field.type === "formula" || field.type === "rollup" || field.type === "serial";

/** Whether it names several records, people or departments. */
export const several = ({ type }: { type: string }): boolean => type === "links" || type === "members" || type === "departments";

/** Whether a part of a section is a field, and no line, words or button. */
export const isPlaced = (part: Part): part is Placed => typeof part === "string" || "field" in part;

/** The fields of a section that are shown: none that is hidden, and none that another shows as its end. */
export function fieldsOf(form: Form, parts: Part[]): Field[] {
  const found = parts.filter(isPlaced).flatMap((placed) => form.fields.find((each) => each.name === nameOf(placed)) ?? []);
  const ends = new Set(found.map((each) => each.until));
  return found.filter((each) => !each.hidden && !ends.has(each.name));
}

/** The field with the options that may be chosen now, and the one that is. */
export function offering(field: Field, unavailable: string[] | undefined, offered: string | undefined, value: unknown): Field {
  if (!unavailable && !offered) return field;
  const chosen = Array.isArray(value) ? value : [value];
  return { ...field, offered, options: unavailable ? field.options?.filter((each) => !unavailable.includes(each.name) || chosen.includes(each.name)) : field.options };
}

export const nameOf = (placed: Placed): string => (typeof placed === "string" ? placed : placed.field);

/** A field of a form by name; `customer.region` goes through links. */
export function fieldOf(app: Application, form: Form, name: string): Field | undefined {
  const [head = "", ...rest] = name.split(".");
  const field = form.fields.find((each) => each.name === head);
  if (!field) return undefined;
  if (rest.length === 0) return paired(form, field);
  const target = field.to ? app.forms[field.to] : undefined;
  const far = target && fieldOf(app, target, rest.join("."));
  return far && { ...far, name, sort: false };
}

/** The field without what it names beside it, where that is kept from whoever looks. */
function paired(form: Form, field: Field): Field {
  const there = (name: string | null | undefined) => !name || form.fields.some((each) => each.name === name);
  return there(field.currency_from) && there(field.until) ? field : { ...field, currency_from: there(field.currency_from) ? field.currency_from : undefined, until: there(field.until) ? field.until : undefined };
}

/** What a field is called where a range is shown by both its ends: 起 ～ 止. */
export function rangeTitle(field: Field, end: Field | undefined, w: (text: Text | null | undefined) => string): string {
  const own = w(field.title) || field.name;
  const other = end && (w(end.title) || end.name);
  return other && other !== own ? `${own} ～ ${other}` : own;
}

/** The name of the field that a value is read together with: the currency of an amount, the end of a range. */
export function besideOf(field: Field | undefined, name: string): string | undefined {
  const own = field?.currency_from ?? field?.until;
  return own ? name.slice(0, name.lastIndexOf(".") + 1) + own : undefined;
}

/** What stands there in a record. */
export const besideIn = (field: Field, name: string, values: Record<string, unknown>): unknown => {
  const beside = besideOf(field, name);
  return beside && values[beside];
};

/** Fields of a form a person may see in lists when no view says which. */
export const usual = (form: Form): string[] =>
  form.fields
    .filter((field) => !field.system && !field.hidden && !form.fields.some((each) => each.until === field.name) && !["lines", "long_text", "rich_text", "json", "attachment"].includes(field.type))
    .slice(0, 8)
    .map((field) => field.name);

/** Turns a value as it is read into the form in which it is sent. */
export function written(field: Field, value: unknown): unknown {
  if (value === undefined || value === "") return null;
  if (Array.isArray(value)) {
    if (field.type === "lines") return value.map((row) => writtenRow(field, row as Record<string, unknown>));
    if (several(field) || ["attachment", "image"].includes(field.type)) return value.map((each) => (each as { id: unknown }).id);
    return value;
  }
  if (field.type === "link_any" && typeof value === "object" && value !== null) return `${(value as { form: string }).form}/${(value as { id: number }).id}`;
  if (typeof value === "object" && value !== null && ["link", "member", "department"].includes(field.type)) return (value as { id: unknown }).id;
  return value;
}

function writtenRow(field: Field, row: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = row["id"] == null ? {} : { id: row["id"] };
  for (const each of field.fields ?? [])
    if (!calculated(each) && !each.read_only && each.name in row) out[each.name] = written(each, row[each.name]);
  return out;
}

export const blank = (value: unknown): boolean => value == null || value === "" || (Array.isArray(value) && value.length === 0);

/** Whether the server shows it in place of a value that this person may not see: it leads to nobody. */
export const isMasked = (value: string): boolean => value.includes("****");

/** What the records of a form are called, as a heading of many of them. */
export const manyOf = (form: Form): Text => form.plural ?? form.title;

/** What a field is called by the way to it; a column of rows after its rows: 明细 · 编码. */
export function pathTitle(fields: Field[], path: string, w: (text: Text | null | undefined) => string): string {
  const [head = "", ...rest] = path.split(".");
  const field = fields.find((each) => each.name === head);
  const own = w(field?.title) || head;
  return rest.length === 0 ? own : `${own} · ${pathTitle(field?.fields ?? [], rest.join("."), w)}`;
}
