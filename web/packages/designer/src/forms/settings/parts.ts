import type { TextKey } from "@lowcode/kit";
import { at, isNode, type Json, type Node, type Path } from "../../tree";

/** What a form is besides its fields and where they stand: each part with the lists of the document it shows. */
export const PARTS = {
  permissions: ["permissions"],
  views: ["views"],
  checks: ["checks", "unique", "duplicates", "without_overlaps"],
  relations: ["relations"],
  public: ["public"],
  card: ["business_card"],
} as const satisfies Record<string, readonly string[]>;
export type Part = keyof typeof PARTS;
export const PART_WORDS: Record<Part, TextKey> = { permissions: "formPermissions", views: "formViews", checks: "formChecks", relations: "formRelations", public: "formPublic", card: "formCard" };

/** The part in which something that is chosen stands; null: it stands on the form. */
export const partOf = (chosen: Path | null): Part | null => (Object.keys(PARTS) as Part[]).find((part) => (PARTS[part] as readonly string[]).includes(String(chosen?.[0]))) ?? null;

export const listOf = (document: Node, key: string): Json[] => {
  const found = at(document, [key]);
  return Array.isArray(found) ? found : [];
};

/** Every item of the lists of all parts: what is wrong with one is said beside it. */
export const itemsOf = (document: Node): Path[] => Object.values(PARTS).flat().flatMap((key) => listOf(document, key).map((_, index): Path => [key, index]));

/** The field that an entry of a list of fields names: the name itself, or a part that says more of it. */
export const fieldOf = (entry: Json): string => (isNode(entry) ? String(entry["field"]) : String(entry));

/** A field that a kind of view is drawn by: its key, the types that serve, and whether it must be there. */
export type Needed = [key: string, types: string[], must: boolean];
/** What only some kinds of view say. */
const OF_SOME = ["card", "columns", "group", "shows", "capacity", "tiles", "sum"];
const ON_CARDS = 4;

/** A view as one of another kind: drawn by the first fields that fit, with what it showed as columns or on cards; what the columns
 * of a board say is not said again on its cards. */
export function viewedAs(view: Node, type: string, needed: Record<string, Needed[]>, fields: { value: string; type: string }[]): Node {
  const before = (needed[String(view["type"] ?? "grid")] ?? []).map(([key]) => key);
  const kept = Object.fromEntries(Object.entries(view).filter(([key]) => !before.includes(key) && !OF_SOME.includes(key)));
  const taken = new Set<string>();
  const drawn = (needed[type] ?? []).flatMap(([key, types, must]): [string, Json][] => {
    const own = typeof view[key] === "string" && fields.some((each) => each.value === view[key] && types.includes(each.type)) ? String(view[key]) : undefined;
    const found = own ?? (must ? fields.find((each) => types.includes(each.type) && !taken.has(each.value))?.value : undefined);
    if (found === undefined) return [];
    taken.add(found);
    return [[key, found]];
  });
  const shown = [view["columns"], view["card"]].find((each): each is Json[] => Array.isArray(each) && each.length > 0);
  const listed: Node = !shown ? {} : CARDS.has(type) ? { card: shown.map(fieldOf).filter((each) => type !== "kanban" || !taken.has(each)).slice(0, ON_CARDS) } : { columns: shown };
  return { ...kept, type, ...Object.fromEntries(drawn), ...listed };
}

/** Kinds of view that show cards and no columns. */
export const CARDS: ReadonlySet<string> = new Set(["kanban", "gallery", "calendar", "resource", "map"]);

/** Each field in one direction only: the one that was said last. */
export const once = (sort: string[]): string[] => sort.filter((each, place) => !sort.slice(place + 1).some((later) => later.replace(/^-/, "") === each.replace(/^-/, "")));
