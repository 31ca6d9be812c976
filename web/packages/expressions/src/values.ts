import { Clock, Day, Instant, instantText, isoClock, isoDay, isoInstant, clockParts, readClock, readDay, readInstant } from "./calendar";
import { compare, Exact, number, shortest } from "./exact";

/** Blank is null; records and people are numbers (their ids). */
export type Value = null | boolean | string | number | Exact | Day | Instant | Clock | readonly string[] | readonly number[];

export interface Moment {
  now: Instant;
  today: Day;
  zone: string;
  me: number | null;
  roles: ReadonlySet<string>;
  team: ReadonlySet<number>;
  units: ReadonlySet<number>;
  old: Record<string, unknown> | null;
  isNew: boolean;
  changed: ReadonlySet<string> | null;
  variables: Record<string, unknown>;
}

const exact = (value: unknown): value is Exact | number => value instanceof Exact || typeof value === "number";

/** Texts by code point. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one === other) continue;
    const surrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
    if (surrogate(one) !== surrogate(other)) return surrogate(one) ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** The order of two values of one type. */
export function order(left: unknown, right: unknown): number {
  if (exact(left) && exact(right)) return compare(number(left), number(right));
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right);
  if (left instanceof Day && right instanceof Day) return left.count - right.count;
  if (left instanceof Instant && right instanceof Instant) return left.micros < right.micros ? -1 : left.micros > right.micros ? 1 : 0;
  if (left instanceof Clock && right instanceof Clock) return left.micros - right.micros;
  return Number(left) - Number(right);
}

export function equal(left: unknown, right: unknown): boolean {
  if (left === null || right === null || left === undefined || right === undefined) return (left ?? null) === (right ?? null);
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((each, at) => equal(each, right[at]));
  if (typeof left === "boolean" || typeof right === "boolean") return left === right;
  if (exact(left) !== exact(right) || typeof left !== typeof right) {
    if (!(exact(left) && exact(right))) return false;
  }
  if (typeof left === "object" && !(left instanceof Exact) && left.constructor !== (right as object).constructor) return false;
  return order(left, right) === 0;
}

/** Any value as people write it; blank is nothing. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (exact(value)) return shortest(number(value));
  if (value instanceof Instant) return instantText(value);
  if (value instanceof Day) return isoDay(value);
  if (value instanceof Clock) return isoClock(new Clock(value.micros - clockParts(value).micro));
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return String(value);
}

/** JSON of the corpus and of the protocol to values, by kind. */
export function fromJson(value: unknown, kind: string): unknown {
  if (value === null || value === undefined || value === "") return null;
  switch (kind) {
    case "number":
      return number(value as string | number);
    case "date":
      return readDay(String(value));
    case "datetime":
      return readInstant(String(value));
    case "time":
      return readClock(String(value));
    default:
      return value;
  }
}

/** Values to JSON: numbers as the shortest text. */
export function toJson(value: unknown): unknown {
  if (value instanceof Exact) return shortest(value);
  if (value instanceof Instant) return isoInstant(value);
  if (value instanceof Day) return isoDay(value);
  if (value instanceof Clock) return isoClock(value);
  return value ?? null;
}
