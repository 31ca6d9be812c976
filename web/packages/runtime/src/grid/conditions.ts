import type { TextKey } from "@lowcode/kit";
import type { Condition, Field, FilterGroup } from "@lowcode/protocol";
import { blank } from "../fields";
import { shown } from "../fields";

/** How the comparisons of the server are called here. */
const WORDS: Record<string, TextKey> = {
  is: "is", is_not: "isNot", contains: "contains", contains_not: "containsNot", starts_with: "startsWith", ends_with: "endsWith",
  more_than: "moreThan", at_least: "atLeast", less_than: "lessThan", at_most: "atMost", between: "between", period: "period",
  from: "from", until: "until", in_last: "inLast", in_next: "inNext", before_last: "beforeLast", one_of: "isOneOf", none_of: "isNoneOf", under: "isUnder", not_under: "isNotUnder",
  any_of: "anyOf", all_of: "allOf", me: "isMe", not_me: "isNotMe", my_team: "inMyTeam", yes: "yes", no: "no", blank: "isBlank", not_blank: "isNotBlank",
};

/** Of several values: which of them it holds. */
const HELD = new Set(["multi_select", "tags", "links", "members", "departments"]);

export const operatorText = (operator: string, field?: Field): TextKey => (operator === "none_of" && field && HELD.has(field.type) ? "containsNot" : (WORDS[operator] ?? "is"));

/** What a field can be compared by here: all the server offers, but for what there is no sensible input of. */
export function operatorsOf(field: Field): string[] {
  const tree = shown(field).type === "cascade";
  const choice = ["select", "state", "currency", "role"].includes(shown(field).type);
  const known = field.operators ?? [];
  const offered = shown(field).type === "region" ? ["starts_with", ...known.filter((each) => ["contains", "blank", "not_blank"].includes(each))] : known;
  return offered.filter((each) => each in WORDS && !(choice && each === "starts_with") && !(tree && (each === "one_of" || each === "none_of")));
}

export const filterable = (field: Field): boolean => !field.hidden && operatorsOf(field).length > 0;

const NEEDLESS: ReadonlySet<string> = new Set(["blank", "not_blank", "me", "not_me", "my_team", "yes", "no"]);
/** What a tree is chosen from for: a record, and all that hangs below it. */
export const UNDER: ReadonlySet<string> = new Set(["under", "not_under"]);
export const SPANS: ReadonlySet<string> = new Set(["in_last", "in_next", "before_last"]);
export const UNITS = ["day", "week", "month", "quarter", "year"] as const;

export const needsValue = (operator: string): boolean => !NEEDLESS.has(operator);

export const PERIODS = [
  "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
  "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
] as const;

/** How deep groups stand in one another here; the server allows a little more. */
export const DEPTH = 4;

export const isGroup = (each: Condition | FilterGroup): each is FilterGroup => "conditions" in each;

export const NOTHING: FilterGroup = { match: "all", conditions: [] };

function finishedCondition({ operator, value }: Condition): boolean {
  if (!needsValue(operator)) return true;
  if (operator === "between") return Array.isArray(value) && value.some((each) => !blank(each));
  if (SPANS.has(operator)) return Number((value as { count?: number } | undefined)?.count) > 0;
  return !blank(value);
}

/** The filter without what is unfinished; groups that hold nothing go with it. */
export function finished(group: FilterGroup): FilterGroup {
  const conditions = group.conditions.flatMap((each): (Condition | FilterGroup)[] => {
    if (!isGroup(each)) return finishedCondition(each) ? [each] : [];
    const inner = finished(each);
    return inner.conditions.length > 0 ? [inner] : [];
  });
  return { match: group.match, conditions };
}

export const size = (group: FilterGroup): number => group.conditions.reduce((sum, each) => sum + (isGroup(each) ? size(each) : 1), 0);

/** A filter as it stands in the address; anything else asks for nothing. */
export function readFilter(text: string | null): FilterGroup | null {
  try {
    const found: unknown = text ? JSON.parse(text) : null;
    return found !== null && typeof found === "object" && Array.isArray((found as FilterGroup).conditions) ? (found as FilterGroup) : null;
  } catch {
    return null;
  }
}
