import { Exact, library, moment as momentOf, shortest, toJson } from "@lowcode/expressions";
import { enter, leave, strictRecord } from "./convert";
import type { Field, Form, MomentState, Values } from "@lowcode/protocol";
import { fieldLive, type FieldLive, type FormLive, type Live } from "../expressions";

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

const PASSES = 6;

/** Everything an expression of one form can say about values that somebody is typing. */
export class LiveForm {
  private readonly moment: unknown;

  constructor(
    private readonly form: Form,
    private readonly emitted: FormLive | undefined,
    state: MomentState | undefined,
    now: Date,
    isNew: boolean,
    private readonly far: FarValues,
  ) {
    this.moment = momentOf({ ...state, now: now.toISOString(), is_new: isNew });
  }

  /** The values with every formula worked out, and which fields show, need a value, or are fixed. */
  state(values: Values): LiveState {
    const worked = this.work(values);
    const record = this.flat(this.form.fields, worked, "");
    const conditions: Record<string, Conditions> = {};
    for (const field of this.form.fields) {
      conditions[field.name] = this.conditions(field, field.name, record);
      if (field.type !== "lines") continue;
      rowsOf(worked, field).forEach((row, index) => {
        const line = this.line(field, row, record);
        for (const each of field.fields ?? []) conditions[`${field.name}/${index}/${each.name}`] = this.conditions(each, `${field.name}.${each.name}`, line);
      });
    }
    const sections: Record<string, boolean> = {};
    for (const [name, live] of Object.entries(this.emitted?._sections ?? {})) sections[name] = this.holds(live, record, true);
    return { values: worked, conditions, sections };
  }

  /** What a field starts with, by its default; undefined when there is none or it cannot be said here. */
  initial(field: Field, values: Values, within?: { lines: Field; row: Values }): unknown {
    const live = fieldLive(this.emitted, within ? `${within.lines.name}.${field.name}` : field.name)?.default;
    if (!live) return field.default ?? undefined;
    const record = this.flat(this.form.fields, values, "");
    const result = this.ask(live, within ? this.line(within.lines, within.row, record) : record);
    return result === undefined ? undefined : leave(field, result);
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
      if (field.type === "lines") put(field.name, this.workRows(field, values, record));
      const live = fieldLive(this.emitted, field.name)?.expression;
      if (!live) continue;
      const result = this.ask(live, record);
      if (result !== undefined) put(field.name, leave(field, result));
    }
    return out;
  }

  private workRows(field: Field, values: Values, record: Flat): unknown {
    const formulas = (field.fields ?? []).filter((each) => fieldLive(this.emitted, `${field.name}.${each.name}`)?.expression);
    const rows = rowsOf(values, field);
    if (formulas.length === 0 || rows.length === 0) return values[field.name];
    let changed = false;
    const worked = rows.map((row) => {
      let out = row;
      for (const each of formulas) {
        const result = this.ask(fieldLive(this.emitted, `${field.name}.${each.name}`)!.expression!, this.line(field, out, record));
        if (result === undefined) continue;
        const value = leave(each, result);
        if (same(out[each.name], value)) continue;
        out = { ...out, [each.name]: value };
        changed = true;
      }
      return out;
    });
    return changed ? worked : values[field.name];
  }

  private conditions(field: Field, path: string, record: Flat): Conditions {
    const live = fieldLive(this.emitted, path);
    const unavailable = Object.entries(live?.options ?? {}).filter(([, each]) => !this.holds(each, record, true)).map(([name]) => name);
    return {
      unavailable: unavailable.length > 0 ? unavailable : undefined,
      offered: this.offered(field, live, record),
      visible: live?.visible_when ? this.holds(live.visible_when, record, true) : true,
      required: field.required === true || (live?.required_when ? this.holds(live.required_when, record, false) : false),
      readOnly: field.read_only === true || (live?.read_only_when ? this.holds(live.read_only_when, record, false) : false),
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

  private line(field: Field, row: Values, record: Flat): Flat {
    const line = { ...this.flat(field.fields ?? [], row, "", field.name) };
    for (const [path, value] of Object.entries(record)) line[`parent.${path}`] = value;
    return strictRecord(line);
  }

  private flat(fields: Field[], values: Values, prefix: string, within?: string): Flat {
    const record: Flat = {};
    for (const field of fields) {
      const value = values[field.name];
      if (field.type === "lines") record[prefix + field.name] = rowsOf(values, field).map((row) => this.flat(field.fields ?? [], row, "", field.name));
      else record[prefix + field.name] = enter(field, value);
      const start = `${within ? `${within}.` : ""}${field.name}.`;
      for (const path of this.form.paths ?? [])
        if (path.startsWith(start) && field.type !== "lines") {
          const far = this.far(field, value, path.slice(start.length));
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
  const record: Flat = {};
  for (const field of form.fields)
    record[field.name] =
      field.type === "lines" ? rowsOf(values, field).map((row) => strictRecord(Object.fromEntries((field.fields ?? []).map((each) => [each.name, enter(each, row[each.name])])))) : enter(field, values[field.name]);
  return strictRecord(record);
}

export const rowsOf = (values: Values, field: Field): Values[] => (Array.isArray(values[field.name]) ? (values[field.name] as Values[]) : []);

export const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
