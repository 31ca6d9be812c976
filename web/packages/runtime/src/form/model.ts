import type { Field, FieldProblem, Form, StoredRecord, Values } from "@lowcode/protocol";
import { blank, calculated, written } from "../fields";
import { rowsOf, same, type LiveState } from "./live";

/** A form being filled in: what was, what is, what somebody touched, what is wrong. */
export interface Draft {
  record: StoredRecord | null;
  original: Values;
  values: Values;
  /** What was filled in before anybody saw the form: where it was opened from says so. */
  given: Values;
  /** Pointers a person has set, so that no default overwrites them; rows are named by their key. */
  touched: ReadonlySet<string>;
  /** By pointer without the leading stroke; "" is the whole. */
  errors: Record<string, string>;
}

export const ROW = "_key";
let nextKey = 0;
export const rowKey = (): string => `row${(nextKey += 1)}`;

const keyed = ({ fields }: { fields?: Field[] }, values: Values): Values => {
  const out = { ...values };
  for (const field of fields ?? [])
    if (field.type === "lines" && Array.isArray(out[field.name])) out[field.name] = rowsOf(out, field).map((row) => ({ ...keyed(field, row), [ROW]: row[ROW] ?? rowKey() }));
  return out;
};

/** What counts as set by a person when a form is opened with values, so that no default overwrites it. */
const touchedBy = (form: { fields?: Field[] }, values: Values): string[] =>
  (form.fields ?? []).flatMap((field) => (field.type === "lines" && Array.isArray(values[field.name]) ? rowsOf(values, field).flatMap((row) => [...Object.keys(row).map((name) => `${String(row[ROW])}/${name}`), ...touchedBy(field, row)]) : []));

export function draftOf(form: Form, record: StoredRecord | null, preset: Values): Draft {
  const original = record ? keyed(form, record) : {};
  const given = record ? preset : keyed(form, preset);
  return { record, original, values: { ...original, ...given }, given, touched: new Set([...Object.keys(given), ...(record ? [] : touchedBy(form, given))]), errors: {} };
}

export type Step =
  | { kind: "set"; field: string; value: unknown }
  /** One more in a list, whatever came into it since; in a row, which is known by its key. */
  | { kind: "append"; field: string; row?: { key: string; name: string }; value: unknown }
  /** Rows are named by the way to them: `items`, `groups/0/items`. */
  | { kind: "cell"; field: string; index: number; name: string; value: unknown }
  | { kind: "add"; field: string; row: Values }
  | { kind: "remove"; field: string; index: number }
  | { kind: "paste"; field: string; index: number; rows: Values[]; errors: Record<string, string> }
  | { kind: "errors"; errors: Record<string, string> }
  | { kind: "start"; draft: Draft };

const without = (errors: Record<string, string>, pointer: string): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).filter(([key]) => key !== pointer && !key.startsWith(`${pointer}/`)));

export function advance(draft: Draft, step: Step): Draft {
  switch (step.kind) {
    case "start":
      return step.draft;
    case "errors":
      return { ...draft, errors: step.errors };
    case "set":
      return { ...draft, values: { ...draft.values, [step.field]: step.value }, touched: new Set(draft.touched).add(step.field), errors: without(draft.errors, step.field) };
    case "append":
      return appended(draft, step);
    default:
      return advanceRows(draft, step);
  }
}

function appended(draft: Draft, { field, row, value }: Extract<Step, { kind: "append" }>): Draft {
  if (!row) return advance(draft, { kind: "set", field, value: [...listed(draft.values, field), value] });
  const rows = rowsThere(draft.values, field.split("/"));
  const index = rows.findIndex((each) => each[ROW] === row.key);
  return index < 0 ? draft : advance(draft, { kind: "cell", field, index, name: row.name, value: [...((rows[index]![row.name] as unknown[] | null | undefined) ?? []), value] });
}

function advanceRows(draft: Draft, step: Extract<Step, { kind: "cell" | "add" | "remove" | "paste" }>): Draft {
  const [first = "", ...way] = step.field.split("/");
  const rows = [...rowsThere(draft.values, [first, ...way])];
  const touched = new Set(draft.touched).add(first);
  let errors = draft.errors;
  if (step.kind === "add") rows.push({ ...step.row, [ROW]: rowKey() });
  if (step.kind === "remove") {
    rows.splice(step.index, 1);
    errors = without(errors, step.field);
  }
  if (step.kind === "paste")
    step.rows.forEach((given, offset) => {
      const at = step.index + offset;
      while (rows.length <= at) rows.push({ [ROW]: rowKey() });
      rows[at] = { ...rows[at], ...given };
      for (const name of Object.keys(given)) {
        touched.add(`${String(rows[at][ROW])}/${name}`);
        errors = without(errors, `${step.field}/${at}/${name}`);
      }
    });
  if (step.kind === "paste") errors = { ...errors, ...step.errors };
  if (step.kind === "cell") {
    const row = rows[step.index];
    if (!row) return draft;
    rows[step.index] = { ...row, [step.name]: step.value };
    touched.add(`${String(row[ROW])}/${step.name}`);
    errors = without(errors, `${step.field}/${step.index}/${step.name}`);
  }
  return { ...draft, values: withRows(draft.values, [first, ...way], rows), touched, errors };
}

const listed = (values: Values, name: string): Values[] => (values[name] as Values[] | null | undefined) ?? [];

function rowsThere(values: Values, [name = "", index, ...rest]: string[]): Values[] {
  return index === undefined ? listed(values, name) : rowsThere(listed(values, name)[Number(index)] ?? {}, rest);
}

function withRows(values: Values, [name = "", index, ...rest]: string[], rows: Values[]): Values {
  if (index === undefined) return { ...values, [name]: rows };
  return { ...values, [name]: listed(values, name).map((row, at) => (at === Number(index) ? withRows(row, rest, rows) : row)) };
}

const plain = (field: Field, value: unknown): unknown => written(field, value);

/** What has to be sent: everything of a new record, also what somebody left blank, or a default would fill it; only what
 * changed of another. */
export function changes(form: Form, draft: Draft, live: LiveState): Values {
  const out: Values = {};
  for (const field of form.fields) {
    if (calculated(field) || field.read_only || (field.system && field.name !== "owner")) continue;
    if (field.type === "state") continue;
    const value = plain(field, live.values[field.name]);
    if (draft.record === null ? blank(value) && !draft.touched.has(field.name) : same(value, plain(field, draft.original[field.name]))) continue;
    out[field.name] = value;
  }
  if (draft.record === null)
    for (const field of form.fields) if (field.type === "state" && draft.values[field.name] != null) out[field.name] = draft.values[field.name];
  return out;
}

/** Whether somebody entered something that is lost when the form is left. What it was opened with is no work of theirs. */
export const dirty = (form: Form, draft: Draft, live: LiveState): boolean =>
  [...draft.touched].some((each) => !each.includes("/") && (!(each in draft.given) || !same(draft.values[each], draft.given[each]))) &&
  Object.values(changes(form, draft, live)).some((value) => draft.record !== null || !blank(value));

/** The server's problems by pointer; what no field shows belongs to the whole. */
export function errorsOf(form: Form, problems: FieldProblem[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { pointer, detail } of problems) {
    const path = pointer.replace(/^\//, "");
    const [head = ""] = path.split("/");
    const known = form.fields.some((field) => field.name === head);
    const key = known ? path : "";
    out[key] = out[key] ? `${out[key]}\n${detail}` : detail;
  }
  return out;
}

/** A value without what only the page knows of it: the keys of rows. */
export function labelled(value: unknown): unknown {
  if (!Array.isArray(value)) return value ?? null;
  return value.map((each: unknown) =>
    typeof each === "object" && each !== null && ROW in each ? Object.fromEntries(Object.entries(each).flatMap(([key, inner]) => (key === ROW ? [] : [[key, labelled(inner)]]))) : each,
  );
}

/** A draft to go on with, over the record as it is now. */
export function restored(form: Form, record: StoredRecord | null, values: Values): Draft {
  const draft = draftOf(form, record, {});
  const all = keyed(form, { ...draft.values, ...values });
  return { ...draft, values: all, touched: new Set([...Object.keys(values), ...touchedBy(form, all)]) };
}
