import type { TextKey } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { at, isNode, put, remove, type Json, type Node, type Path } from "../tree";

/** What an app is as a whole: each part with what of the document it shows. */
export const PARTS = { menus: ["menus"], roles: ["roles"], home: ["home"], calendars: ["calendar", "calendars"], general: [] } as const satisfies Record<string, readonly string[]>;
export type Part = keyof typeof PARTS;
export const PART_WORDS: Record<Part, TextKey> = { menus: "appMenus", roles: "appRoles", home: "appHome", calendars: "designCalendars", general: "appGeneral" };

/** The part that an address names; the calendars have a desk of their own at `app/calendars`, and stand here at another word. */
const PLACES: Record<Part, string> = { menus: "", roles: "roles", home: "home", calendars: "times", general: "general" };
export const partAt = (word: string | undefined): Part => (Object.keys(PLACES) as Part[]).find((part) => PLACES[part] === (word ?? "")) ?? "menus";
export const placeOf = (part: Part): string => `app/${PLACES[part]}`.replace(/\/$/, "");

/** The part in which something that is chosen stands: menus while nothing is. */
export const partOf = (chosen: Path | null): Part => (chosen === null ? "menus" : ((Object.keys(PARTS) as Part[]).find((part) => (PARTS[part] as readonly string[]).includes(String(chosen[0]))) ?? "general"));

const listAt = (document: Node, path: Path): Json[] => {
  const found = at(document, path);
  return Array.isArray(found) ? found : [];
};
const places = (document: Node, path: Path): Path[] => listAt(document, path).map((_, index): Path => [...path, index]);

/** Everything that what is wrong can be said beside: menus with their items, roles, first pages, times of teams. */
export const blocksOf = (document: Node): Path[] => [...places(document, ["menus"]).flatMap((menu) => [menu, ...places(document, [...menu, "items"])]), ...["roles", "home", "calendars"].flatMap((key) => places(document, [key]))];

/** The roles of the app as it is designed, with that of administrators, which is always there. */
export function rolesOf(document: Node): { value: string; title: Text }[] {
  const stated = listAt(document, ["roles"]).filter(isNode).map((each) => ({ value: String(each["name"]), title: (each["title"] ?? String(each["name"])) as Text }));
  return stated.some((each) => each.value === "administrator") ? stated : [...stated, { value: "administrator", title: "administrator" }];
}

/** The time zones that browsers know. */
export const zones = (): { value: string; title: Text }[] => Intl.supportedValuesOf("timeZone").map((value) => ({ value, title: value }));

/** Where the app as a whole names roles. */
const naming = (document: Node): Path[] => [
  ...blocksOf(document).filter((way) => way[0] !== "roles").map((way) => [...way, "roles"]),
  ["second_factor", "roles"],
];

/** The app with one of its roles under another name, or without it, wherever it names it; a list without roles would
 * mean everybody, so what only that role had is left as it is, to be decided by who designs. */
function withRole(document: Node, name: string, next: string | null): Node {
  return naming(document).reduce((whole, path) => {
    const roles = listAt(whole, path);
    if (!roles.includes(name)) return whole;
    const left = next === null ? roles.filter((each) => each !== name) : roles.map((each) => (each === name ? next : each));
    return left.length === 0 ? whole : put(whole, path, left);
  }, document);
}

const ofRole = (document: Node, name: string): boolean => listAt(document, ["roles"]).some((each) => isNode(each) && each["name"] === name);

/** What names a role goes along with it, unless another role is still called so: then it is that one which is meant. */
const along = (document: Node, name: string, next: string | null): Node => (ofRole(document, name) ? document : withRole(document, name, next));

/** A role under another name. */
export function renamedRole(document: Node, way: Path, to: string): Node {
  const role = at(document, way);
  const named = put(document, [...way, "name"], to);
  return isNode(role) ? along(named, String(role["name"]), to) : named;
}

/** The app without one of its roles. */
export function droppedRole(document: Node, way: Path): Node {
  const role = at(document, way);
  const left = remove(document, way);
  return isNode(role) ? along(left, String(role["name"]), null) : left;
}

/** What a menu item or a first page shows. */
const SHOWS = ["form", "view", "dashboard", "report", "tasks"];

/** What something shows, as one word that can be chosen. */
export const shownBy = (item: Node): string => (item["tasks"] === true ? "tasks" : item["dashboard"] ? `dashboard:${String(item["dashboard"])}` : item["report"] ? `report:${String(item["report"])}` : item["form"] ? `form:${String(item["form"])}${item["view"] ? `/${String(item["view"])}` : ""}` : "");

/** The same that shows something else. */
export function showing(item: Node, shown: string): Node {
  const rest = Object.fromEntries(Object.entries(item).filter(([key]) => !SHOWS.includes(key)));
  const [what = "", named = ""] = shown.split(":");
  const [name = "", view] = named.split("/");
  return what === "tasks" ? { tasks: true, ...rest } : { [what]: name, ...(view ? { view } : {}), ...rest };
}

/** Everything that stands in a menu, as what it shows, whatever the view. */
export const inMenus = (document: Node): Set<string> => new Set(blocksOf(document).filter((way) => way[0] === "menus" && way.length === 4).map((way) => at(document, way)).filter(isNode).map((item) => shownBy(item).split("/")[0]!));
