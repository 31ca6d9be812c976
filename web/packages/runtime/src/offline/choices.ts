import { Problem, type Application, type Client, type Reference } from "@lowcode/protocol";
import { store } from "./store";
import { DEPARTMENTS, PEOPLE, wanted } from "./wanted";

const FRESH = 10 * 60_000;

interface Kept {
  at: number;
  items: Reference[];
}

const keyOf = (actor: number, of: string): string => `choices/${actor}/${of}`;

/** Keeps on the device what can be chosen without a network, now and then anew. */
export async function keepChoices(client: Client, actor: number, app: Application): Promise<void> {
  for (const [target, most] of wanted(Object.values(app.forms), (form) => app.forms[form] !== undefined)) {
    const key = keyOf(actor, target);
    const before = await store.get<Kept>("kept", key);
    if (most === 0 || (before && Date.now() - before.at < FRESH)) continue;
    await store.put("kept", key, { at: Date.now(), items: await choicesOf(client, target, most) } satisfies Kept);
  }
}

async function choicesOf(client: Client, target: string, most: number): Promise<Reference[]> {
  const [kind, role] = target.split("/");
  if (target === DEPARTMENTS) return (await client.run<{ items: Reference[] }>("identity.departments")).items;
  if (kind === PEOPLE) return (await client.run<{ items: Reference[] }>("identity.people", { role, limit: Math.min(most, 100) })).items.map(({ id, label }) => ({ id, label }));
  return (await client.list(target, { limit: most, sort: "-updated_at", fields: "id" })).items.map((each) => ({ id: each.id, label: each._label }));
}

/** What was asked, or, when the server cannot be reached, the same as it stays on the device. */
export async function keptInstead<Item extends Reference>(actor: number, target: string, ask: () => Promise<Item[]>): Promise<(Item | Reference)[]> {
  return await orElse(ask, async () => await keptOf(actor, target));
}

const keptOf = async (actor: number, target: string): Promise<Reference[]> => (await store.get<Kept>("kept", keyOf(actor, target)))?.items ?? [];

async function orElse<One, Other>(ask: () => Promise<One>, instead: () => Promise<Other>): Promise<One | Other> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    return await instead();
  }
}

/** What a search answers: the server, or, when it cannot be reached, what stays on the device. */
export async function chosenFrom<Item extends Reference>(actor: number, target: string, search: string, ask: () => Promise<Item[]>): Promise<(Item | Reference)[]> {
  const words = search.trim().toLowerCase();
  return await orElse(ask, async () => (await keptOf(actor, target)).filter((each) => each.label.toLowerCase().includes(words)).slice(0, 20));
}
