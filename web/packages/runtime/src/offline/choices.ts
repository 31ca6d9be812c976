import { Problem, type Application, type Client, type Field, type Reference } from "@lowcode/protocol";
import { store } from "./store";

const FRESH = 10 * 60_000;

interface Kept {
  at: number;
  items: Reference[];
}

const keyOf = (actor: number, of: string): string => `choices/${actor}/${of}`;

/** What the links and people of a form that may be filled in without a network are chosen from, by the form they link to. */
function wanted(app: Application): Map<string, number> {
  const found = new Map<string, number>();
  const take = (field: Field, most: number) => {
    if (field.type === "lines") field.fields?.forEach((each) => take(each, most));
    const target = field.type === "member" || field.type === "members" ? "user" : field.type === "link" || field.type === "links" ? field.to : undefined;
    if (target && (target === "user" || app.forms[target])) found.set(target, Math.max(found.get(target) ?? 0, most));
  };
  for (const form of Object.values(app.forms)) if (form.offline) form.fields.filter((field) => !field.system).forEach((field) => take(field, form.offline!.choices));
  return found;
}

/** Keeps on the device what can be chosen without a network, now and then anew. */
export async function keepChoices(client: Client, actor: number, app: Application): Promise<void> {
  for (const [target, most] of wanted(app)) {
    const key = keyOf(actor, target);
    const before = await store.get<Kept>("kept", key);
    if (most === 0 || (before && Date.now() - before.at < FRESH)) continue;
    const items =
      target === "user"
        ? (await client.run<{ items: Reference[] }>("identity.people", { limit: Math.min(most, 100) })).items
        : (await client.list(target, { limit: most, sort: "-updated_at", fields: "id" })).items.map((each) => ({ id: each.id, label: each._label }));
    await store.put("kept", key, { at: Date.now(), items: items.map(({ id, label }) => ({ id, label })) } satisfies Kept);
  }
}

/** What a search answers: the server, or, when it cannot be reached, what stays on the device. */
export async function chosenFrom<Item extends Reference>(actor: number, target: string, search: string, ask: () => Promise<Item[]>): Promise<(Item | Reference)[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const kept = await store.get<Kept>("kept", keyOf(actor, target));
    const words = search.trim().toLowerCase();
    return (kept?.items ?? []).filter((each) => each.label.toLowerCase().includes(words)).slice(0, 20);
  }
}
