/** A condition as groups of clauses, read from an expression and written back. A clause that says more than a comparison
 * keeps its text, so that nothing an author wrote is lost. Pure. */
export interface Clauses {
  match: "all" | "any" | "none";
  of: Clause[];
}

/** One clause as it is written, or clauses together. */
export type Clause = string | Clauses;

export const isClauses = (clause: Clause): clause is Clauses => typeof clause !== "string";

interface Word {
  text: string;
  /** What it says as a word of the language; empty for a name and for a function that only look like one. */
  key: string;
  from: number;
  to: number;
  /** How many brackets it stands in. */
  depth: number;
}

const WORDS = /\s+|"(?:[^"]|"")*"|'(?:[^']|'')*'|[“”][^“”"]*[“”"]|[‘’][^‘’']*[‘’']|[{｛][^{}｛｝]*[}｝]|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*|<>|!=|<=|>=|==|./gsu;
const OPENS = "(（";
const CLOSES = ")）";
const DOTS = ".．";
const KEYWORDS = ["and", "or", "not", "in", "between", "is"];

/** Whether a value may end with a word, so that what follows can join it to another. */
const endsValue = ({ text, key }: Word): boolean => CLOSES.includes(text) || (/^[\p{L}_\d"'“”‘’{｛?？]/u.test(text) && !KEYWORDS.includes(key));

/** A word of the language, as the server tells it: never a name behind a dot, and `AND(…)` or `OR(…)` where no value ends. */
function keyOf(text: string, next: string, before: Word | undefined): string {
  const key = text.toLowerCase();
  if (before && DOTS.includes(before.text)) return "";
  const calls = next !== "" && OPENS.includes(next) && (key === "and" || key === "or");
  return calls && !(before && endsValue(before)) ? "" : key;
}

/** The words of an expression, each with where it stands; null where its brackets or texts do not close. */
function wordsOf(expression: string): Word[] | null {
  const found: Word[] = [];
  let depth = 0;
  for (const match of expression.matchAll(WORDS)) {
    const text = match[0];
    if (/^\s+$/.test(text)) continue;
    if (text.length === 1 && "\"'“”‘’{}".includes(text)) return null;
    if (CLOSES.includes(text)) depth -= 1;
    if (depth < 0) return null;
    const to = match.index + text.length;
    found.push({ text, key: keyOf(text, expression.slice(to).trimStart().slice(0, 1), found[found.length - 1]), from: match.index, to, depth });
    if (OPENS.includes(text)) depth += 1;
  }
  return depth === 0 ? found : null;
}

const is = (word: Word | undefined, text: string): boolean => word?.key === text;

/** The parts between a joining word that stands in no brackets. */
function split(expression: string, words: Word[], joint: "and" | "or"): string[] {
  const parts: string[] = [];
  let from = 0;
  let between = 0;
  for (const word of words) {
    if (word.depth > 0) continue;
    if (is(word, "between")) between += 1;
    else if (is(word, "and") && between > 0) between -= 1;
    else if (is(word, joint)) {
      parts.push(expression.slice(from, word.from).trim());
      from = word.to;
    }
  }
  return [...parts, expression.slice(from).trim()];
}

/** What stands in brackets that hold the whole; null where there are none. */
function unwrapped(expression: string, words: Word[]): string | null {
  const [first, last] = [words[0], words[words.length - 1]];
  if (!first || !last || !OPENS.includes(first.text) || !CLOSES.includes(last.text)) return null;
  const closes = words.findIndex((word, place) => place > 0 && CLOSES.includes(word.text) && word.depth === 0);
  return closes === words.length - 1 ? expression.slice(first.to, last.from).trim() : null;
}

/** The one condition that stands in brackets; null where there are none, and for a list, which is nothing without them. */
function bracketed(expression: string, words: Word[]): string | null {
  const inner = unwrapped(expression, words);
  return inner === null || inner === "" || listed(inner).length > 1 ? null : inner;
}

function clauseOf(expression: string): Clause {
  const words = wordsOf(expression);
  if (words === null) return expression;
  for (const [joint, match] of [["or", "any"], ["and", "all"]] as const) {
    const parts = split(expression, words, joint);
    if (parts.length > 1) return parts.includes("") ? expression : { match, of: parts.map(clauseOf) };
  }
  const inner = bracketed(expression, words);
  if (inner !== null) return clauseOf(inner);
  if (is(words[0], "not") && words.length > 1) {
    const rest = expression.slice(words[0]!.to).trim();
    const within = bracketed(rest, wordsOf(rest) ?? []);
    const denied = within === null ? null : clauseOf(within);
    if (denied !== null && isClauses(denied)) return denied.match === "any" ? { match: "none", of: denied.of } : { match: "none", of: [denied] };
  }
  return expression;
}

/** The clauses of a condition; one alone is a group of one, and an empty condition a group of none. */
export function readClauses(expression: string): Clauses {
  if (expression.trim() === "") return { match: "all", of: [] };
  const found = clauseOf(expression.trim());
  return isClauses(found) ? found : { match: "all", of: [found] };
}

/** How tightly a clause binds: what is joined by `or` wants brackets among `and`, and both where they are denied. */
function binds(text: string): "or" | "and" | "one" {
  const words = wordsOf(text);
  if (words === null) return "or";
  if (split(text, words, "or").length > 1) return "or";
  return split(text, words, "and").length > 1 ? "and" : "one";
}

/** The condition that clauses are; groups that hold nothing say nothing. */
export function writeClauses({ match, of }: Clauses): string {
  const parts = of.map((each) => (isClauses(each) ? writeClauses(each) : each.trim())).filter((each) => each !== "");
  if (match === "none") return parts.length === 0 ? "" : `not (${parts.map((each) => (parts.length > 1 && binds(each) !== "one" ? `(${each})` : each)).join(" or ")})`;
  if (parts.length === 1) return parts[0]!;
  return parts.map((each) => (binds(each) === "one" ? each : `(${each})`)).join(match === "any" ? " or " : " and ");
}

/** A clause that compares: what with what, and how. */
export interface Compared {
  left: string;
  operator: Operator;
  /** What it is compared with, as it is written; several for a list, two for a stretch. */
  right: string[];
}

export const OPERATORS = ["=", "<>", ">", ">=", "<", "<=", "in", "not in", "between", "not between", "is blank", "is not blank", "yes", "no", "contains", "changed"] as const;
export type Operator = (typeof OPERATORS)[number];

const SIGNS: Record<string, Operator> = { "=": "=", "==": "=", "<>": "<>", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<=" };

/** Parts of a text between commas that stand in no brackets. */
function listed(expression: string): string[] {
  const words = wordsOf(expression) ?? [];
  const parts: string[] = [];
  let from = 0;
  for (const word of words) {
    if (word.depth > 0 || !",，".includes(word.text)) continue;
    parts.push(expression.slice(from, word.from).trim());
    from = word.to;
  }
  return [...parts, expression.slice(from).trim()];
}

/** A function with what it is given; null where the whole is none. */
export function callOf(expression: string): { name: string; given: string[] } | null {
  const words = wordsOf(expression);
  const [name, opens] = words ?? [];
  if (!words || !name || !opens || !/^[\p{L}_]\w*$/u.test(name.text) || !OPENS.includes(opens.text)) return null;
  const inner = unwrapped(expression.slice(opens.from), wordsOf(expression.slice(opens.from)) ?? []);
  if (inner === null) return null;
  return { name: name.text.toUpperCase(), given: inner === "" ? [] : listed(inner) };
}

/** What a clause compares; null where it says something else. */
export function comparedOf(clause: string): Compared | null {
  const words = wordsOf(clause);
  if (words === null || words.length === 0) return null;
  const flat = words.filter((word) => word.depth === 0);
  const at = (word: Word) => clause.slice(0, word.from).trim();
  const after = (word: Word) => clause.slice(word.to).trim();
  for (const [place, word] of flat.entries()) {
    const next = flat[place + 1];
    const denied = is(word, "not") && place > 0;
    const verb = denied ? next : word;
    if (!verb || place === 0) continue;
    if (SIGNS[word.text]) return { left: at(word), operator: SIGNS[word.text]!, right: [after(word)] };
    if (is(verb, "in")) {
      const inner = unwrapped(after(verb), wordsOf(after(verb)) ?? []);
      return { left: at(word), operator: denied ? "not in" : "in", right: inner === null ? [after(verb)] : listed(inner) };
    }
    if (is(verb, "between")) {
      const joint = flat.find((each, later) => later > place && is(each, "and"));
      if (!joint) return null;
      return { left: at(word), operator: denied ? "not between" : "between", right: [clause.slice(verb.to, joint.from).trim(), after(joint)] };
    }
    if (is(word, "is")) {
      const not = is(next, "not");
      const last = not ? flat[place + 2] : next;
      if (!is(last, "blank") || flat[flat.length - 1] !== last) return null;
      return { left: at(word), operator: not ? "is not blank" : "is blank", right: [] };
    }
  }
  const call = callOf(clause);
  if (call?.name === "CONTAINS" && call.given.length === 2) return { left: call.given[0]!, operator: "contains", right: [call.given[1]!] };
  if (call?.name === "CHANGED" && call.given.length === 1) return { left: call.given[0]!, operator: "changed", right: [] };
  if (isPath(clause)) return { left: clause.trim(), operator: "yes", right: [] };
  if (is(words[0], "not") && isPath(after(words[0]!))) return { left: after(words[0]!), operator: "no", right: [] };
  return null;
}

/** The clause that compares so. */
export function writeCompared({ left, operator, right }: Compared): string {
  const [first = "", second = ""] = right;
  switch (operator) {
    case "is blank":
    case "is not blank":
      return `${left} ${operator}`;
    case "yes":
      return left;
    case "no":
      return `not ${left}`;
    case "changed":
      return `CHANGED(${left})`;
    case "contains":
      return `CONTAINS(${left}, ${first})`;
    case "between":
    case "not between":
      return `${left} ${operator} ${first} and ${second}`;
    case "in":
    case "not in":
      if (right.length > 1) return `${left} ${operator} (${right.join(", ")})`;
      return textIn(first) === null ? `${left} ${operator} ${first}` : `${left} ${operator === "in" ? "=" : "<>"} ${first}`;
    default:
      return `${left} ${operator} ${first}`;
  }
}

/** Whether it is the name of a field, perhaps of a linked record. */
export const isPath = (expression: string): boolean => /^\s*[\p{L}_][\p{L}\p{N}_]*(\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*\s*$/u.test(expression) && !/^\s*(true|false|blank|not|and|or)\s*$/i.test(expression);

/** The text that stands in quotes; null where there is none. */
export function textIn(expression: string): string | null {
  const found = /^(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)')$/.exec(expression.trim());
  return found ? (found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]!.replaceAll("''", "'")) : null;
}

export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A plain value as it may be written; undefined where it is worked out. */
export type Plain = string | number | boolean | null;

export function plainIn(expression: string): Plain | undefined {
  const text = textIn(expression);
  if (text !== null) return text;
  const bare = expression.trim();
  if (/^-?\d+(\.\d+)?$/.test(bare)) return Number(bare);
  if (/^true$/i.test(bare)) return true;
  if (/^false$/i.test(bare)) return false;
  const day = /^DATE\(\s*(\d{1,4})\s*,\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$/i.exec(bare);
  if (day) return `${day[1]!.padStart(4, "0")}-${day[2]!.padStart(2, "0")}-${day[3]!.padStart(2, "0")}`;
  return undefined;
}

/** A day as it is written in an expression. */
export const dayWritten = (day: string): string => `DATE(${day.split("-").map(Number).join(", ")})`;
