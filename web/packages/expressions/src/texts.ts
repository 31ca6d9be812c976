import { strict } from "./blanks";
import { Exact, integer, number, whole } from "./exact";
import { textOf } from "./values";

type Numeric = Exact | number;

const LONGEST = 8192;
/** No text grows beyond this by being substituted; the result is blank then, in every back end. */
const LARGEST = 100_000;
const characters = (text: string): string[] => [...text];
const some = (text: string): string | null => (text === "" ? null : text);
const count = (value: Numeric): number => integer(number(value));
const one = (change: (character: string) => string) => (text: string) =>
  characters(text)
    .map((each) => (characters(change(each)).length === 1 ? change(each) : each))
    .join("");

const upper = one((each) => each.toUpperCase());
const lower = one((each) => each.toLowerCase());

function proper(text: string): string {
  const all = characters(text);
  return all.map((each, at) => (at === 0 || !/\p{L}/u.test(all[at - 1]!) ? upper(each) : lower(each))).join("");
}

function find(part: string, text: string, start: Numeric = 1): Exact | null {
  const from = count(start);
  if (from < 1) return null;
  const all = characters(text);
  if (from - 1 > all.length) return null;
  const rest = all.slice(from - 1).join("");
  const at = rest.indexOf(part);
  return at < 0 ? null : whole(characters(rest.slice(0, at)).length + from);
}

function substitute(text: string | null, old: string | null, next: string | null, nth?: Numeric | null): string | null {
  if (text === null || old === null) return text;
  const pieces = text.split(old);
  if (nth === undefined || nth === null) {
    const step = characters(next ?? "").length - characters(old).length;
    const grown = characters(text).length + (pieces.length - 1) * step;
    return grown <= LARGEST ? some(pieces.join(next ?? "")) : null;
  }
  const at = count(nth);
  if (at < 1 || at >= pieces.length) return text;
  return some(pieces.slice(0, at).join(old) + (next ?? "") + pieces.slice(at).join(old));
}

function replace(text: string | null, start: Numeric | null, length: Numeric | null, next: string | null): string | null {
  if (text === null || start === null || length === null || count(start) < 1 || count(length) < 0) return null;
  const all = characters(text);
  const at = count(start) - 1;
  return some(all.slice(0, at).join("") + (next ?? "") + all.slice(at + count(length)).join(""));
}

function padLeft(text: string | null, width: Numeric | null, filler: string | null = "0"): string | null {
  if (width === null || count(width) > LONGEST) return null;
  const all = characters(text ?? "");
  const fill = characters(filler ?? " ")[0] ?? " ";
  return some(fill.repeat(Math.max(0, count(width) - all.length)) + all.join(""));
}

const patterns = new Map<string, RegExp>();

function matches(text: string | null, pattern: string | null): boolean {
  if (text === null || pattern === null) return false;
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, "u")));
  return compiled.test(text);
}

export const texts = {
  LEN: (text: string | null) => whole(characters(text ?? "").length),
  LEFT: strict((text: string, length: Numeric = 1) => (count(length) > 0 ? some(characters(text).slice(0, count(length)).join("")) : null)),
  RIGHT: strict((text: string, length: Numeric = 1) => (count(length) > 0 ? some(characters(text).slice(-count(length)).join("")) : null)),
  MID: strict((text: string, start: Numeric, length: Numeric) =>
    count(start) < 1 || count(length) < 1 ? null : some(characters(text).slice(count(start) - 1, count(start) - 1 + count(length)).join("")),
  ),
  UPPER: strict(upper),
  LOWER: strict(lower),
  PROPER: strict(proper),
  TRIM: strict((text: string) => some(text.replace(/[ \t\n\r\u00a0\u3000]+/g, " ").replace(/^ +| +$/g, ""))),
  CLEAN: strict((text: string) => some(characters(text).filter((each) => each >= " " && each !== "\x7f").join(""))),
  SUBSTITUTE: substitute,
  REPLACE: replace,
  REPT: strict((text: string, times: Numeric) => {
    const size = count(times) * characters(text).length;
    return size > 0 && size <= LONGEST ? text.repeat(count(times)) : null;
  }),
  FIND: strict(find),
  SEARCH: strict((part: string, text: string, start: Numeric = 1) => find(lower(part), lower(text), start)),
  CONTAINS: (text: string | readonly string[] | null, part: string | null) => text !== null && text.length > 0 && part !== null && text.includes(part),
  STARTSWITH: (text: string | null, part: string | null) => text !== null && part !== null && text.startsWith(part),
  ENDSWITH: (text: string | null, part: string | null) => text !== null && part !== null && text.endsWith(part),
  TEXTBEFORE: strict((text: string, part: string) => (text.includes(part) ? some(text.slice(0, text.indexOf(part))) : null)),
  TEXTAFTER: strict((text: string, part: string) => (text.includes(part) ? some(text.slice(text.indexOf(part) + part.length)) : null)),
  PADLEFT: padLeft,
  MATCHES: matches,
  TOTEXT: strict((value: unknown) => some(textOf(value))),
  CONCAT: (...values: unknown[]) => some(values.map(textOf).join("")),
  TEXTJOIN: (separator: string | null, ...values: unknown[]) => some(values.filter((each) => each !== null && each !== undefined).map(textOf).join(separator ?? "")),
};
