import { isNode, put, remove, type Json, type Node } from "../tree";
import { arrowsOf, byEvent, endOf, HOLDERS, levelOf, SPLITS, stepOf, stepsOf, wayOf, type Arrow } from "./steps";

/** Keeps a flow whole while something is taken out of it: what nothing leads to any more goes with it, and a split or
 * join with a single way is no step any more. Pure. */

/** From each step the steps it leads to. */
export type Leads = Map<string, string[]>;

export function leadsOf(arrows: readonly Arrow[]): Leads {
  const found: Leads = new Map();
  for (const { from, to } of arrows) found.set(from, [...(found.get(from) ?? []), to]);
  return found;
}

/** Every step that can be come to from one, itself among them, without going on from `beyond`. */
export function reach(leads: Leads, from: string, beyond: readonly string[] = []): Set<string> {
  const found = new Set([from]);
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
    if (!beyond.includes(id)) for (const to of leads.get(id) ?? []) if (!found.has(to)) (found.add(to), waiting.push(to));
  return found;
}

/** Every step that is ever come to: from the beginning of the flow, of its scopes and of its handlers. */
function reached(document: Node, ways: readonly string[]): Set<string> {
  const steps = stepsOf(document);
  const leads = leadsOf(arrowsOf(document, ways));
  const found = new Set<string>();
  const visit = (level: string): void => {
    for (const start of steps.filter((each) => each["type"] === "start" && levelOf(each) === level)) for (const id of reach(leads, String(start["id"]))) found.add(id);
    for (const each of steps.filter((one) => HOLDERS.includes(String(one["type"])) && levelOf(one) === level)) {
      const id = String(each["id"]);
      const undone = each["undoes"];
      if (each["type"] === "handler" && (typeof undone !== "string" || found.has(undone))) found.add(id);
      if (found.has(id)) visit(id);
    }
  };
  visit("");
  return found;
}

/** The ways by which a step goes on, events left out. */
export const exitsOf = (document: Node, id: string, ways: readonly string[]): Arrow[] => arrowsOf(document, ways).filter((each) => each.from === id && !byEvent(each));

/** Joins at which several ways that were open at the same time never meet. */
function lonely(document: Node, ways: readonly string[]): string[] {
  const arrows = arrowsOf(document, ways);
  const leads = leadsOf(arrows);
  const splits = stepsOf(document).map((each) => ({ id: String(each["id"]), all: SPLITS.includes(String(each["type"])), events: Array.isArray(each["on"]) && each["on"].some((one) => isNode(one) && one["interrupts"] === false) }));
  const opened = splits.filter((each) => each.all || each.events).map(({ id }) => arrows.filter((each) => each.from === id).map((each) => reach(leads, each.to)));
  return stepsOf(document).filter((each) => each["type"] === "join").map((each) => String(each["id"])).filter((id) => !opened.some((exits) => exits.filter((each) => each.has(id)).length > 1));
}

/** Leads over a step to another, and takes it away. */
export function bypassed(document: Node, id: string, next: string, ways: readonly string[]): Node {
  const path = wayOf(document, id);
  if (path === null || next === id) return document;
  return remove(arrowsOf(document, ways).filter((each) => each.to === id).reduce((whole, arrow) => put(whole, arrow.path, next), document), path);
}

/** What was done, and what goes with it. Steps to which nothing led before stay, with what they lead to: they are
 * somebody's work. */
export function tidied(before: Node, after: Node, ways: readonly string[]): Node {
  const [had, alone] = [reached(before, ways), lonely(before, ways)];
  let now = after;
  for (let round = 0; round <= stepsOf(before).length; round += 1) {
    const has = reached(now, ways);
    const leads = leadsOf(arrowsOf(now, ways));
    const loose = new Set(stepsOf(now).map((each) => String(each["id"])).filter((id) => !had.has(id) && !has.has(id)).flatMap((id) => [...reach(leads, id)]));
    const kept = stepsOf(now).filter((each) => has.has(String(each["id"])) || loose.has(String(each["id"])));
    if (kept.length < stepsOf(now).length) now = put(now, ["nodes"], kept);
    const single = stepsOf(now).find((each) => onlyWay(each) !== null);
    const join = lonely(now, ways).find((id) => !alone.includes(id));
    const to = join === undefined ? undefined : stepOf(now, join)?.["to"];
    if (single && stepsOf(before).some((each) => each["id"] === single["id"] && onlyWay(each) === null)) now = bypassed(now, String(single["id"]), onlyWay(single)!, ways);
    else if (join !== undefined && typeof to === "string") now = bypassed(now, join, to, ways);
    else return now;
  }
  return now;
}

/** Where a split leads that has one way left. */
function onlyWay(step: Node): string | null {
  if (step["type"] === "parallel") return Array.isArray(step["to"]) && step["to"].length === 1 ? String(step["to"][0]) : null;
  if (step["type"] !== "inclusive" && step["type"] !== "branch") return null;
  return Array.isArray(step["branches"]) && step["branches"].length > 0 ? null : typeof step["otherwise"] === "string" ? step["otherwise"] : null;
}

/** Where the ways of a split meet: the nearest step that most of them come to; of ways that are open at the same time
 * it is a join. Null where none do. */
export function meetingOf(document: Node, id: string, ways: readonly string[]): string | null {
  const leads = leadsOf(arrowsOf(document, ways));
  const exits = exitsOf(document, id, ways).map((each) => reach(leads, each.to, [id]));
  const joins = SPLITS.includes(String(stepOf(document, id)?.["type"]));
  const counted = new Map<string, number>();
  for (const exit of exits) for (const each of exit) if (each !== id && (!joins || stepOf(document, each)?.["type"] === "join")) counted.set(each, (counted.get(each) ?? 0) + 1);
  const most = Math.max(0, ...counted.values());
  if (most < 2) return null;
  const met = [...counted].filter(([, count]) => count === most).map(([each]) => each);
  return met.find((each) => [...met].every((other) => reach(leads, each, [id]).has(other))) ?? null;
}

/** The split whose ways meet at a join. */
export const splitOf = (document: Node, join: string, ways: readonly string[]): string | null =>
  stepsOf(document).map((each) => String(each["id"])).find((id) => SPLITS.includes(String(stepOf(document, id)?.["type"])) && meetingOf(document, id, ways) === join) ?? null;

/** Everything in a scope or handler, at every depth. */
export function insideOf(document: Node, holder: string): string[] {
  const own = stepsOf(document).filter((each) => levelOf(each) === holder).map((each) => String(each["id"]));
  return own.flatMap((id) => (id === holder ? [] : [id, ...(HOLDERS.includes(String(stepOf(document, id)?.["type"])) ? insideOf(document, id) : [])]));
}

/** The end to which an arrow of this level may fall back: one that says no for a refusal, any other otherwise. */
export const fallback = (document: Node, level: string, arrow: Arrow, next: string): string => (arrow.exit === "rejected" ? String(endOf(document, level, true)?.["id"] ?? next) : next);

export const without = (document: Node, ids: readonly string[]): Node => put(document, ["nodes"], stepsOf(document).filter((each) => !ids.includes(String(each["id"]))) as Json);
