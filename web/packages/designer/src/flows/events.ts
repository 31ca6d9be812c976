import { at, insert, isNode, put, type Json, type Node, type Path } from "../tree";
import { arrowsOf, endOf, freeId, inserted, inside, levelOf, onward, stepsOf, type Done } from "./steps";
import { leadsOf, reach } from "./tidy";

/** What can be caught, with what a new one says at first. */
export const EVENTS: Record<string, Json> = { after: { days: 1 }, message: "message", when: "", signal: "signal", error: "*", escalation: "*" };

/** What an event waits for. */
export const whatOf = (event: Json | undefined): string | undefined => (isNode(event) ? Object.keys(EVENTS).find((each) => each in event) : undefined);

/** An event at a step: when it happens the step is left by a way of its own, that at first joins the step's again. */
export function addEvent(document: Node, path: Path, what: string): Done | null {
  const step = at(document, path);
  const to = isNode(step) ? onward(step) : null;
  const begin = EVENTS[what];
  if (!isNode(step) || to === null || begin === undefined) return null;
  const place = Array.isArray(step["on"]) ? step["on"].length : 0;
  return { document: insert(document, [...path, "on"], place, { [what]: structuredClone(begin), to }), chosen: [...path, "on", place] };
}

/** Another thing to wait for; its way and its name stay. */
export function changeWhat(document: Node, path: Path, what: string): Node {
  const event = at(document, path);
  if (!isNode(event)) return document;
  const rest = Object.fromEntries(Object.entries(event).filter(([name]) => !(name in EVENTS) && name !== "roles" && (what !== "error" || name !== "interrupts")));
  return put(document, path, { [what]: structuredClone(EVENTS[what]!), ...rest });
}

/** Steps taken when something happens while a level goes on, or to undo a step: they stand behind all others. */
export function addHandler(document: Node, level: string, begin: Node): Done {
  const id = freeId(document, "handler");
  const last = stepsOf(document).length - 1;
  const step: Node = { id, ...begin, ...(level === "" ? {} : { in: level }) };
  return { document: inserted(document, last, [step, ...inside(document, id)]), chosen: ["nodes", last + 1] };
}

export function addUndo(document: Node, path: Path): Done | null {
  const step = at(document, path);
  if (!isNode(step)) return null;
  return addHandler(document, levelOf(step), { type: "handler", undoes: String(step["id"]) });
}

/** Whether what goes on is broken off. What goes on beside it must not come to the same steps once more: its way then gets
 * an end of its own, with the outcome the flow has otherwise. */
export function interrupts(document: Node, path: Path, broken: boolean, ways: readonly string[]): Node {
  if (broken) return put(document, [...path, "interrupts"], undefined);
  const said = put(document, [...path, "interrupts"], false);
  const step = at(document, path.slice(0, 2));
  const to = at(document, [...path, "to"]);
  const next = isNode(step) ? onward(step) : null;
  if (!isNode(step) || typeof to !== "string" || next === null) return said;
  const arrows = arrowsOf(said, ways);
  const leads = leadsOf(arrows);
  const main = reach(leads, next);
  const own = reach(leads, to, [...main]);
  const again = arrows.filter((each) => main.has(each.to) && ((own.has(each.from) && !main.has(each.from)) || (each.to === to && each.path.slice(0, 4).every((part, index) => part === path[index]))));
  if (again.length === 0) return said;
  const level = levelOf(step);
  const id = freeId(said, "end");
  const outcome = endOf(said, level, false)?.["outcome"];
  const end: Node = { id, type: "end", ...(level === "" ? {} : { in: level }), ...(outcome === undefined ? {} : { outcome }) };
  return inserted(again.reduce((whole, arrow) => put(whole, arrow.path, id), said), stepsOf(said).length - 1, [end]);
}
