import type { Favourite } from "@lowcode/protocol";
import type { Query, QueryClient } from "@tanstack/react-query";

/** What no record changes: it is asked again where it is changed itself, or when the server tells of another version. */
const SETTLED = new Set([
  "absences", "application", "board-ways", "boards", "calendars", "connections", "copy", "deliveries", "departments", "devices", "directory", "drafts", "edit", "factor", "factors", "hours", "keys",
  "messages", "organisations", "outlines", "people", "printers", "regions", "requests", "shares", "snippet", "subscriptions", "templates", "views",
]);
/** What a server that can be listened to tells its person about. */
const TOLD = new Set(["favourites", "notifications", "task", "tasks"]);
/** What is asked about single records of a list, by their ids. */
const PIECES = new Set(["fixed", "standing"]);

/** What the server told that happened to a record; a flow names its instance. */
export interface Happened {
  form: string;
  id: number;
  version?: number | null;
  instance?: number;
}

let heard = false;
/** Versions that this page made itself: it asked anew when it did. */
const own = new Map<string, number>();
const MOST = 500;

/** Whether the server is listened to. */
export const listening = (now: boolean): void => void (heard = now);

/** This page saved a record. */
export function saved(form: string, id: number, version: number): void {
  if (own.size >= MOST) own.clear();
  own.set(`${form}/${id}`, version);
}

/** Whether this page saved it itself. */
export const ours = ({ form, id, version }: Happened): boolean => version != null && (own.get(`${form}/${id}`) ?? 0) >= version;

type Kept = Pick<Query, "queryKey">;

/** Much may have changed: what is read of records, tasks and notices is asked again. What the app is stays: no record
 * changes it, and reading it anew took longer than all the rest. */
export const changed = (queries: QueryClient): Promise<void> => queries.invalidateQueries({ predicate: ({ queryKey }) => !SETTLED.has(queryKey[0] as string) });

/** A record was saved: what is read of records is asked again. What it set off for this person, a task or a notice, the
 * server tells; only where it cannot be listened to is that asked as well. `apart`: what this save left alone. */
export const renewed = (queries: QueryClient, apart: (query: Kept) => boolean = () => false): Promise<void> =>
  queries.invalidateQueries({ predicate: (query) => !SETTLED.has(query.queryKey[0] as string) && !(heard && TOLD.has(query.queryKey[0] as string)) && !apart(query) });

/** What is read of one record, and not of that of another form with the same number; a score names its card instead. */
export const ofRecord = (form: string, id: number) => ({ queryKey }: Kept): boolean => queryKey.includes(id) && (queryKey.includes(form) || queryKey[0] === "score");

/** This person decided: what came of it the server tells, record by record. What is shown next is on its way already and
 * is not asked twice; what is not shown is asked when it is. */
export const settled = (queries: QueryClient): Promise<void> =>
  heard ? queries.invalidateQueries({ predicate: ({ queryKey }) => !SETTLED.has(queryKey[0] as string), refetchType: "none" }) : changed(queries);

/** Whether what somebody keeps at hand is called otherwise now, or gone. */
export function keepsRecord({ queryKey: [what], state }: Pick<Query, "queryKey" | "state">, at: Happened): boolean {
  const kept = (state.data as { items: Favourite[] } | undefined)?.items ?? [];
  return what === "favourites" && kept.some((each) => each.form === at.form && each.record === at.id);
}

/** Whether something is asked again when a record was changed. A list, a board or a record of another form may show it;
 * another record of the same form does not. */
export function showsRecord({ queryKey: [what, form, id, , ids] }: Kept, at: Happened): boolean {
  if (what === "records") return !PIECES.has(id as string) || (form === at.form && (ids as number[]).includes(at.id));
  return (what === "record" || what === "timeline") && (form !== at.form || id === at.id);
}

/** Whether something is asked again when a flow went on. */
export function showsFlow({ queryKey: [what, form, id], state }: Pick<Query, "queryKey" | "state">, at: Happened): boolean {
  const here = form === at.form && id === at.id;
  if (what === "timeline") return here;
  if (what === "flows") return here || form === "list" || form === "incidents" || ((form === "ahead" || form === "instance") && id === at.instance);
  if (what !== "task") return false;
  const about = (state.data as { record?: { form: string; id: number } | null } | undefined)?.record;
  return about == null || (about.form === at.form && about.id === at.id);
}
