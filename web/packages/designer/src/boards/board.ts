import type { Spot } from "@lowcode/runtime/dashboards/moving";
import { isNode, put, type Json, type Node, type Path } from "../tree";

/** A report as the server offers it for boards. */
export interface Offered {
  name: string;
  title: Json;
  chart: string;
  form: string;
  /** Whether a period narrows it, and what else can. */
  dated: boolean;
  follows: { value: string; title: Json }[];
}

/** A tile of a document on the grid: what it says, and where it stands in the document. */
export interface Placed extends Spot {
  tile: Node;
  path: Path;
}

export type Sort = "report" | "heading" | "text";
export const SORTS: readonly Sort[] = ["report", "heading", "text"];
export const sortOf = (tile: Node): Sort => SORTS.find((each) => tile[each] !== undefined && tile[each] !== null) ?? "report";

const nodes = (value: Json | undefined): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const whole = (value: Json | undefined, least: number, usual: number): number => (typeof value === "number" && Number.isInteger(value) && value >= least ? value : usual);

export const filtersOf = (document: Node): Node[] => nodes(document["filters"]);
export const reportOf = (tile: Node): string => (typeof tile["report"] === "string" ? tile["report"] : "");

/** Which filter of its report each filter of the board stands for in a tile. */
export const followsOf = (tile: Node): Node => (isNode(tile["filters"]) ? tile["filters"] : {});

/** The tiles of a document. Each is known by what it shows, so that it stays the same while others come and go. */
export function tilesOf(document: Node): Placed[] {
  const counts = new Map<string, number>();
  return nodes(document["tiles"]).map((tile, index) => {
    const shows = sortOf(tile) === "report" ? `report ${reportOf(tile)}` : sortOf(tile);
    const count = (counts.get(shows) ?? 0) + 1;
    counts.set(shows, count);
    const w = Math.min(12, whole(tile["w"], 1, 6));
    const x = Math.min(whole(tile["x"], 0, 0), 12 - w);
    return { i: `${shows} ${count}`, x, y: whole(tile["y"], 0, 0), w, h: whole(tile["h"], 1, 2), ...(sortOf(tile) === "report" ? {} : { least: 1 }), tile, path: ["tiles", index] };
  });
}

/** The document with its tiles where they stand; those that are not there any more are gone, new ones come last. */
export function withTiles(document: Node, tiles: readonly Pick<Placed, "tile" | "x" | "y" | "w" | "h">[]): Node {
  const written = tiles.map(({ tile, x, y, w, h }) => (tile["x"] === x && tile["y"] === y && tile["w"] === w && tile["h"] === h ? tile : { ...tile, x, y, w, h }));
  return put(document, ["tiles"], written);
}

/** The grid's own measures for something new: a number is small, a table and a map need room. */
export function sizeOf(sort: Sort, chart = ""): { w: number; h: number } {
  if (sort === "heading") return { w: 12, h: 1 };
  if (sort === "text") return { w: 4, h: 3 };
  if (chart === "kpi") return { w: 3, h: 2 };
  return { w: 6, h: ["map", "pivot", "cohort", "sankey"].includes(chart) ? 6 : 5 };
}

export const below = (tiles: readonly Placed[]): number => Math.max(0, ...tiles.map((each) => each.y + each.h));

/** Two tiles in one another's place; each keeps its size. */
export function swapped(tiles: readonly Placed[], one: Placed, other: Placed): Placed[] {
  const at = (tile: Placed, { x, y }: Placed) => ({ ...tile, x: Math.min(x, 12 - tile.w), y });
  return tiles.map((each) => (each.i === one.i ? at(each, other) : each.i === other.i ? at(each, one) : each));
}

/** What is asked of the server to draw the tiles: each report once for each way in which it follows the filters. Where
 * tiles stand and what they are called is no part of it, so that moving them asks nothing. */
export function asked(document: Node, known: ReadonlySet<string>): Node {
  const tiles = new Map<string, Node>();
  const filters = filtersOf(document).filter((each) => typeof each["name"] === "string");
  const names = new Set(filters.map((each) => each["name"]));
  for (const { tile } of tilesOf(document)) {
    if (!known.has(reportOf(tile))) continue;
    const follows = Object.fromEntries(Object.entries(followsOf(tile)).filter(([name]) => names.has(name)));
    tiles.set(drawnBy(tile), { report: reportOf(tile), filters: follows, x: 0, y: tiles.size, w: 12, h: 2 });
  }
  return { name: document["name"] ?? "", title: document["title"] ?? "", type: "dashboard", filters, tiles: [...tiles.values()] };
}

/** What decides what a tile draws. */
export const drawnBy = (tile: Node): string => `${reportOf(tile)} ${JSON.stringify(followsOf(tile))}`;

/** How a report follows a filter: by which of its own, by none, or as nothing says otherwise. */
export type Follows = { by: string; said: boolean } | { by: null; said: boolean };

export function followedBy(tile: Node, filter: Node, report: Offered | undefined): Follows {
  const name = String(filter["name"]);
  const meant = followsOf(tile)[name];
  if (meant === false) return { by: null, said: true };
  if (typeof meant === "string") return { by: meant, said: true };
  const able = name === "period" ? report?.dated : report?.follows.some((each) => each.value === name);
  return { by: able ? name : null, said: false };
}

/** The document in which a tile follows a filter by another one of its report; undefined: as nothing says otherwise. */
export function following(document: Node, path: Path, filter: string, by: string | false | undefined): Node {
  const next = put(document, [...path, "filters", filter], by);
  const left = next && (next["tiles"] as Json[])[path[1] as number];
  return isNode(left) && isNode(left["filters"]) && Object.keys(left["filters"]).length === 0 ? put(next, [...path, "filters"], undefined) : next;
}

/** The document without a filter: no tile speaks of it any more. */
export function withoutFilter(document: Node, index: number): Node {
  const name = String(filtersOf(document)[index]?.["name"]);
  return tilesOf(document).reduce((found, { path, tile }) => (name in followsOf(tile) ? following(found, path, name, undefined) : found), put(document, ["filters", index], undefined));
}
