import type { Offers } from "./design";

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
