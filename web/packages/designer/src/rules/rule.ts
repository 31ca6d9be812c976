import { at, insert, isNode, put, type Json, type Node, type Path } from "../tree";
import { writeClauses } from "./clauses";

/** A rule as a document: what sets it off, on which condition, and what it does, in order or rung by rung. Pure. */

export interface Trigger {
  name: string;
  alone: boolean;
  begin: Node;
}

export const onOf = (document: Node): Node => (isNode(document["on"]) ? document["on"] : {});

/** Whether something that sets a rule off is said, and not only that it does not. */
const said = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== false;

/** What sets a rule off, by name, in the order in which it is offered. */
export const triggersOf = (document: Node, known: readonly Trigger[]): string[] => known.map((each) => each.name).filter((name) => said(onOf(document)[name]));

/** What is said of a trigger, and of nothing else. */
const NARROWS: Record<string, string[]> = { updated: ["fields"] };

/** The rule set off by one more, or one less. One that stands alone takes the place of all others. */
export function triggered(document: Node, known: readonly Trigger[], name: string): Node {
  const trigger = known.find((each) => each.name === name);
  if (!trigger) return document;
  const on = onOf(document);
  const names = triggersOf(document, known);
  if (names.includes(name)) {
    if (names.length === 1) return document;
    const away = [name, ...(NARROWS[name] ?? [])];
    return { ...document, on: Object.fromEntries(Object.entries(on).filter(([each]) => !away.includes(each))) };
  }
  const joined = !trigger.alone && names.every((each) => known.find((one) => one.name === each)?.alone === false);
  const rival = name === "scored" ? "becomes" : name === "becomes" ? "scored" : "";
  const kept = joined ? Object.entries(on).filter(([each, value]) => each !== rival && value !== false) : Object.entries(on).filter(([each]) => each.startsWith("x-"));
  const next: Node = { ...document, on: { ...Object.fromEntries(kept), ...structuredClone(trigger.begin) } };
  return fitting(next, trigger);
}

/** What no longer fits what sets the rule off goes: acting inside a save, and rungs where nothing can be waited for. Rungs
 * that one list cannot say stay, and the check of the rule says that they do not fit. */
function fitting(document: Node, trigger: Trigger): Node {
  const { phase: _, ...rest } = document;
  const whole = trigger.alone ? rest : document;
  const inactive = isNode(onOf(whole)["inactive"]);
  if (inactive && isLadder(whole)) return put(whole, ["on", "inactive", "for"], undefined);
  return trigger.alone && !inactive && isLadder(whole) ? levelled(whole) : whole;
}

export const actionsAt = (document: Node, list: Path): Json[] => {
  const found = at(document, list);
  return Array.isArray(found) ? found : [];
};

export const stepsOf = (document: Node): Json[] => actionsAt(document, ["steps"]);

export const isLadder = (document: Node): boolean => stepsOf(document).length > 0;

/** Every list of actions: that of the rule, or those of its rungs. */
export const listsOf = (document: Node): Path[] => (isLadder(document) ? stepsOf(document).map((_, place): Path => ["steps", place, "actions"]) : [["actions"]]);

/** The list that what is chosen belongs to, and the place behind it. */
export function placeBehind(document: Node, chosen: Path | null): { list: Path; index: number } {
  const lists = listsOf(document);
  const last = lists[lists.length - 1]!;
  const own = chosen === null ? undefined : lists.find((list) => list.length <= chosen.length && list.every((part, place) => part === chosen[place]) && typeof chosen[list.length] === "number");
  if (own) return { list: own, index: (chosen![own.length] as number) + 1 };
  const rung = chosen !== null && chosen[0] === "steps" && typeof chosen[1] === "number" ? lists[chosen[1]] : undefined;
  const list = rung ?? last;
  return { list, index: actionsAt(document, list).length };
}

/** The word of an action, and what it says; no word where it has none or several. */
export function actionOf(action: Json | undefined): { word: string; options: Json } | null {
  if (!isNode(action)) return null;
  const words = Object.keys(action).filter((each) => !each.startsWith("x-"));
  return words.length === 1 ? { word: words[0]!, options: action[words[0]!]! } : null;
}

/** Everything that can be chosen, from the trigger to the last action. */
export function choosable(document: Node): Path[] {
  const found: Path[] = [["on"], ["when"]];
  stepsOf(document).forEach((_, place) => found.push(["steps", place]));
  for (const list of listsOf(document)) actionsAt(document, list).forEach((_, place) => found.push([...list, place]));
  return found;
}

/** The same rule as a ladder: what it does becomes the first rung, and a second one can follow. */
export function laddered(document: Node): Node {
  const { actions, ...rest } = document;
  const after = at(document, ["on", "inactive", "for"]);
  const step: Node = { after: isNode(after) ? after : { days: 1 }, actions: Array.isArray(actions) ? actions : [] };
  return put({ ...rest, steps: [step] }, ["on", "inactive", "for"], undefined);
}

/** What a rung says for itself beside its time and its actions: its condition, and notes. */
const ownOf = (step: Node): Node => Object.fromEntries(Object.entries(step).filter(([key, value]) => key !== "after" && key !== "actions" && value !== null && value !== ""));

/** Whether one list can say all that a ladder says: what only some of its actions ask for has no place in it. */
export function isLevel(document: Node): boolean {
  const own = stepsOf(document).map((step) => (isNode(step) ? ownOf(step) : {}));
  if (own.length !== 1) return own.every((each) => Object.keys(each).length === 0);
  return Object.keys(own[0]!).every((key) => key === "when" || !(key in document));
}

/** A ladder as one list again: what its rungs do, one below the other, after the time of the first. What the only rung
 * asks for the rule does; a ladder that one list cannot say stays. */
export function levelled(document: Node): Node {
  if (!isLevel(document)) return document;
  const steps = stepsOf(document).filter(isNode);
  const { steps: _, ...rest } = document;
  const own = steps.length === 1 ? ownOf(steps[0]!) : {};
  const whens = [rest["when"], own["when"]].filter((each) => typeof each === "string");
  const asked: Node = whens.length > 0 ? { when: writeClauses({ match: "all", of: whens }) } : {};
  const whole: Node = { ...rest, ...own, ...asked, actions: steps.flatMap((each) => (Array.isArray(each["actions"]) ? each["actions"] : [])) };
  return isNode(onOf(whole)["inactive"]) ? put(whole, ["on", "inactive", "for"], steps[0]?.["after"] ?? { days: 1 }) : whole;
}

/** A ladder with a rung more: it begins later than the last. */
export function withRung(document: Node): { document: Node; path: Path } {
  const steps = stepsOf(document);
  const last = steps[steps.length - 1];
  const after = isNode(last) && isNode(last["after"]) ? last["after"] : { days: 1 };
  const later = Object.fromEntries(Object.entries(after).map(([unit, count]) => [unit, typeof count === "number" ? count * 2 : count]));
  return { document: insert(document, ["steps"], steps.length, { after: later, actions: [] }), path: ["steps", steps.length] };
}

/** The rule acting when all of its actions may, where it does not yet. */
export function phased(document: Node, phasesOf: (word: string) => readonly string[] | undefined): Node {
  const words = listsOf(document).flatMap((list) => actionsAt(document, list)).flatMap((each) => actionOf(each)?.word ?? []);
  const now = String(document["phase"] ?? "after");
  const may = (phase: string) => words.every((word) => phasesOf(word)?.includes(phase) ?? true);
  if (words.length === 0 || may(now)) return document;
  const other = now === "after" ? "before" : "after";
  if (!may(other)) return document;
  const { phase: _, ...rest } = document;
  return other === "after" ? rest : { ...rest, phase: other };
}

/** Times of the clock by which something is done again and again, as a form says them. */
export interface Times {
  every: "day" | "week" | "month" | "hour" | "minutes";
  /** Hour and minute of the day; of an hour only the minute counts. */
  at: string;
  /** Days of the week (0 is Sunday) or of the month. */
  days: number[];
  /** How many hours or minutes lie between. */
  step: number;
}

const two = (number: number): string => String(number).padStart(2, "0");

const numbersIn = (part: string, most: number): number[] | null => {
  const found = new Set<number>();
  for (const piece of part.split(",")) {
    const stretch = /^(\d+)(?:-(\d+))?$/.exec(piece);
    if (!stretch) return null;
    for (let each = Number(stretch[1]); each <= Number(stretch[2] ?? stretch[1]); each++) found.add(each);
  }
  return [...found].every((each) => each <= most) ? [...found].sort((one, other) => one - other) : null;
};

/** A cron expression as a form says it; null for one that says more than a form does. */
export function timesOf(cron: string): Times | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5) return null;
  const [minute, hour, day, month, weekday] = parts as [string, string, string, string, string];
  if (month !== "*") return null;
  const pace = /^\*\/(\d+)$/;
  const daily = day === "*" && weekday === "*";
  if (daily && hour === "*" && pace.test(minute) && 60 % Number(pace.exec(minute)![1]) === 0) return { every: "minutes", at: "00:00", days: [], step: Number(pace.exec(minute)![1]) };
  if (!/^\d+$/.test(minute) || Number(minute) > 59) return null;
  if (daily && (hour === "*" || pace.test(hour))) {
    const step = hour === "*" ? 1 : Number(pace.exec(hour)![1]);
    return 24 % step === 0 ? { every: "hour", at: `00:${two(Number(minute))}`, days: [], step } : null;
  }
  if (!/^\d+$/.test(hour) || Number(hour) > 23) return null;
  const clock = `${two(Number(hour))}:${two(Number(minute))}`;
  if (daily) return { every: "day", at: clock, days: [], step: 1 };
  if (day === "*") {
    const days = numbersIn(weekday, 7)?.map((each) => each % 7);
    return days ? { every: "week", at: clock, days: [...new Set(days)].sort((one, other) => one - other), step: 1 } : null;
  }
  const days = weekday === "*" ? numbersIn(day, 31) : null;
  return days && !days.includes(0) ? { every: "month", at: clock, days, step: 1 } : null;
}

/** The cron expression of what a form says. */
export function cronOf({ every, at: clock, days, step }: Times): string {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  switch (every) {
    case "minutes":
      return `*/${step} * * * *`;
    case "hour":
      return `${minute} ${step === 1 ? "*" : `*/${step}`} * * *`;
    case "week":
      return `${minute} ${hour} * * ${(days.length > 0 ? days : [1]).join(",")}`;
    case "month":
      return `${minute} ${hour} ${(days.length > 0 ? days : [1]).join(",")} * *`;
    default:
      return `${minute} ${hour} * * *`;
  }
}

export const UNITS = ["minutes", "hours", "days", "weeks", "months", "years"] as const;

/** How long something lasts, unit by unit as far as they are said. */
export const spansOf = (span: Json | undefined): { unit: string; count: number }[] => (isNode(span) ? UNITS.filter((unit) => typeof span[unit] === "number" && span[unit] !== 0).map((unit) => ({ unit, count: span[unit] as number })) : []);
