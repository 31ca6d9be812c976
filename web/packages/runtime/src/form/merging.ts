import type { Field, Values } from "@lowcode/protocol";
import { calculated, written } from "../fields";
import { rowsOf, same } from "./live";

/** Rows and lists that two people changed, brought together as the server does it (`kernel/records/merging.py`); both
 * keep to `tests/kernel/records/merged_rows.json` and `merged_lists.json`. */
export type Side = "mine" | "theirs";

/** Which side holds where both did something different; undefined leaves it open, and the rows as this side has them. */
export type Choose = (key: string) => Side | undefined;

/** Something both did differently; a row is chosen by its `key`: `7`, in rows of rows `3/items/7`. */
export interface Collision {
  kind: "cell" | "gone" | "removed" | "order";
  /** In what this side has. */
  pointer: string;
  way: string[];
  numbers: number[];
  column: string;
  key: string;
}

/** A row that somebody did something to. */
export interface Touched {
  key: string;
  /** The fields of rows it lies in, from the outermost. */
  way: Field[];
  numbers: number[];
  base?: Values;
  mine?: Values;
  theirs?: Values;
  /** What is different of it. */
  columns: Field[];
  kind: "changed" | "collided" | "added" | "gone" | "removed" | "order";
}

export interface Merged {
  rows: Values[];
  collisions: Collision[];
  touched: Touched[];
}

const UNDECIDED: Choose = () => undefined;
const SEVERAL = new Set(["tags", "multi_select", "links", "members", "departments", "attachment", "image"]);
const NUMBERS = new Set(["money", "number", "percent", "integer", "rating"]);

/** A value as it is sent; numbers however many zeros they end in. */
function plain(column: Field, value: unknown): unknown {
  const sent = written(column, value);
  return NUMBERS.has(column.type) && sent !== null ? String(sent).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") : sent;
}

const differ = (column: Field, one: Values, other: Values): boolean => !same(plain(column, one[column.name]), plain(column, other[column.name]));
const cellsOf = (lines: Field): Field[] => (lines.fields ?? []).filter((each) => each.type !== "lines" && !each.system && !calculated(each));
const innerOf = (lines: Field): Field[] => (lines.fields ?? []).filter((each) => each.type === "lines");

/** A list with what both added to it and without what either took out; undefined where they put it in different orders,
 * where the field takes only one of some, or where it is no list. */
export function mergeLists(field: Field, base: unknown, mine: unknown, theirs: unknown): unknown[] | null | undefined {
  if (!SEVERAL.has(field.type)) return undefined;
  const [known, here, there] = [listed(field, base), listed(field, mine), listed(field, theirs)];
  const kept = new Map([...there].filter(([key]) => here.has(key) || !known.has(key)));
  for (const [key, each] of here) if (!known.has(key) && !kept.has(key)) kept.set(key, each);
  const order = ordered([...known.keys()], [...here.keys()], [...there.keys()], kept);
  if (!order || field.dimensions?.some((group) => group.one && group.options.filter((each) => kept.has(each.name)).length > 1)) return undefined;
  const place = (key: string): number => field.options?.findIndex((each) => each.name === key) ?? 0;
  if (field.type === "multi_select") order.sort((one, other) => place(one) - place(other));
  return order.length > 0 ? order.map((key) => kept.get(key)) : null;
}

/** The elements of a list by what is sent of them. */
function listed(field: Field, value: unknown): Map<string, unknown> {
  const sent = written(field, value);
  return new Map(Array.isArray(value) && Array.isArray(sent) ? sent.map((each, at) => [String(each), value[at] as unknown]) : []);
}

/** Whether somebody did anything to a row, or to the rows in it. */
function changed(lines: Field, base: Values, row: Values): boolean {
  if (cellsOf(lines).some((column) => differ(column, base, row))) return true;
  return innerOf(lines).some((inner) => {
    const was = rowsOf(base, inner);
    const now = rowsOf(row, inner);
    return was.length !== now.length || was.some((each, at) => each["id"] !== now[at]!["id"] || changed(inner, each, now[at]!));
  });
}

/** A row that comes back as a new one, with the rows in it. */
const anew = (lines: Field, row: Values): Values => ({
  ...row,
  id: null,
  ...Object.fromEntries(innerOf(lines).map((inner) => [inner.name, rowsOf(row, inner).map((each) => anew(inner, each))])),
});

const keyOf = (row: Values, at: number): string => (row["id"] == null ? `new ${at}` : String(row["id"]));
const keyed = (rows: Values[]): Map<string, Values> => new Map(rows.map((row, at) => [keyOf(row, at), row]));

/** The rows of both sides, what they disagree on, and every row that somebody touched. */
export function mergeRows(lines: Field, base: Values[], mine: Values[], theirs: Values[], choose: Choose = UNDECIDED): Merged {
  return merge([lines], base, mine, theirs, choose, "", []);
}

function merge(way: Field[], base: Values[], mine: Values[], theirs: Values[], choose: Choose, under: string, above: number[]): Merged {
  const lines = way.at(-1)!;
  const [known, here, there] = [keyed(base), keyed(mine), keyed(theirs)];
  const found = new Map<string, Values>();
  const collisions: Collision[] = [];
  const touched: Touched[] = [];
  const columns = cellsOf(lines);
  const collide = (kind: Collision["kind"], pointer: string, key: string, numbers: number[], column = "") => collisions.push({ kind, pointer, way: [], numbers, column, key });
  [...here].forEach(([name, row], at) => {
    const key = under + name;
    const [was, other] = [known.get(name), there.get(name)];
    const about = { key, way, numbers: [...above, at + 1], mine: row };
    if (was && other) {
      const side = choose(key);
      const merged = { ...other };
      const different = columns.filter((column) => differ(column, row, was) || differ(column, other, was));
      const both = different.filter((column) => differ(column, row, was) && differ(column, other, was) && differ(column, row, other));
      const lists = new Map(both.map((column) => [column, mergeLists(column, was[column.name], row[column.name], other[column.name])]));
      const collided = both.filter((column) => lists.get(column) === undefined);
      for (const column of different) {
        if (!differ(column, row, was) || (side === "theirs" && collided.includes(column))) continue;
        const together = lists.get(column);
        merged[column.name] = together === undefined ? row[column.name] : together;
      }
      for (const column of collided) collide("cell", `/${at}/${column.name}`, key, [at + 1], column.name);
      if (different.length > 0) touched.push({ ...about, base: was, theirs: other, columns: different, kind: collided.length > 0 ? "collided" : "changed" });
      for (const inner of innerOf(lines)) {
        const below = merge([...way, inner], rowsOf(was, inner), rowsOf(row, inner), rowsOf(other, inner), choose, `${key}/${inner.name}/`, about.numbers);
        merged[inner.name] = below.rows;
        touched.push(...below.touched);
        collisions.push(...below.collisions.map((each) => ({ ...each, pointer: `/${at}/${inner.name}${each.pointer}`, way: [inner.name, ...each.way], numbers: [at + 1, ...each.numbers] })));
      }
      found.set(name, merged);
    } else if (!was) {
      found.set(name, row);
      touched.push({ ...about, columns: [], kind: "added" });
    } else if (changed(lines, was, row)) {
      const side = choose(key);
      if (side !== "theirs") found.set(name, side === "mine" ? anew(lines, row) : row);
      collide("gone", `/${at}`, key, [at + 1]);
      touched.push({ ...about, base: was, columns: columns.filter((column) => differ(column, row, was)), kind: "gone" });
    }
  });
  [...there].forEach(([name, row], at) => {
    if (here.has(name)) return;
    const key = under + name;
    const was = known.get(name);
    const about = { key, way, numbers: [...above, at + 1], theirs: row };
    if (!was) {
      found.set(name, row);
      touched.push({ ...about, columns: [], kind: "added" });
    } else if (changed(lines, was, row)) {
      if (choose(key) === "theirs") found.set(name, row);
      collide("removed", "", key, [at + 1]);
      touched.push({ ...about, base: was, columns: columns.filter((column) => differ(column, row, was)), kind: "removed" });
    }
  });
  let order = ordered([...known.keys()], [...here.keys()], [...there.keys()], found);
  if (!order) {
    const key = `${under}order`;
    collide("order", "", key, []);
    touched.push({ key, way, numbers: above, columns: [], kind: "order" });
    order = choose(key) === "theirs" ? interleaved([...there.keys()], [...here.keys()], found, false) : interleaved([...here.keys()], [...there.keys()], found, true);
  }
  return { rows: order.map((name) => found.get(name)!), collisions, touched };
}

/** The rows in the order of whoever changed it; undefined when both did, and differently. */
function ordered(base: string[], mine: string[], theirs: string[], kept: Map<string, unknown>): string[] | undefined {
  const common = (side: string[], one: string[], other: string[]) => side.filter((name) => kept.has(name) && one.includes(name) && other.includes(name));
  const [was, here, there] = [common(base, mine, theirs), common(mine, base, theirs), common(theirs, base, mine)];
  if (same(here, was)) return interleaved(theirs, mine, kept, false);
  if (same(there, was) || same(there, here)) return interleaved(mine, theirs, kept, true);
  return undefined;
}

/** One side's order, with what only the other side has behind the row it stands behind there; where both have rows of
 * their own at one place, those of the one who saved first come first. */
function interleaved(order: string[], other: string[], kept: Map<string, unknown>, theirsFirst: boolean): string[] {
  const found = order.filter((name) => kept.has(name));
  const placed = new Set(found);
  const own = new Set(found.filter((name) => !other.includes(name)));
  let last: string | undefined;
  for (const name of other) {
    if (!kept.has(name)) continue;
    if (!placed.has(name)) {
      let at = last === undefined ? 0 : found.indexOf(last) + 1;
      while (!theirsFirst && at < found.length && own.has(found[at]!)) at += 1;
      found.splice(at, 0, name);
    }
    last = name;
  }
  return found;
}
