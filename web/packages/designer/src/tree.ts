/** A document as a tree: every change makes a new one that shares what it does not touch, so that nothing else can
 * change by it. Pure; knows nothing of blocks but that lists hold them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Node = { [key: string]: Json };
export type Path = readonly (string | number)[];

export const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

export const pointerOf = (path: Path): string => path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

export const pathOf = (pointer: string): Path =>
  pointer.split("/").slice(1).map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));

export const same = (one: Path, other: Path): boolean => one.length === other.length && one.every((step, at) => step === other[at]);

/** Whether `inner` is `outer` or lies in it. */
export const within = (inner: Path, outer: Path): boolean => inner.length >= outer.length && same(inner.slice(0, outer.length), outer);

export function at(value: Json | undefined, path: Path): Json | undefined {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found)) found = found[step as number];
    else if (isNode(found)) found = found[step];
    else return undefined;
  }
  return found;
}

/** The same with another value at a place; `undefined` takes the place away. What leads there and is missing is made. */
export function put<Whole extends Json | undefined>(whole: Whole, path: Path, next: Json | undefined): Whole {
  return placed(whole, path, next) as Whole;
}

function placed(whole: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (typeof step === "number") {
    const list = Array.isArray(whole) ? whole : [];
    const value = placed(list[step], rest, next);
    if (value === undefined) return list.filter((_, place) => place !== step);
    const copy = [...list];
    copy[step] = value;
    return copy;
  }
  const node = isNode(whole) ? whole : {};
  const value = placed(node[step], rest, next);
  if (value !== undefined) return { ...node, [step]: value };
  const { [step]: _, ...others } = node;
  return others;
}

export function insert(whole: Node, list: Path, index: number, item: Json): Node {
  const before = at(whole, list);
  const items = Array.isArray(before) ? before : [];
  return put(whole, list, [...items.slice(0, index), item, ...items.slice(index)]);
}

export const remove = (whole: Node, path: Path): Node => put(whole, path, undefined);

/** Takes an item of a list to a place of a list, perhaps another one; into itself it cannot go. Where it is by then. */
export function move(whole: Node, from: Path, list: Path, index: number): { whole: Node; path: Path } | null {
  const item = at(whole, from);
  const place = from[from.length - 1];
  if (item === undefined || typeof place !== "number" || within(list, from)) return null;
  const home = from.slice(0, -1);
  const without = remove(whole, from);
  if (same(home, list)) {
    const next = index > place ? index - 1 : index;
    return { whole: insert(without, list, next, item), path: [...list, next] };
  }
  // The list may lie behind what was taken out: its way leads one place less far.
  const shifted = within(list, home) && list.length > home.length && (list[home.length] as number) > place;
  const target = shifted ? [...home, (list[home.length] as number) - 1, ...list.slice(home.length + 1)] : list;
  return { whole: insert(without, target, index, item), path: [...target, index] };
}

/** Two people changed one thing, each otherwise; what one of them does not have has no key. Mine stands in the whole. */
export interface Clash {
  pointer: string;
  base?: Json;
  mine?: Json;
  theirs?: Json;
}

/** The whole with theirs instead of mine where that is wanted. Done from the end, so that no place moves before its turn. */
export function withTheirs(whole: Node, clashes: readonly Clash[]): Node {
  return clashes.reduceRight((found, { pointer, mine, theirs }) => {
    const path = pathOf(pointer);
    const list = path.slice(0, -1);
    if (mine === undefined && theirs !== undefined && Array.isArray(at(found, list))) return insert(found, list, path[path.length - 1] as number, theirs);
    return put(found, path, theirs);
  }, whole);
}
