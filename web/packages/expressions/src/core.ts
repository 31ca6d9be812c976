import { add, divide, multiply, number, subtract, type Exact } from "./exact";
import { equal, order, textOf, type Moment } from "./values";

type Lazy = () => unknown;
type Row = Record<string, unknown>;

const ordered = (holds: (sign: number) => boolean) => (left: unknown, right: unknown) => (left === null || right === null ? null : holds(order(left, right)));

const arithmetic = (work: (left: Exact, right: Exact) => Exact | null) => (left: unknown, right: unknown) =>
  left === null || right === null ? null : work(number(left as Exact), number(right as Exact));

const contained = (value: unknown, set: unknown): boolean => {
  if (set === null || set === undefined || value === null) return false;
  for (const each of set as Iterable<unknown>) if (equal(value, each)) return true;
  return false;
};

/** Comparison, logic and arithmetic: what operators become. */
export const core = {
  eq: equal,
  ne: (left: unknown, right: unknown) => !equal(left, right),
  lt: ordered((sign) => sign < 0),
  le: ordered((sign) => sign <= 0),
  gt: ordered((sign) => sign > 0),
  ge: ordered((sign) => sign >= 0),
  in: (value: unknown, options: unknown[]) => options.some((each) => equal(value, each)),
  inSet: contained,
  isBlank: (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0),
  and: (...items: Lazy[]) => kleene(items, false),
  or: (...items: Lazy[]) => kleene(items, true),
  not: (value: unknown) => (value === null ? null : value !== true),
  add: arithmetic(add),
  sub: arithmetic(subtract),
  mul: arithmetic(multiply),
  div: arithmetic(divide),
  join: (...values: unknown[]) => values.map(textOf).join("") || null,
  coalesce: (...items: Lazy[]) => {
    for (const item of items) {
      const value = item();
      if (value !== null && value !== undefined) return value;
    }
    return null;
  },
  old: (m: Moment, path: string) => m.old?.[path] ?? null,
  changed: (r: Row, m: Moment, path: string) => (m.changed ? m.changed.has(path) : m.old === null ? true : !equal(r[path], m.old[path])),
  over: (rows: Row[] | null | undefined, value: (row: Row) => unknown, condition?: (row: Row) => unknown) =>
    (rows ?? []).map(identified).filter((row) => condition === undefined || condition(row) === true).map(value),
};

/** What a field of several names stands in a record by its number alone. */
const identified = (row: unknown): Row => (typeof row === "number" ? { id: row } : (row as Row));

/** Three-valued: decided by the first item that decides, else blank when one was blank. */
function kleene(items: Lazy[], deciding: boolean): boolean | null {
  let result: boolean | null = !deciding;
  for (const item of items) {
    const value = item();
    if (value === deciding) return deciding;
    if (value === null || value === undefined) result = null;
  }
  return result;
}
