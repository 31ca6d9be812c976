import { Exact, library, moment as momentOf, shortest, toJson } from "@lowcode/expressions";
import { enter, leave, strictRecord } from "./convert";
import type { Field, Form, MomentState, Values } from "@lowcode/protocol";
import { fieldLive, type FieldLive, type FormLive, type Live } from "../expressions";
import { isPlaced, nameOf } from "../fields";
import { isTab, layoutOf } from "./nodes";

export interface Conditions {
  visible: boolean;
  required: boolean;
  readOnly: boolean;
  /** Options that may not be chosen now. */
  unavailable?: string[];
  /** Which records may be chosen, as a condition on them. */
  offered?: string;
}

export interface LiveState {
  values: Values;
  /** By pointer without the leading stroke: `stage`, `items/0/price`. */
  conditions: Record<string, Conditions>;
  sections: Record<string, boolean>;
}

type Flat = Record<string, unknown>;

/** Values of linked records by dotted path; undefined while they are not known. */
export type FarValues = (field: Field, value: unknown, path: string) => unknown;

/** Fields that a step of a flow opens, whatever the form's conditions say; whether the step also requires them. */
export type OpenedFields = ReadonlyMap<string, boolean>;

const PASSES = 6;

/** The sections of each field that stands in none without a name: where none of them shows, the field does not either. */
function sectionsOf(form: Form): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const always = new Set<string>();
  for (const section of layoutOf(form).flatMap((node) => (isTab(node) ? node.sections : [node])))
    for (const name of section.fields.filter(isPlaced).map(nameOf)) {
      if (section.name) found.set(name, [...(found.get(name) ?? []), section.name]);
      else always.add(name);
    }
  for (const name of always) found.delete(name);
  return found;
}

/** Everything an expression of one form can say about values that somebody is typing. */
export class LiveForm {
  private readonly moment: unknown;
  private readonly within: ReadonlyMap<string, string[]>;

  constructor(
    private readonly form: Form,
    private readonly emitted: FormLive | undefined,
    state: MomentState | undefined,
    now: Date,
    isNew: boolean,
    private readonly far: FarValues,
    private readonly opened: OpenedFields = new Map(),
    placing: Form = form,
  ) {
    this.within = sectionsOf(placing);
    this.moment = momentOf({ ...state, now: now.toISOString(), is_new: isNew });
  }

  /** The values with every formula worked out, and which fields show, need a value, or are fixed. */
  state(values: Values): LiveState {
    const worked = this.work(values);
    const record = this.flat(this.form.fields, worked, "");
    const conditions: Record<string, Conditions> = {};
    const sections: Record<string, boolean> = {};
    for (const [name, live] of Object.entries(this.emitted?._sections ?? {})) sections[name] = this.holds(live, record, true);
    for (const field of this.form.fields) {
      const shown = this.within.get(field.name)?.some((each) => sections[each] !== false) ?? true;
      conditions[field.name] = this.conditions(field, field.name, record, shown);
      if (field.type === "lines") this.rowConditions(field, field.name, field.name, rowsOf(worked, field), record, conditions);
    }
    return { values: worked, conditions, sections };
  }

  private rowConditions(lines: Field, way: string, at: string, rows: Values[], outer: Flat, into: Record<string, Conditions>): void {
    rows.forEach((row, index) => {
      const line = this.line(lines, way, row, outer);
      for (const each of lines.fields ?? []) {
        const pointer = `${at}/${index}/${each.name}`;
        into[pointer] = this.conditions(each, `${way}.${each.name}`, line);
        if (each.type === "lines") this.rowConditions(each, `${way}.${each.name}`, pointer, rowsOf(row, each), line, into);
      }
    });
  }

  /** What a field starts with, by its default; undefined when there is none or it cannot be said here. `way`: how the
   * record reaches it, `facts`: the record or row it stands in. */
  initial(field: Field, way: string, facts: Flat): unknown {
    const live = fieldLive(this.emitted, way)?.default;
    if (!live) return field.default ?? undefined;
    const result = this.ask(live, facts);
    return result === undefined ? undefined : leave(field, result);
  }

  /** The record as its expressions see it. */
  facts(values: Values): Flat {
    return this.flat(this.form.fields, values, "");
  }

  /** Names of the checks that do not hold. */
  broken(values: Values): string[] {
    const record = this.flat(this.form.fields, values, "");
    return Object.entries(this.emitted?._checks ?? {})
      .filter(([, live]) => !this.holds(live, record, true))
      .map(([name]) => name);
  }

  private work(values: Values): Values {
    let current = values;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const next = this.pass(current);
      if (next === current) break;
      current = next;
    }
    return current;
  }

  private pass(values: Values): Values {
    const record = this.flat(this.form.fields, values, "");
    let out = values;
    const put = (name: string, value: unknown) => {
      if (same(out[name], value)) return;
      if (out === values) out = { ...values };
      out[name] = value;
    };
    for (const field of this.form.fields) {
      if (field.type === "lines" && rowsOf(values, field).length > 0) put(field.name, this.workRows(field, field.name, rowsOf(values, field), record));
      const live = fieldLive(this.emitted, field.name)?.expression;
      if (!live) continue;
      const result = this.ask(live, record);
      if (result !== undefined) put(field.name, leave(field, result));
    }
    return out;
  }

  private workRows(lines: Field, way: string, rows: Values[], outer: Flat): Values[] {
    const formulas = (lines.fields ?? []).filter((each) => fieldLive(this.emitted, `${way}.${each.name}`)?.expression);
    const inner = (lines.fields ?? []).filter((each) => each.type === "lines");
    if (formulas.length === 0 && inner.length === 0) return rows;
    let changed = false;
    const worked = rows.map((row) => {
      let out = row;
      const put = (name: string, value: unknown) => {
        if (same(out[name], value)) return;
        out = { ...out, [name]: value };
        changed = true;
      };
      for (const each of inner) {
        const below = rowsOf(out, each);
        if (below.length > 0) put(each.name, this.workRows(each, `${way}.${each.name}`, below, this.line(lines, way, out, outer)));
      }
      for (const each of formulas) {
        const result = this.ask(fieldLive(this.emitted, `${way}.${each.name}`)!.expression!, this.line(lines, way, out, outer));
        if (result !== undefined) put(each.name, leave(each, result));
      }
      return out;
    });
    return changed ? worked : rows;
  }

  /** `shown`: whether any section lets it show. */
  private conditions(field: Field, path: string, record: Flat, shown = true): Conditions {
    const live = fieldLive(this.emitted, path);
    const unavailable = Object.entries(live?.options ?? {}).filter(([, each]) => !this.holds(each, record, true)).map(([name]) => name);
    const open = this.opened.has(path.split(".")[0]!);
    const visible = shown && (live?.visible_when ? this.holds(live.visible_when, record, true) : true);
    const required = field.required === true || (live?.required_when ? this.holds(live.required_when, record, false) : false);
    return {
      unavailable: unavailable.length > 0 ? unavailable : undefined,
      offered: this.offered(field, live, record),
      visible: visible || this.opened.has(path),
      // The form asks for nothing that it hides: only the step does.
      required: this.opened.get(path) === true || (required && (visible || !open)),
      readOnly: field.read_only === true || (!open && live?.read_only_when ? this.holds(live.read_only_when, record, false) : false),
    };
  }

  /** The records to choose from, in the expression language; nothing is asked of what is blank here. */
  private offered(field: Field, live: FieldLive | undefined, record: Flat): string | undefined {
    const parts = field.offered ? [`(${field.offered})`] : [];
    for (const path of field.matches ?? []) {
      const value = live?.matches?.[path] && this.ask(live.matches[path], record);
      if (value === null || value === undefined) continue;
      const plain = value instanceof Exact ? shortest(value) : value;
      parts.push(typeof plain === "number" ? `${path}.id = ${plain}` : value instanceof Exact || typeof plain === "boolean" ? `${path} = ${String(plain)}` : `${path} = "${String(toJson(plain)).replace(/"/g, '""')}"`);
    }
    return parts.length > 0 ? parts.join(" and ") : undefined;
  }

  /** A row as its expressions see it, with what is around it as `parent.…`. */
  line(lines: Field, way: string, row: Values, outer: Flat): Flat {
    const line = { ...this.flat(lines.fields ?? [], row, way) };
    for (const [path, value] of Object.entries(outer)) line[`parent.${path}`] = value;
    return strictRecord(line);
  }

  private flat(fields: Field[], values: Values, within: string): Flat {
    const record: Flat = {};
    for (const field of fields) {
      const value = values[field.name];
      const way = within ? `${within}.${field.name}` : field.name;
      if (field.type === "lines") {
        const rows = rowsOf(values, field).map((row) => this.flat(field.fields ?? [], row, way));
        record[field.name] = rows;
        for (const inner of field.fields ?? []) if (inner.type === "lines") record[`${field.name}.${inner.name}`] = rows.flatMap((row) => row[inner.name] as Flat[]);
        continue;
      }
      record[field.name] = enter(field, value);
      for (const path of this.form.paths ?? [])
        if (path.startsWith(`${way}.`)) {
          const far = this.far(field, value, path.slice(way.length + 1));
          if (far !== undefined) record[path.slice(within ? within.length + 1 : 0)] = far;
        }
    }
    return strictRecord(record);
  }

  private holds(live: Live, record: Flat, otherwise: boolean): boolean {
    const result = this.ask(live, record);
    return result === undefined ? otherwise : otherwise && result === null ? true : result === true;
  }

  /** Undefined when it could not be worked out here: the server will decide. */
  private ask(live: Live, record: Flat): unknown {
    try {
      return live(record, this.moment, library) ?? null;
    } catch {
      return undefined;
    }
  }
}

/** A record as expressions see it, without values of linked ones. */
export function flatRecord(form: Form, values: Values): Flat {
  const flat = (fields: Field[], row: Values): Flat => {
    const found: Flat = {};
    for (const field of fields) {
      found[field.name] = field.type === "lines" ? rowsOf(row, field).map((each) => flat(field.fields ?? [], each)) : enter(field, row[field.name]);
      for (const inner of field.fields ?? []) if (inner.type === "lines") found[`${field.name}.${inner.name}`] = (found[field.name] as Flat[]).flatMap((each) => each[inner.name] as Flat[]);
    }
    return strictRecord(found);
  };
  return flat(form.fields, values);
}

export const rowsOf = (values: Values, field: Field): Values[] => (Array.isArray(values[field.name]) ? (values[field.name] as Values[]) : []);

export const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
