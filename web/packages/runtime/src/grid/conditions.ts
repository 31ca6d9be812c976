import type { TextKey } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { shown } from "../fields";

/** One line of a filter; the value is as a widget gives it. */
export interface Condition {
  field: string;
  operator: Operator;
  value?: unknown;
}

export type Operator =
  | "is" | "isNot" | "isOneOf" | "isNoneOf" | "contains" | "startsWith" | "atLeast" | "atMost" | "moreThan" | "lessThan"
  | "from" | "until" | "isBlank" | "isNotBlank" | "isMe" | "inMyTeam" | "period" | "yes" | "no";

const BLANK: Operator[] = ["isBlank", "isNotBlank"];
const NUMBERS: Operator[] = ["is", "atLeast", "atMost", "moreThan", "lessThan", ...BLANK];
const WORDS: Operator[] = ["contains", "is", "isNot", "startsWith", ...BLANK];
const DAYS: Operator[] = ["period", "is", "from", "until", ...BLANK];
const CHOICES: Operator[] = ["isOneOf", "isNoneOf", ...BLANK];

const OPERATORS: Record<string, Operator[]> = {
  number: NUMBERS, integer: NUMBERS, money: NUMBERS, percent: NUMBERS, rating: NUMBERS, duration: NUMBERS,
  date: DAYS, datetime: DAYS,
  select: CHOICES, state: CHOICES, currency: CHOICES, role: CHOICES,
  multi_select: ["contains", ...BLANK], tags: ["contains", ...BLANK],
  boolean: ["yes", "no"],
  link: ["isOneOf", ...BLANK], department: ["isOneOf", ...BLANK],
  member: ["isOneOf", "isMe", "inMyTeam", ...BLANK],
  text: WORDS, long_text: WORDS, email: WORDS, phone: WORDS, url: WORDS, serial: WORDS, region: WORDS,
  address: WORDS, barcode: WORDS, cascade: ["startsWith", "is", "isNot", ...BLANK], color: ["is", "isNot", ...BLANK], icon: BLANK, id_card: WORDS, location: ["contains", ...BLANK],
};

export const operatorsOf = (field: Field): Operator[] => OPERATORS[shown(field).type] ?? [];

export const filterable = (field: Field): boolean => field.filter !== false && operatorsOf(field).length > 0;

const NEEDLESS: ReadonlySet<Operator> = new Set(["isBlank", "isNotBlank", "isMe", "inMyTeam", "yes", "no"]);

export const needsValue = (operator: Operator): boolean => !NEEDLESS.has(operator);

export const operatorText = (operator: Operator): TextKey => operator as TextKey;

export const PERIODS = ["today", "this_week", "this_month", "this_quarter", "this_year", "last_7_days", "last_30_days", "last_month", "last_quarter", "last_year"] as const;

const quoted = (value: unknown): string => `"${String(value).replace(/"/g, '""')}"`;

const day = (value: unknown): string => {
  const [year, month, date] = String(value).slice(0, 10).split("-").map(Number);
  return `DATE(${year}, ${month}, ${date})`;
};

const identity = (value: unknown): string => String(Number(typeof value === "object" && value !== null ? (value as { id: number }).id : value));

/** A condition in the expression language; null while it is unfinished. */
export function expressionOf(field: Field, { operator, value }: Condition): string | null {
  const name = field.name;
  const looks = shown(field);
  if (needsValue(operator) && (value == null || value === "" || (Array.isArray(value) && value.length === 0))) return null;
  const many = Array.isArray(value) ? value : [value];
  const dated = looks.type === "datetime" ? `TODATE(${name})` : name;
  const reference = ["link", "member", "department"].includes(looks.type);
  const literal = (each: unknown): string => (["number", "integer", "money", "percent", "rating", "duration"].includes(looks.type) ? String(each) : quoted(each));
  switch (operator) {
    case "isBlank":
      return `${name} is blank`;
    case "isNotBlank":
      return `${name} is not blank`;
    case "isMe":
      return `${name} = ME()`;
    case "inMyTeam":
      return `${name} in TEAM()`;
    case "yes":
      return `${name} = true`;
    case "no":
      return `(${name} = false or ${name} is blank)`;
    case "isOneOf":
      return listed(reference ? `${name}.id` : name, many.map(reference ? identity : quoted));
    case "isNoneOf":
      return `not (${listed(reference ? `${name}.id` : name, many.map(reference ? identity : quoted))})`;
    case "contains":
      return many.map((each) => (looks.type === "multi_select" || looks.type === "tags" ? `CONTAINS(${name}, ${quoted(each)})` : `CONTAINS(LOWER(${name}), ${quoted(String(each).toLowerCase())})`)).join(" and ");
    case "startsWith":
      return `STARTSWITH(${name}, ${quoted(value)})`;
    case "is":
      return looks.type === "date" || looks.type === "datetime" ? `${dated} = ${day(value)}` : `${name} = ${literal(value)}`;
    case "isNot":
      return `${name} <> ${literal(value)}`;
    case "atLeast":
      return `${name} >= ${literal(value)}`;
    case "atMost":
      return `${name} <= ${literal(value)}`;
    case "moreThan":
      return `${name} > ${literal(value)}`;
    case "lessThan":
      return `${name} < ${literal(value)}`;
    case "from":
      return `${dated} >= ${day(value)}`;
    case "until":
      return `${dated} <= ${day(value)}`;
    case "period":
      return period(name, String(value));
  }
}

const listed = (name: string, values: string[]): string => (values.length === 1 ? `${name} = ${values[0]}` : `${name} in (${values.join(", ")})`);

function period(name: string, value: string): string {
  switch (value) {
    case "today":
      return `SAMEPERIOD(${name}, "day")`;
    case "last_7_days":
      return `INLAST(${name}, 7, "day")`;
    case "last_30_days":
      return `INLAST(${name}, 30, "day")`;
    case "last_month":
    case "last_quarter":
    case "last_year": {
      const unit = value.slice(5);
      const step = unit === "quarter" ? '-3, "month"' : `-1, "${unit}"`;
      const other = `DATEADD(TODAY(), ${step})`;
      return `TODATE(${name}) >= STARTOF(${other}, "${unit}") and TODATE(${name}) <= ENDOF(${other}, "${unit}")`;
    }
    default:
      return `SAMEPERIOD(${name}, "${value.replace("this_", "")}")`;
  }
}

/** All conditions that are finished, joined. */
export function whereOf(fields: Map<string, Field>, conditions: Condition[], more?: string): string {
  const parts = conditions.map((each) => {
    const field = fields.get(each.field);
    return field ? expressionOf(field, each) : null;
  });
  return [...parts, more ? `(${more})` : null].filter((each): each is string => each !== null).join(" and ");
}
