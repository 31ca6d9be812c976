import { mentioned } from "./mentions";
import { at, insert, isNode, move, put, remove, same, type Json, type Node, type Path } from "../tree";

/** What is done to the document of a form. Its fields stand in `fields`; where they are shown, in `layout`, by name: in
 * sections, and in sections of tabs. Pure. */

export const titled = (item: Json | undefined): Json | undefined => (isNode(item) ? item["title"] : undefined);

const isItems = (list: Path): boolean => list[list.length - 1] === "fields" && list[0] === "layout";

/** Whether a list takes sections: that of the layout, and that of a tab. */
const isSections = (list: Path): boolean => list[0] === "layout" && (list.length === 1 || list[list.length - 1] === "sections");

export const fieldsOf = (document: Node): Node[] => (Array.isArray(document["fields"]) ? document["fields"].filter(isNode) : []);

/** The name of the field that an item of a section shows; null for a line, a notice and a button. */
export const shownBy = (item: Json | undefined): string | null => (typeof item === "string" ? item : isNode(item) && typeof item["field"] === "string" ? item["field"] : null);

/** The same with a layout: what has none shows all of its fields in their order. */
export function laidOut(document: Node): Node {
  if (Array.isArray(document["layout"]) && document["layout"].length > 0) return document;
  return { ...document, layout: [{ columns: 2, fields: fieldsOf(document).filter((each) => each["hidden"] !== true).map((each) => String(each["name"])) }] };
}

/** Every item of the layout with its way. */
export function placed(document: Node): { path: Path; item: Json }[] {
  const found: { path: Path; item: Json }[] = [];
  const walk = (list: Path) => {
    const sections = at(document, list);
    if (!Array.isArray(sections)) return;
    sections.forEach((section, index) => {
      if (!isNode(section)) return;
      if (Array.isArray(section["sections"])) walk([...list, index, "sections"]);
      const items = section["fields"];
      if (Array.isArray(items)) items.forEach((item, place) => found.push({ path: [...list, index, "fields", place], item }));
    });
  };
  walk(["layout"]);
  return found;
}

/** Every way that can be chosen: fields and their columns, and what stands in the layout besides them. */
export function choosable(document: Node): Path[] {
  const found: Path[] = [];
  fieldsOf(document).forEach((field, index) => {
    found.push(["fields", index]);
    if (Array.isArray(field["fields"])) field["fields"].forEach((_, place) => found.push(["fields", index, "fields", place]));
  });
  const walk = (list: Path) => {
    const sections = at(document, list);
    if (Array.isArray(sections))
      sections.forEach((section, index) => {
        found.push([...list, index]);
        if (isNode(section) && Array.isArray(section["sections"])) walk([...list, index, "sections"]);
      });
  };
  walk(["layout"]);
  for (const { path, item } of placed(document)) if (shownBy(item) === null) found.push(path);
  return found;
}

/** Where what is pressed goes: behind the chosen field, into the chosen section, else behind all that is shown. */
export function behind(before: Node, chosen: Path | null): { list: Path; index: number } {
  const document = laidOut(before);
  const section = chosen?.[0] === "layout" ? at(document, chosen) : undefined;
  if (chosen && isNode(section) && Array.isArray(section["fields"])) return { list: [...chosen, "fields"], index: section["fields"].length };
  const field = chosen?.[0] === "fields" ? at(document, chosen.slice(0, 2)) : undefined;
  const all = placed(document);
  const found = (isNode(field) && all.find(({ item }) => shownBy(item) === field["name"])) || all.pop();
  return found ? { list: found.path.slice(0, -1), index: (found.path[found.path.length - 1] as number) + 1 } : lastOf(document);
}

/** The end of the layout, where a new section or tab goes. */
export const lastOf = (document: Node): { list: Path; index: number } => ({ list: ["layout"], index: (laidOut(document)["layout"] as Json[]).length });

/** Fields that are shown nowhere. */
export function unplaced(document: Node): { name: string; path: Path; field: Node }[] {
  const shown = new Set(placed(laidOut(document)).map(({ item }) => shownBy(item)));
  return fieldsOf(document)
    .map((field, index) => ({ name: String(field["name"]), path: ["fields", index] as Path, field }))
    .filter(({ name }) => !shown.has(name));
}

export const wayOf = (document: Node, name: string): Path | null => {
  const index = fieldsOf(document).findIndex((each) => each["name"] === name);
  return index === -1 ? null : ["fields", index];
};

/** A name that no field of a list has yet: that of the kind, with a number where it is taken. */
export function freeName(list: Json | undefined, kind: string): string {
  const taken = new Set(Array.isArray(list) ? list.map((each) => (isNode(each) ? each["name"] : each)) : []);
  for (let count = 1; ; count++) {
    const name = count === 1 ? kind : `${kind}_${count}`;
    if (!taken.has(name)) return name;
  }
}

interface Done {
  document: Node;
  chosen: Path | null;
}

/** A new field at a place: of a section, of the layout (in a section of its own) or among the columns of lines. */
export function addField(before: Node, begin: Node, list: Path, index: number): Done | null {
  const document = laidOut(before);
  if (list[0] === "fields") {
    const name = freeName(at(document, list), String(begin["type"]));
    return { document: insert(document, list, index, { name, ...begin }), chosen: [...list, index] };
  }
  const name = freeName(document["fields"], String(begin["type"]));
  const place = fieldsOf(document).length;
  const more = insert(document, ["fields"], place, { name, ...begin });
  const chosen = ["fields", place];
  if (isItems(list)) return { document: insert(more, list, index, name), chosen };
  if (isSections(list)) return { document: insert(more, list, index, { columns: 2, fields: [name] }), chosen };
  return null;
}

/** A part that is no field: a section, a tab, a line or a notice. */
export function addPart(before: Node, part: Node, list: Path, index: number): Done | null {
  const document = laidOut(before);
  const fits = "tab" in part ? list.length === 1 && list[0] === "layout" : "fields" in part ? isSections(list) : isItems(list);
  return fits ? { document: insert(document, list, index, part), chosen: [...list, index] } : null;
}

/** Shows a field that was shown nowhere. */
export function show(before: Node, name: string, list: Path, index: number): Done | null {
  const document = laidOut(before);
  if (isItems(list)) return { document: insert(document, list, index, name), chosen: wayOf(document, name) };
  if (isSections(list)) return { document: insert(document, list, index, { columns: 2, fields: [name] }), chosen: wayOf(document, name) };
  return null;
}

/** Takes what stands at a place to another; where it does not fit, nothing happens. */
export function shift(before: Node, from: Path, list: Path, index: number): Done | null {
  const document = laidOut(before);
  const home = from.slice(0, -1);
  const item = at(document, from);
  const columns = from[0] === "fields";
  const fits = columns ? same(home, list) : isItems(home) ? isItems(list) : isSections(list) && !(isNode(item) && "tab" in item && list.length > 1);
  const moved = fits ? move(document, from, list, index) : null;
  if (!moved) return null;
  const name = columns ? null : shownBy(item);
  return { document: moved.whole, chosen: name === null ? moved.path : wayOf(moved.whole, name) };
}

/** Takes an item off the form; its field stays, shown nowhere. */
export const takeOff = (before: Node, name: string): Node => {
  const document = laidOut(before);
  return placed(document).filter(({ item }) => shownBy(item) === name).reduceRight((whole, { path }) => remove(whole, path), document);
};

/** Takes a field away, wherever it is shown and listed; a column of lines, a section with what is in it, or another part. */
export function drop(before: Node, path: Path): Node {
  if (path[0] === "fields" && path.length === 2) {
    const field = at(before, path);
    const name = isNode(field) ? String(field["name"]) : "";
    const without = Array.isArray(before["layout"]) && before["layout"].length > 0 ? takeOff(before, name) : before;
    return mentioned(remove(without, path), name, null);
  }
  return remove(path[0] === "layout" ? laidOut(before) : before, path);
}

/** Another name of a field, also where it is shown and listed. */
export function rename(document: Node, path: Path, name: string): Node {
  const field = at(document, path);
  const was = isNode(field) ? field["name"] : undefined;
  const named = put(document, [...path, "name"], name);
  if (path.length !== 2) return named;
  return placed(named).reduce((whole, { path: own, item }) => (shownBy(item) === was ? put(whole, typeof item === "string" ? own : [...own, "field"], name) : whole), mentioned(named, String(was), name));
}

/** How many columns a field is wide. */
export function spanOf(document: Node, name: string): { path: Path; span: number; columns: number } | null {
  const found = placed(document).find(({ item }) => shownBy(item) === name);
  if (!found) return null;
  const section = at(document, found.path.slice(0, -2));
  const columns = isNode(section) && typeof section["columns"] === "number" ? section["columns"] : 2;
  const span = isNode(found.item) && typeof found.item["span"] === "number" ? found.item["span"] : 1;
  return { path: found.path, span, columns };
}

const OPTIONS = new Set(["options", "states", "children"]);

/** Another value at a place. An option that the app has and that gets another name says what it was: the records that
 * hold it go along. Given its name again, it says what it said before. */
export function changed(document: Node, begun: Node, path: Path, value: Json | undefined): Node {
  const next = put(document, path, value);
  const [list, way] = [path.slice(0, -2), path.slice(0, -1)];
  if (path[path.length - 1] !== "name" || path[0] !== "fields" || !OPTIONS.has(String(list[list.length - 1]))) return next;
  const option = at(document, way) as Node;
  const before = begunAs(document, begun, way);
  const was = !before ? option["was"] : before["name"] === value ? before["was"] : before["name"];
  return put(next, [...way, "was"], named(at(next, list)).includes(was) ? undefined : was);
}

/** A field or an option as the app has it, wherever it stands by now: found level by level, from the form down. */
function begunAs(document: Node, begun: Node, way: Path): Node | undefined {
  let before: Node | undefined = begun;
  for (let depth = 2; before && depth <= way.length; depth += 2) {
    const key = String(way[depth - 2]);
    if (key === "dimensions") continue; // a tag is the same in whichever group
    const owner = at(document, way.slice(0, way[depth - 4] === "dimensions" ? depth - 4 : depth - 2));
    const item = at(document, way.slice(0, depth));
    before = isNode(owner) && isNode(item) ? among(below(before, key), below(owner, key), item) : undefined;
  }
  return before;
}

/** What stands under a key of a form, a field or an option; of tags those of every group. */
const below = (owner: Node, key: string): Node[] => [...items(owner[key]), ...(key === "options" ? items(owner["dimensions"]).flatMap((each) => items(each[key])) : [])];

/** Which of those that stood an item was: what has an id is known by it, else by what it says that it was, else by its
 * name, unless another says that it was this one. */
function among(stood: Node[], beside: Node[], item: Node): Node | undefined {
  const by = (key: string, value: Json | undefined) => (value === undefined ? undefined : stood.find((each) => each[key] === value));
  return by("id", item["id"]) ?? by("name", item["was"]) ?? (beside.some((each) => each["was"] === item["name"]) ? undefined : by("name", item["name"]));
}

const items = (list: Json | undefined): Node[] => (Array.isArray(list) ? list.filter(isNode) : []);

const named = (list: Json | undefined): (Json | undefined)[] => items(list).map((each) => each["name"]);

/** Whether a field, a column or a role is one that the app has, by this name: of two of one name, that which stood. */
export function isPublished(document: Node, begun: Node, path: Path): boolean {
  const item = at(document, path);
  const before = isNode(item) ? begunAs(document, begun, path) : undefined;
  if (!isNode(item) || !before || before["name"] !== item["name"]) return false;
  const alike = items(at(document, path.slice(0, -1))).filter((each) => each["name"] === item["name"]);
  return (alike.find((each) => each["id"] !== undefined && each["id"] === before["id"]) ?? alike[0]) === item;
}

/** Whether another one of the same list has a name. */
export const isTaken = (document: Node, path: Path, name: string): boolean => {
  const list = at(document, path.slice(0, -1));
  return Array.isArray(list) && list.some((each, place) => place !== path[path.length - 1] && isNode(each) && each["name"] === name);
};

/** Kinds that hold rows of their own or are worked out: their values are no values of another kind. */
const APART = new Set(["lines", "formula", "rollup", "completeness", "serial"]);

/** Whether a field of one kind may become one of another: what is worked out changes among itself, lines stay lines. */
export const becomes = (type: string, next: string): boolean => type === next || (type !== "lines" && next !== "lines" && APART.has(type) === APART.has(next));

/** So many options are still chosen from; what has more values is no field of choices. */
const MOST_OPTIONS = 60;
const LONGEST_OPTION = 60;

/** The options of a field by the values its records have, the most frequent first; null where they are none to choose from. */
export function optionsOf(values: readonly { value: unknown; count: number }[]): Node[] | null {
  const given = values.filter((each): each is { value: string | number; count: number } => typeof each.value === "string" ? each.value.trim() !== "" : typeof each.value === "number");
  const names = [...given].sort((one, other) => other.count - one.count).map((each) => String(each.value).trim());
  const own = [...new Set(names)];
  if (own.length === 0 || own.length > MOST_OPTIONS || own.some((each) => each.length > LONGEST_OPTION)) return null;
  return own.map((name) => ({ name, title: name }));
}

/** A field as one of another kind: what that may say as well stays, and what it has to say comes from a new one. */
export function retyped(field: Node, begin: Node, allowed: readonly string[]): Node {
  const { title: _, ...fresh } = begin;
  const choices = field["options"] ?? field["states"];
  const kept = Object.fromEntries(Object.entries(field).filter(([key]) => allowed.includes(key) && !["default", "expression", "widget"].includes(key)));
  const listed: Node = choices === undefined ? {} : "states" in fresh ? { states: choices } : "options" in fresh ? { options: choices } : {};
  return { ...fresh, ...kept, ...listed, name: field["name"]!, type: begin["type"]! };
}
