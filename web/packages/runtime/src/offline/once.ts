import { Problem, type Client, type Field, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { same } from "../form/live";

/** What is sent under a key, so that it is done once however often it is. */
export interface Sending {
  key: string;
  form: string;
  /** The record that is changed, and the version that was seen; absent for a new one. */
  record?: number;
  version?: number;
}

/** What became of something that was sent before, and what was changed after it. */
export interface Learnt {
  record: StoredRecord;
  rest: Values;
}

const DIFFERS = "api.idempotency-differs";

export const sendOnce = (client: Client, { key, form, record, version = 0 }: Sending, values: Values): Promise<StoredRecord> =>
  record === undefined ? client.create(form, values, key) : client.update(form, record, version, values, `${key}.${version}`);

/** With what is sent now, each only once: whose answer gets lost may be asked for again by its very words. */
export const triedWith = (tried: readonly Values[] = [], ...more: readonly Values[]): readonly Values[] =>
  more.reduce((all, values) => (all.some((each) => same(each, values)) ? all : [...all, values]), tried);

/** The words that are different from those that were sent before; what was left out since is made blank. */
function changedSince(fields: Field[], before: Values, values: Values): Values {
  const blankOf = (name: string) => (fields.find((field) => field.name === name)?.type === "lines" ? [] : null);
  const names = new Set([...Object.keys(before), ...Object.keys(values)]);
  return Object.fromEntries([...names].map((name) => [name, name in values ? values[name] : blankOf(name)] as const).filter(([name, value]) => !(name in before) || !same(value, before[name])));
}

/**
 * The server refused other words under a key: it had earlier ones, and its answer got lost. Those words again get that
 * answer; what came of them is the record that the newer words change. Undefined where it is another refusal, or
 * nothing that is known to have been sent.
 */
export async function learnt(client: Client, { fields }: Form, sending: Sending, tried: readonly Values[] | undefined, values: Values, refused: unknown): Promise<Learnt | undefined> {
  if (!differs(refused)) return undefined;
  for (const before of [...(tried ?? [])].reverse()) {
    if (same(before, values)) continue;
    try {
      return { record: await sendOnce(client, sending, before), rest: changedSince(fields, before, values) };
    } catch (error) {
      if (!differs(error)) throw error;
    }
  }
  return undefined;
}

const differs = (error: unknown): boolean => error instanceof Problem && error.code === DIFFERS;
