import { useSyncExternalStore } from "react";

/** The place in the page: everything after `#`, so that the server knows one address only. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

type Guard = () => Promise<boolean>;

const guards = new Set<Guard>();
let settled = location.hash;

export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export function link(path: (string | number)[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, value);
  const text = search.toString();
  return `#/${path.map((each) => encodeURIComponent(String(each))).join("/")}${text ? `?${text}` : ""}`;
}

export const recordLink = (form: string, id: number): string => link(["records", form, id]);

/** Whether every open form lets the person go. */
export async function mayLeave(): Promise<boolean> {
  for (const guard of [...guards].reverse()) if (!(await guard())) return false;
  return true;
}

export function guard(ask: Guard): () => void {
  guards.add(ask);
  return () => guards.delete(ask);
}

/** Whether somebody is in the middle of something that is not saved yet. */
export const unsaved = (): boolean => guards.size > 0;

export function go(hash: string): void {
  location.hash = hash;
}

/** Another description of the same place: no step in the browser's history, no question asked. */
export function describe(hash: string): void {
  history.replaceState(history.state, "", hash);
  settled = location.hash;
  listeners.forEach((each) => each());
}

const listeners = new Set<() => void>();

/** Tells everyone that the place is another one; open forms close on it. */
function arrive(): void {
  window.dispatchEvent(new Event("lowcode:place"));
  listeners.forEach((each) => each());
}

window.addEventListener("hashchange", () => {
  const wanted = location.hash;
  if (guards.size === 0) {
    settled = wanted;
    arrive();
    return;
  }
  history.replaceState(history.state, "", settled);
  void mayLeave().then((leave) => {
    if (!leave) return;
    history.replaceState(history.state, "", wanted);
    settled = wanted;
    arrive();
  });
});

let departing = false;

/** The page is left for a while by a link, and comes back to what is open: nobody is asked whether they want to lose it.
 * A press that opens the link in another tab leaves nothing. */
export function depart(press: Pick<MouseEvent, "button" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): void {
  departing = press.button === 0 && !press.ctrlKey && !press.metaKey && !press.shiftKey && !press.altKey;
}

window.addEventListener("beforeunload", (event) => {
  if (guards.size > 0 && !departing) event.preventDefault();
});
window.addEventListener("pageshow", () => (departing = false));

export function usePlace(): Place {
  const hash = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settled,
  );
  return parse(hash);
}
