import type { Offers } from "./design";
import type { Json } from "./tree";

/** The names in an expression, and what stands in quotes, in which there are none. */
const NAMES = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[A-Za-z_][\w]*(?:\.\w+)*(?!\w*\()/g;

/** What an expression is called: the titles of the fields in it, those of another record behind what leads there. */
export function titleOf(offers: Offers, rows: string | null, expression: string, said: (title: unknown) => string): string {
  const { items: own = [], linked = [] } = rows === null ? { items: offers.own, linked: offers.linked } : (offers.rows.find((each) => each.path === rows) ?? {});
  const known = new Map(own.map((each) => [each.path, said(each.title)]));
  for (const each of linked) {
    if (!known.has(each.path)) known.set(each.path, said(each.title));
    for (const item of each.items ?? []) known.set(item.path, `${said(each.title)} · ${said(item.title)}`);
  }
  const titled = (name: string) => known.get(rows === null ? name : `${rows}.${name}`) || name;
  return expression.replace(NAMES, (part, text?: string) => (text === undefined ? titled(part) : text));
}

/** What something new begins with, its words in the languages of the app only: one is written as it is, several by
 * language. Words in none of them stay, so that nothing is left without a name. */
export function spokenIn<Begin extends Json>(begin: Begin, languages: readonly string[]): Begin {
  if (Array.isArray(begin)) return begin.map((each) => spokenIn(each, languages)) as Begin;
  if (typeof begin !== "object" || begin === null) return begin;
  const entries = Object.entries(begin) as [string, Json][];
  if (!("zh-CN" in begin && "en" in begin)) return Object.fromEntries(entries.map(([name, each]) => [name, spokenIn(each, languages)])) as Begin;
  const own = entries.filter(([tag]) => languages.includes(tag));
  if (own.length === 0) return begin;
  return (languages.length === 1 ? own[0]![1] : Object.fromEntries(own)) as Begin;
}

const LONGEST = 48;

/** The name of something by its title: its Latin letters and digits, else the word of its kind; with a number where that is taken. */
export function codeOf(title: string, kind: string, taken: (name: string) => boolean): string {
  const letters = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
  const name = (letters || kind).slice(0, LONGEST - 4).replace(/_+$/, "");
  for (let count = 1; ; count++) {
    const found = count === 1 && letters ? name : `${name}_${count}`;
    if (!taken(found)) return found;
  }
}
