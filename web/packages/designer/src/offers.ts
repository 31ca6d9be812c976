import type { Field, Form } from "@lowcode/protocol";
import type { Offers } from "./design";
import { askable } from "./tables/known";

/** What expressions about a record of a form may name: its fields, and those of what it links to. */
export function offersOf(name: string, forms: Record<string, Form>): Offers {
  const offer = (field: Field, before = "") => ({ path: `${before}${field.name}`, title: field.title ?? field.name, type: field.type });
  const fields = askable(forms[name]?.fields);
  return {
    own: fields.map((each) => offer(each)), rows: [],
    linked: fields.filter((each) => each.type === "link").map((each) => ({ ...offer(each), items: askable(forms[String(each.to)]?.fields).map((one) => offer(one, `${each.name}.`)) })),
  };
}
