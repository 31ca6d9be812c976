import { useRuntime } from "@lowcode/runtime";
import { useEffect, useRef, useState } from "react";
import type { Beginning } from "./history";
import { isNode, type Node } from "./tree";

/** A draft on this device; right after a merge with what was mine before. */
export type Kept = Beginning & { base: string };

const understood = (text: string | null): Kept | null => {
  try {
    const found = JSON.parse(text ?? "null") as Kept | null;
    return found && isNode(found.document) ? found : null;
  } catch {
    return null;
  }
};

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing: what is not published is gone with the page
  }
};

const PREFIX = "lowcode-design";
const keyOf = (app: string, person: number, path: string): string => `${PREFIX} ${app} ${person} ${path}`;

/** Every draft somebody has on this device, by the path of its document. */
export function draftsHere(app: string, person: number): Map<string, Kept> {
  const begins = keyOf(app, person, "");
  const found = new Map<string, Kept>();
  try {
    for (const key of Object.keys(localStorage)) {
      const kept = key.startsWith(begins) ? understood(localStorage.getItem(key)) : null;
      if (kept) found.set(key.slice(begins.length), kept);
    }
  } catch {
    return found; // a browser that keeps nothing
  }
  return found;
}

/** What somebody began under a path that the app has no document at, and did not publish: as it stands on this device now. */
export function useBegunHere(path: string): () => Node | undefined {
  const { app, session } = useRuntime();
  return () => understood(read(keyOf(app.name, session.actor.id, path)))?.document;
}

/** What was designed and not published, kept on this device until it is. `news` is what another tab kept since this one
 * last looked: undefined when that is nothing new, null when there is no draft any more. */
export function useKept(path: string): { kept: Kept | null; keep: (kept: Kept | null) => void; news: () => Kept | null | undefined } {
  const { app, session } = useRuntime();
  const key = keyOf(app.name, session.actor.id, path);
  const [begun] = useState(() => read(key));
  const [kept] = useState(() => understood(begun));
  const seen = useRef(begun);
  const keep = (next: Kept | null) => {
    const text = next === null ? null : JSON.stringify(next);
    if (text === seen.current) return;
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      seen.current = text;
    } catch {
      return;
    }
  };
  const news = () => {
    const text = read(key);
    if (text === seen.current) return undefined;
    seen.current = text;
    return understood(text);
  };
  return { kept, keep, news };
}

/** Looks for what another tab kept: when the browser tells of it, and when this tab is looked at again. */
export function useFollowed(look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    const heard = () => latest.current();
    const events = [["storage", window], ["pageshow", window], ["visibilitychange", document]] as const;
    events.forEach(([name, target]) => target.addEventListener(name, heard));
    return () => events.forEach(([name, target]) => target.removeEventListener(name, heard));
  }, []);
}
