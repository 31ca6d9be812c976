import { at, isNode, put, remove, type Json, type Node, type Path } from "../tree";
import { arrowsOf, levelOf, onward, SPLITS, stepOf, stepsOf, type Arrow } from "./steps";
import { bypassed, exitsOf, leadsOf, meetingOf, reach, splitOf, tidied } from "./tidy";

/** What becomes of the ways of a split, or of what a scope holds, when it is taken away: one way stays (by its place), all
 * go, they stand one after the other; what is inside goes with it, or stays. */
export type Fate = number | "all" | "row" | "inside" | "kept";

/** The step that is meant by a join is the split whose ways meet there. */
function meant(document: Node, path: Path, ways: readonly string[]): Node | undefined {
  const step = at(document, path);
  if (!isNode(step)) return undefined;
  const split = step["type"] === "join" ? splitOf(document, String(step["id"]), ways) : null;
  return split === null ? step : stepOf(document, split);
}

/** What may be chosen for a split or a scope; nothing where taking it away needs no answer. */
export function fatesOf(document: Node, path: Path, ways: readonly string[]): Fate[] {
  const step = path.length === 2 ? meant(document, path, ways) : undefined;
  const id = String(step?.["id"]);
  if (!step) return [];
  if (step["type"] === "scope") return ["kept", "inside"].filter((fate) => drop(document, path, ways, fate as Fate) !== null) as Fate[];
  if (!SPLITS.includes(String(step["type"])) && step["type"] !== "branch") return [];
  const exits = exitsOf(document, id, ways);
  const meeting = meetingOf(document, id, ways);
  const filled = exits.filter((each) => each.to !== meeting);
  if (filled.length === 0 || exits.length < 2) return [];
  return [...exits.keys(), ...(["row", "all"] as const)].filter((fate) => drop(document, path, ways, fate) !== null);
}

/** Takes away a step, an event at a step, or a way with a condition; whatever led to it leads to where it went on, and what
 * nothing leads to any more goes with it. Null where that cannot be: the beginning, and an end to which something still
 * leads. */
export function dropStep(document: Node, path: Path, ways: readonly string[], fate?: Fate): Node | null {
  const found = drop(document, path, ways, fate);
  return found && tidied(document, found, ways);
}

function drop(document: Node, path: Path, ways: readonly string[], fate?: Fate): Node | null {
  if (path.length > 2) return dropPart(document, path);
  const step = meant(document, path, ways);
  if (!step || step["type"] === "start") return null;
  const id = String(step["id"]);
  if (step["type"] === "handler") return without(document, id);
  if (step["type"] === "scope" && fate === "kept") return dissolved(document, step, ways);
  if (SPLITS.includes(String(step["type"])) || step["type"] === "branch") {
    const exits = exitsOf(document, id, ways);
    const meeting = meetingOf(document, id, ways);
    if (fate === "row") return inRow(document, step, exits, meeting, ways);
    const to = typeof fate === "number" ? exits[fate]?.to : fate === "all" || (fate === undefined && step["type"] !== "branch") ? meeting : onward(step);
    return to == null || to === id ? null : bypassed(document, id, to, ways);
  }
  const next = onward(step);
  const into = arrowsOf(document, ways).filter((each) => each.to === id && each.from !== id);
  if (into.length === 0) return without(document, id);
  return next === null || next === id ? null : bypassed(document, id, next, ways);
}

const without = (document: Node, id: string): Node => put(document, ["nodes"], stepsOf(document).filter((each) => each["id"] !== id) as Json);

/** An event, or a way with a condition. */
function dropPart(document: Node, path: Path): Node | null {
  const list = path.slice(0, -1);
  const items = at(document, list);
  const step = at(document, path.slice(0, 2));
  if (!Array.isArray(items) || !isNode(step)) return null;
  if (path[2] !== "on" && items.length + (typeof step["otherwise"] === "string" ? 1 : 0) < 2) return null;
  return items.length === 1 && path[2] === "on" ? remove(document, list) : remove(document, path);
}

/** The ways of a split one after the other, where each leads to where they meet and none shares a step with another. */
function inRow(document: Node, split: Node, exits: Arrow[], meeting: string | null, ways: readonly string[]): Node | null {
  if (meeting === null || !SPLITS.includes(String(split["type"]))) return null;
  const arrows = arrowsOf(document, ways);
  const leads = leadsOf(arrows);
  const filled = exits.filter((each) => each.to !== meeting).map((each) => ({ first: each.to, steps: reach(leads, each.to, [meeting]) }));
  const own = (steps: Set<string>) => [...steps].filter((id) => id !== meeting && stepOf(document, id)?.["type"] !== "end");
  const all = filled.flatMap(({ steps }) => own(steps));
  if (filled.length < 2 || new Set(all).size < all.length || filled.some(({ steps }) => !steps.has(meeting))) return null;
  const led = filled.reduce((whole, { steps }, place) => {
    const next = filled[place + 1]?.first ?? meeting;
    return arrows.filter((each) => each.to === meeting && own(steps).includes(each.from)).reduce((now, arrow) => put(now, arrow.path, next), whole);
  }, document);
  return bypassed(led, String(split["id"]), filled[0]!.first, ways);
}

/** What a scope holds stands where the scope stood. */
function dissolved(document: Node, scope: Node, ways: readonly string[]): Node | null {
  const id = String(scope["id"]);
  const next = scope["to"];
  const inner = stepsOf(document).filter((each) => levelOf(each) === id);
  const start = inner.find((each) => each["type"] === "start");
  const ends = inner.filter((each) => each["type"] === "end").map((each) => String(each["id"]));
  const first = start?.["to"];
  if (typeof next !== "string" || typeof first !== "string") return null;
  const entry = ends.includes(first) ? next : first;
  const led = arrowsOf(document, ways).reduce((whole, arrow) => (arrow.to === id ? put(whole, arrow.path, entry) : ends.includes(arrow.to) ? put(whole, arrow.path, next) : whole), document);
  const gone = [id, String(start?.["id"]), ...ends];
  const kept = stepsOf(led).filter((each) => !gone.includes(String(each["id"])));
  return put(document, ["nodes"], kept.map((each) => (levelOf(each) === id ? onLevel(each, levelOf(scope)) : each)));
}

/** A step that belongs to another level. */
export function onLevel(step: Node, level: string): Node {
  const { in: _, ...rest } = step;
  if (level === "") return rest;
  const { id = "", type = "", ...others } = rest;
  return { id, type, in: level, ...others };
}

/** One way more, empty: it leads at once to where the others meet. */
export function addWay(document: Node, path: Path, ways: readonly string[]): Node | null {
  const step = at(document, path);
  if (!isNode(step)) return null;
  const to = meetingOf(document, String(step["id"]), ways) ?? (typeof step["otherwise"] === "string" ? step["otherwise"] : onward(step));
  if (to === null) return null;
  if (step["type"] === "parallel" && Array.isArray(step["to"])) return put(document, [...path, "to", step["to"].length], to);
  return Array.isArray(step["branches"]) ? put(document, [...path, "branches", step["branches"].length], { when: "", to }) : null;
}

/** Takes the way away that an arrow out of a split begins, with the steps on it. */
export function dropWay(document: Node, arrow: Path, ways: readonly string[]): Node | null {
  const step = at(document, arrow.slice(0, 2));
  if (!isNode(step) || exitsOf(document, String(step["id"]), ways).length < 2) return null;
  if (arrow[2] === "branches") return tidied(document, remove(document, arrow.slice(0, 4)), ways);
  if (arrow[2] === "to" || arrow[2] === "otherwise") return tidied(document, remove(document, arrow), ways);
  return null;
}
