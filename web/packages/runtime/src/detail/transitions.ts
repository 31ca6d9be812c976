import { library, moment as momentOf } from "@lowcode/expressions";
import { words, type Field, type Form, type MomentState, type StoredRecord, type Wanted } from "@lowcode/protocol";
import { fieldLive, type FormLive } from "../expressions";
import { blank } from "../fields";
import { flatRecord } from "../form/live";

export interface Move {
  to: string;
  title: string;
  /** The name of the state it leads to. */
  target: string;
  allowed: boolean;
  message?: string;
  /** Fields that have to be filled in first. */
  missing: string[];
  /** Everything that still keeps the record back, as far as the server has said. */
  unmet: Wanted[];
  confirm?: string;
  closing: boolean;
  won: boolean;
}

/** The transitions from where a record stands: the server's word, or, where it gave none, what the definitions say. */
export function transitionsOf(form: Form, field: Field, record: StoredRecord, emitted: FormLive | undefined, state: MomentState | undefined, now: Date, locale = document.documentElement.lang): Move[] {
  const current = record[field.name];
  const conditions = fieldLive(emitted, field.name)?.transitions ?? [];
  const given = record._meta?.transitions?.[field.name];
  const out: Move[] = [];
  (field.transitions ?? []).forEach((transition, index) => {
    if (transition.to === current || (transition.from && !transition.from.includes(String(current)))) return;
    if (out.some((each) => each.to === transition.to)) return;
    const word = given?.find((each) => each.to === transition.to);
    if (given && !word) return;
    const target = field.states?.find((each) => each.name === transition.to);
    const name = target ? words(target.title, locale) || target.name : transition.to;
    const condition = transition.index !== undefined || conditions.length === field.transitions?.length ? conditions[transition.index ?? index] : null;
    out.push({
      to: transition.to,
      title: words(transition.title, locale) || name,
      target: name,
      allowed: word?.allowed ?? (condition ? holds(condition, form, record, state, now) : true),
      message: word?.message,
      missing: (word?.missing ?? (transition.required ?? []).filter((each) => blank(record[each]))).filter((each) => form.fields.some((field) => field.name === each && !field.read_only)),
      unmet: word?.unmet ?? [],
      confirm: words(transition.confirm, locale),
      closing: target?.closed === true,
      won: target?.won === true,
    });
  });
  return out;
}

function holds(condition: (record: Record<string, unknown>, moment: unknown, library: unknown) => unknown, form: Form, record: StoredRecord, state: MomentState | undefined, now: Date): boolean {
  try {
    return condition(flatRecord(form, record), momentOf({ ...state, now: now.toISOString(), is_new: false }), library) === true;
  } catch {
    return true;
  }
}
