import { callOf, comparedOf, isPath } from "../rules/clauses";

/** Functions that take something else before, or behind, what they are of. */
export const SHARE = "PERCENTILE";
export const JOINED = "TEXTJOIN";
/** Those that take numbers alone. */
export const NUMBERS: ReadonlySet<string> = new Set(["SUM", "AVERAGE", "MEDIAN", SHARE]);

/** An aggregate with what it is of, and which records it counts. */
export interface Taken {
  name: string;
  of: string;
  where: string;
  /** The share of a percentile, or what stands between texts. */
  more: string;
}

/** Whether it says what is to hold, rather than names a value. */
const isCondition = (text: string): boolean => !isPath(text) && (comparedOf(text) !== null || /\b(and|or|not)\b/i.test(text));

/** What an expression counts, where it is one aggregate and nothing more. */
export function takenIn(expression: string, known: readonly string[]): Taken | null {
  const call = callOf(expression);
  if (!call || !known.includes(call.name)) return null;
  const [one = "", two = "", three = ""] = call.given;
  if (call.given.length > 3) return null;
  if (call.name === JOINED) return call.given.length === 2 ? { name: call.name, of: two, where: "", more: one } : null;
  if (call.name === SHARE) return { name: call.name, of: one, where: three, more: two };
  if (call.given.length > 2) return null;
  if (call.name === "COUNT" && two === "" && one !== "" && isCondition(one)) return { name: call.name, of: "", where: one, more: "" };
  return { name: call.name, of: one, where: two, more: "" };
}

/** The expression that counts so. */
export function writeTaken({ name, of, where, more }: Taken): string {
  if (name === JOINED) return `${name}(${more || '", "'}, ${of})`;
  if (name === SHARE) return `${name}(${[of, more || "0.9", where].filter(Boolean).join(", ")})`;
  return `${name}(${[of, where].filter(Boolean).join(", ")})`;
}
