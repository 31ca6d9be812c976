import { at, insert, isNode, put, type Json, type Node, type Path } from "../tree";

/** A score card as a document: its parts and bands in the order they are written. Pure. */
export const LISTS = ["attributes", "behaviours", "bands"] as const;
export type List = (typeof LISTS)[number];

export const listOf = (document: Node, list: string): Node[] => {
  const found = document[list];
  return Array.isArray(found) ? found.filter(isNode) : [];
};

/** Whether a part of this list is the only one a card has: one it must have. */
export const isLast = (document: Node, list: string): boolean => (list === "attributes" || list === "behaviours") && listOf(document, "attributes").length + listOf(document, "behaviours").length === 1;

/** What can be chosen: each part, the learned one, and each band. */
export const choosable = (document: Node): Path[] => [
  ...LISTS.flatMap((list) => listOf(document, list).map((_, place): Path => [list, place])),
  ...(isNode(document["learned"]) ? [["learned"]] : []),
];

/** A name that no part of the card has, near to what is wanted. */
export function freeName(document: Node, list: List, wanted: string): string {
  const taken = new Set((list === "bands" ? ["bands"] : ["attributes", "behaviours"]).flatMap((each) => listOf(document, each).map((part) => part["name"])));
  const plain = /^[a-z][a-z0-9_]*$/.test(wanted) ? wanted : list === "bands" ? "band" : "part";
  for (let count = 1; ; count++) {
    const name = count === 1 ? plain : `${plain}_${count}`;
    if (!taken.has(name)) return name;
  }
}

/** The card with another part behind those of its list. */
export function added(document: Node, list: List, part: Node): { document: Node; path: Path } {
  const place = listOf(document, list).length;
  return { document: insert(document, [list], place, { ...part, name: freeName(document, list, String(part["name"])) }), path: [list, place] };
}

/** The most and the least that a part can give, as far as its cases and bounds say; null where nothing says. */
export function rangeOf(part: Node): { least: number | null; most: number | null } {
  const number = (value: Json | undefined): number | null => (typeof value === "number" ? value : null);
  const cases = listOf(part, "cases").map((each) => Number(each["points"]));
  const written = cases.length > 0 ? [...cases, number(part["otherwise"]) ?? 0] : null;
  const [floor, cap] = [number(part["floor"]), number(part["cap"])];
  const least = written ? Math.min(...written) : null;
  const most = written ? Math.max(...written) : null;
  return {
    least: floor !== null && least !== null ? Math.max(floor, least) : (floor ?? least),
    most: cap !== null && most !== null ? Math.min(cap, most) : (cap ?? most),
  };
}

/** Bands from the lowest on, each with where it is written, where it begins and where the next one does. */
export function bandsOf(document: Node): { path: Path; band: Node; from: number; to: number }[] {
  const edge = (name: string, otherwise: number) => (typeof document[name] === "number" ? (document[name] as number) : otherwise);
  const [least, most] = [edge("least", 0), edge("most", 100)];
  const found = listOf(document, "bands").map((band, place) => ({ path: ["bands", place] as Path, band, from: typeof band["from"] === "number" ? band["from"] : least }));
  found.sort((one, other) => one.from - other.from);
  return found.map((each, place) => ({ ...each, to: found[place + 1]?.from ?? most }));
}

/** A way of fading instead of another; none takes it away. */
export function fading(document: Node, path: Path, way: string | null): Node {
  if (way === null) return put(document, [...path, "fade"], undefined);
  const before = at(document, [...path, "fade"]);
  const days = isNode(before) ? Object.values(before)[0] : undefined;
  return put(document, [...path, "fade"], { [way]: typeof days === "number" ? days : 30 });
}
