import type { FieldProblem, StoredRecord, Values } from "@lowcode/protocol";
import { useSyncExternalStore } from "react";
import { triedWith } from "./once";
import { store } from "./store";

/** What was filled in while the server could not be reached, until it has it. */
export interface Waiting {
  /** Told to the server, so that what is sent twice is done once. */
  key: string;
  actor: number;
  form: string;
  /** The record that is changed, and the version that was seen; absent for a new one. */
  record?: number;
  version?: number;
  title: string;
  /** As it is sent. */
  values: Values;
  /** The same as it is read and shown. */
  shown: Values;
  /** The record as it was seen: the change can be looked at again by a page that opens without a network. */
  seen?: StoredRecord;
  /** What stood there before, of what was changed. */
  before: Values;
  /** What was sent of it, in the words in which it was: the answer may have got lost on its way. */
  tried?: readonly Values[];
  at: string;
  state: "waiting" | "refused" | "conflict";
  detail?: string;
  /** The server failed at it: what it said of that, how often, and from when on it is tried again by itself. */
  failed?: { detail: string; times: number; again: string };
  problems?: FieldProblem[];
  /** The record as somebody else left it. */
  current?: StoredRecord;
}

/** A name that nobody else gives, where the browser has one at hand and where it has not. */
export const newKey = (): string => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((part) => part.toString(16).padStart(2, "0")).join(""));

let list: readonly Waiting[] = [];
const listeners = new Set<() => void>();
const channel = new BroadcastChannel("lowcode.queue");

/** A device that does not say what waits on it leaves what is known of it: it is told with the next look. */
async function load(): Promise<void> {
  const found = await store.all<Waiting>("queue").catch(() => [...list]);
  list = found.sort((one, other) => one.at.localeCompare(other.at));
  listeners.forEach((each) => each());
}

async function changed(): Promise<void> {
  await load();
  channel.postMessage("changed");
}

channel.onmessage = () => void load();
void load();

/** Everything that waits on this device and belongs to a person, the oldest first. */
export async function waitingOf(actor: number): Promise<readonly Waiting[]> {
  await load();
  return list.filter((each) => each.actor === actor);
}

/** Keeps what somebody filled in; what was sent of it meanwhile stays known. */
export async function keep(entry: Waiting): Promise<void> {
  await store.change<Waiting>("queue", entry.key, (found) => ({ ...entry, tried: triedWith(found?.tried, ...(entry.tried ?? [])) }));
  // Nowhere else yet: the browser is asked not to clear it away when the device is short of room.
  void navigator.storage?.persist?.().catch(() => false);
  await changed();
}

export async function settle(key: string): Promise<void> {
  await store.remove("queue", key);
  await changed();
}

/** Exchanges or takes away what was sent, unless somebody filled in something else meanwhile: that stays, and goes next. */
export const replace = (seen: Waiting, next?: Waiting): Promise<boolean> => exchange(seen, () => next);

/** The same, by what is kept of it now. */
export async function exchange(seen: Waiting, next: (found: Waiting) => Waiting | undefined): Promise<boolean> {
  let still = false;
  await store.change<Waiting>("queue", seen.key, (found) => {
    still = found?.at === seen.at;
    return found && still ? next(found) : found;
  });
  await changed();
  return still;
}

/** Nothing stays behind on a device that somebody leaves. */
export async function forget(): Promise<void> {
  await Promise.all((["queue", "files", "kept"] as const).map((name) => store.clear(name))).catch(() => undefined);
  await globalThis.caches?.delete("lowcode-private").catch(() => false);
  await changed();
}

export function useWaiting(actor: number): readonly Waiting[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => list,
  );
  return all.filter((each) => each.actor === actor);
}
