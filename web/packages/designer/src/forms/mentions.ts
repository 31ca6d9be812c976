import { isNode, type Json, type Node } from "../tree";

/** Where a form names its own fields besides its layout: taken away or renamed, a field is taken along there. Conditions
 * that are written as expressions are left as they are; what they name and is no more is found when the form is checked. Pure. */

/** Lists of fields, by the list of the form whose items hold them. */
const LISTS: Record<string, readonly string[]> = {
  permissions: ["hide", "read_only"],
  views: ["columns", "card", "sort"],
  unique: ["fields"],
  duplicates: ["fields"],
  public: ["fields"],
  without_overlaps: ["per"],
};
/** The single fields of a view and of a check that it does without. */
const SINGLE: Record<string, readonly string[]> = { views: ["group", "sum", "color"], checks: ["field"] };
/** Items that speak of nothing once their last field is gone. */
const OF_FIELDS = new Set(["unique", "duplicates"]);

/** Another name of a field, or null: it is gone. */
type Became = string | null;

const head = (entry: string): string => entry.replace(/^-/, "").split(".")[0]!;

/** An entry of a list of fields as it is afterwards; undefined: it goes. `-name` and `name.of.another` are meant, too. */
function become(entry: Json, name: string, next: Became): Json | undefined {
  if (isNode(entry)) {
    const field = become(entry["field"] ?? "", name, next);
    return field === undefined ? undefined : field === entry["field"] ? entry : { ...entry, field };
  }
  if (typeof entry !== "string" || head(entry) !== name) return entry;
  return next === null ? undefined : entry.replace(name, next);
}

const all = (list: Json[], name: string, next: Became): Json[] => list.map((each) => become(each, name, next)).filter((each): each is Json => each !== undefined);

/** The form with what it says of a field elsewhere than where it is shown. */
export function mentioned(document: Node, name: string, next: Became): Node {
  const whole: Node = { ...document };
  for (const list of new Set([...Object.keys(LISTS), ...Object.keys(SINGLE)])) {
    const items = document[list];
    if (!Array.isArray(items)) continue;
    whole[list] = items.map((item) => (isNode(item) ? ofItem(item, list, name, next) : item)).filter((item) => !(OF_FIELDS.has(list) && isNode(item) && Array.isArray(item["fields"]) && item["fields"].length === 0));
  }
  const detail = document["detail"];
  if (isNode(detail) && Array.isArray(detail["header"])) whole["detail"] = { ...detail, header: all(detail["header"], name, next) };
  const card = document["business_card"];
  if (isNode(card)) {
    const parts = Object.entries(card).map(([part, field]) => [part, become(field, name, next)] as const).filter((each): each is readonly [string, Json] => each[1] !== undefined);
    if (parts.length > 0) whole["business_card"] = Object.fromEntries(parts);
    else delete whole["business_card"];
  }
  return whole;
}

function ofItem(item: Node, list: string, name: string, next: Became): Node {
  const changed: Node = { ...item };
  for (const key of LISTS[list] ?? []) if (Array.isArray(item[key])) changed[key] = all(item[key], name, next);
  for (const key of SINGLE[list] ?? [])
    if (item[key] !== undefined) {
      const found = become(item[key], name, next);
      if (found === undefined) delete changed[key];
      else changed[key] = found;
    }
  if (isNode(item["filter"])) {
    const filter = inGroup(item["filter"], name, next);
    if (filter) changed["filter"] = filter;
    else delete changed["filter"];
  }
  return changed;
}

/** Conditions in groups; undefined where nothing is left of them. */
function inGroup(group: Node, name: string, next: Became): Node | undefined {
  const before = Array.isArray(group["conditions"]) ? group["conditions"] : [];
  const conditions = before.map((each) => (isNode(each) && "conditions" in each ? inGroup(each, name, next) : become(each, name, next))).filter((each): each is Json => each !== undefined);
  return conditions.length === 0 && before.length > 0 ? undefined : { ...group, conditions };
}
