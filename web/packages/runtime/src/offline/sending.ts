import { Problem, type Client, type Field, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { bare } from "../form/conflict_rows";
import { written } from "../fields";
import { rowsOf, same } from "../form/live";
import { mergeLists, mergeRows } from "../form/merging";
import { failedAt, isDue, type Wish } from "./due";
import { dropFiles, withFiles } from "./files";
import { learnt, sendOnce, triedWith, type Learnt } from "./once";
import { exchange, replace, waitingOf, type Waiting } from "./queue";

export interface Sent {
  done: number;
  /** Whether the rest has to wait for the network. */
  cut: boolean;
}

/** Sends what waits, one after the other; only one page of a device does it at a time. What somebody asks for waits its turn. */
export async function sendAll(client: Client, actor: number, forms: Record<string, Form>, wish?: Wish): Promise<Sent> {
  const work = async (): Promise<Sent> => {
    let done = 0;
    for (const entry of await waitingOf(actor)) {
      if (!isDue(entry, wish, new Date())) continue;
      const form = forms[entry.form];
      if (!form) continue;
      const went = await sendOne(client, form, entry);
      if (went === "later") continue;
      if (went === "cut") return { done, cut: true };
      if (went === "done") done += 1;
    }
    return { done, cut: false };
  };
  if (!navigator.locks) return await work();
  return await navigator.locks.request("lowcode.queue", { ifAvailable: !wish }, async (lock) => (lock ? await work() : { done: 0, cut: false }));
}

type Went = "done" | "cut" | "later" | "asks";

/** What a server answers that is there, and fails at what it was sent: what waits behind that must not wait for it. */
const FAILED = 500;

/** What becomes of one: it is done, it has to wait with all that follow, or alone, or a person has to look at it. */
export async function sendOne(client: Client, form: Form, entry: Waiting): Promise<Went> {
  try {
    const { values, used } = await withFiles(client, entry.values);
    const tried = triedWith(entry.tried, values);
    if (!(await replace(entry, { ...entry, tried }))) return "later";
    try {
      await sendOnce(client, entry, values);
    } catch (error) {
      const found = await learnt(client, form, entry, tried, values, error);
      if (!found) throw error;
      return await changing(client, form, entry, found);
    }
    if (!(await replace(entry))) return "later";
    await dropFiles(used);
    return "done";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.conflict && error.current) return await merged(client, form, entry, error.current);
    if (error.status === FAILED) {
      await replaceFailed(entry, error.detail);
      return "later";
    }
    // Not the fault of what was filled in: the network, a session that ended, a server that is busy.
    if (error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500) return "cut";
    await replace(entry, { ...entry, state: "refused", detail: error.general, problems: error.errors, failed: undefined });
    return "asks";
  }
}

/** It stays, with what the server said, as it was kept last: what was sent of it is known there. */
const replaceFailed = (entry: Waiting, detail: string): Promise<boolean> => exchange(entry, (found) => failedAt(found, detail, new Date()));

/** The server had it in earlier words: what is different since is sent as a change of what it made of those. */
async function changing(client: Client, form: Form, entry: Waiting, { record, rest }: Learnt): Promise<Went> {
  const pick = (values: Values): Values => Object.fromEntries(Object.keys(rest).map((name) => [name, values[name] ?? null]));
  const next: Waiting = { ...entry, record: record.id, version: record.version, values: { ...rest, ...own(entry.values, rest) }, shown: { ...rest, ...own(entry.shown, rest) }, before: pick(record), seen: record, tried: undefined };
  return (await replace(entry, next)) ? await sendOne(client, form, next) : "later";
}

/** Those of some values that others name as well. */
const own = (values: Values, named: Values): Values => Object.fromEntries(Object.entries(values).filter(([name]) => name in named));

/** Somebody else changed the record meanwhile: what does not collide goes on, what does is asked about, unless the form says. */
async function merged(client: Client, form: Form, entry: Waiting, current: StoredRecord): Promise<Went> {
  const own = form.fields.filter((field) => field.name in entry.values);
  const rows = new Map(own.filter((field) => field.type === "lines").map((field) => [field.name, mergeRows(field, rowsOf(entry.before, field), rowsOf(entry.shown, field), rowsOf(current, field), () => form.offline?.conflicts[field.name])]));
  const changedThere = (field: Field) => !same(bare(entry.before[field.name]), bare(current[field.name])) && !same(bare(entry.shown[field.name]), bare(current[field.name]));
  const lists = new Map(own.filter((field) => !rows.has(field.name) && changedThere(field)).map((field) => [field.name, mergeLists(field, entry.before[field.name], entry.shown[field.name], current[field.name])]));
  const collided = own.filter((field) => (rows.has(field.name) ? rows.get(field.name)!.collisions.length > 0 : lists.has(field.name) && lists.get(field.name) === undefined));
  if (collided.some((field) => form.offline?.conflicts[field.name] === undefined)) {
    await replace(entry, { ...entry, state: "conflict", current, failed: undefined });
    return "asks";
  }
  const together = new Map<string, unknown>([...[...rows].map(([name, merged]) => [name, merged.rows] as const), ...[...lists].filter(([, merged]) => merged !== undefined)]);
  const shown = { ...entry.shown, ...Object.fromEntries(together) };
  const theirs = new Set(collided.filter((field) => !rows.has(field.name) && form.offline?.conflicts[field.name] === "theirs").map((field) => field.name));
  const open = own.filter((field) => !theirs.has(field.name) && !same(bare(shown[field.name]), bare(current[field.name])));
  if (open.length === 0) {
    await replace(entry);
    return "done";
  }
  const sent = Object.fromEntries(own.flatMap((field) => (together.has(field.name) ? [[field.name, written(field, shown[field.name])]] : [])));
  const pick = (values: Values): Values => Object.fromEntries(open.map((field) => [field.name, values[field.name]]));
  const next: Waiting = { ...entry, version: current.version, values: pick({ ...entry.values, ...sent }), shown: pick(shown), before: pick(current), seen: current, tried: undefined };
  return (await replace(entry, next)) ? await sendOne(client, form, next) : "later";
}
