import { useQuery } from "@tanstack/react-query";
import { useRuntime } from "../runtime";

/** Where somebody was lately. Only the numbers of records stay on the machine; their names are asked for anew. */
export interface Visit {
  form: string;
  id: number;
}

const LIMIT = 8;
const KEY = "lowcode.recent";

const keyOf = (actor: number): string => `${KEY}.${actor}`;

function visits(actor: number): Visit[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keyOf(actor)) ?? "[]");
    return Array.isArray(found) ? (found as Visit[]) : [];
  } catch {
    return [];
  }
}

/** Notes that a record was opened. */
export function visited(actor: number, form: string, id: number): void {
  const others = visits(actor).filter((each) => each.form !== form || each.id !== id);
  localStorage.setItem(keyOf(actor), JSON.stringify([{ form, id }, ...others].slice(0, LIMIT)));
}

/** Nothing of anybody's ways stays behind when they sign out. */
export function forgetVisits(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(KEY)) localStorage.removeItem(key);
}

export interface Recent extends Visit {
  label: string;
}

/** The records opened last that may still be read, the latest first. */
export function useRecent(open: boolean): Recent[] {
  const { app, client, session } = useRuntime();
  const kept = open ? visits(session.actor.id).filter((each) => app.forms[each.form]) : [];
  const found = useQuery({
    queryKey: ["recent", kept],
    enabled: kept.length > 0,
    queryFn: async () => {
      const forms = [...new Set(kept.map((each) => each.form))];
      const labels = await Promise.all(forms.map((form) => client.run<Record<string, string>>("records.label", { type: form, ids: kept.filter((each) => each.form === form).map((each) => each.id) })));
      return kept.flatMap((each) => {
        const label = labels[forms.indexOf(each.form)]?.[each.id];
        return label === undefined ? [] : [{ ...each, label }];
      });
    },
  });
  return found.data ?? [];
}
