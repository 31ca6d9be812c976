import { at, insert, isNode, pointerOf, put, type Json, type Node, type Path } from "../tree";

/** The document of a flow as a graph: its steps stand in `nodes`, and name the steps they go on with. Pure. */

/** A step that names another: from which, to which, where it is written, and how that exit is called. */
export interface Arrow {
  from: string;
  to: string;
  path: Path;
  exit: string;
}

/** What a change comes to: the document, and what is chosen then. */
export interface Done {
  document: Node;
  chosen: Path | null;
}

export const SPLITS = ["parallel", "inclusive"];
/** Steps that hold others. */
export const HOLDERS = ["scope", "handler"];

export const stepsOf = (document: Node): Node[] => (Array.isArray(document["nodes"]) ? document["nodes"].filter(isNode) : []);

export const stepOf = (document: Node, id: string): Node | undefined => stepsOf(document).find((each) => each["id"] === id);

export const wayOf = (document: Node, id: string): Path | null => {
  const index = stepsOf(document).findIndex((each) => each["id"] === id);
  return index === -1 ? null : ["nodes", index];
};

/** The scope or handler a step belongs to; "" for the flow itself. */
export const levelOf = (step: Node | undefined): string => (typeof step?.["in"] === "string" ? step["in"] : "");

/** Whether an arrow leaves by an event at the step. */
export const byEvent = (arrow: Arrow): boolean => arrow.path[2] === "on";

/** Every arrow of a flow: a word of `ways`, wherever it stands in a step, with the id of a step. */
export function arrowsOf(document: Node, ways: readonly string[]): Arrow[] {
  const steps = stepsOf(document);
  const ids = new Set(steps.map((each) => String(each["id"])));
  const found: Arrow[] = [];
  const walk = (value: Json | undefined, path: Path, from: string, exit: string | null) => {
    if (typeof value === "string") {
      if (exit !== null && ids.has(value)) found.push({ from, to: value, path, exit });
    } else if (Array.isArray(value)) value.forEach((each, index) => walk(each, [...path, index], from, exit));
    else if (isNode(value)) for (const [name, each] of Object.entries(value)) walk(each, [...path, name], from, ways.includes(name) ? name : null);
  };
  steps.forEach((step, index) => {
    for (const [name, value] of Object.entries(step)) if (name !== "id" && name !== "title") walk(value, ["nodes", index, name], String(step["id"]), ways.includes(name) ? name : null);
  });
  return found;
}

export function freeId(document: Node, kind: string): string {
  const taken = new Set(stepsOf(document).map((each) => each["id"]));
  for (let count = 1; ; count++) {
    const id = count === 1 ? kind : `${kind}_${count}`;
    if (!taken.has(id)) return id;
  }
}

/** Steps put into the list behind the step at `index`; nothing but the list changes. */
export const inserted = (document: Node, index: number, steps: Node[]): Node => steps.reduce((whole, step, place) => insert(whole, ["nodes"], index + 1 + place, step), document);

/** The end of a level that says no, or one that does not. */
export const endOf = (document: Node, level: string, refused: boolean): Node | undefined => stepsOf(document).find((each) => each["type"] === "end" && levelOf(each) === level && (each["outcome"] === "rejected") === refused);

const within = (level: string): Node => (level === "" ? {} : { in: level });

/** A new step on an arrow: what led on leads to it, and it leads on to where that led. Ways that part come with the step
 * where they meet, a scope with its beginning and its end. A refusal goes to an end that says so; the flow itself gets one
 * where it has none.
 * `exits` are the ways its kind has to name; with `refuses` false a refusal goes on with the others. */
export function addStep(document: Node, begin: Node, arrow: Path, exits: readonly string[], refuses = true): Done | null {
  const target = at(document, arrow);
  const owner = at(document, arrow.slice(0, 2));
  if (typeof target !== "string" || !isNode(owner)) return null;
  const type = String(begin["type"]);
  const level = levelOf(owner);
  const id = freeId(document, type);
  const place = arrow[1] as number;
  const led = put(document, arrow, id);
  const chosen: Path = ["nodes", place + 1];
  const step: Node = { id, ...begin, ...within(level) };
  if (SPLITS.includes(type)) {
    const join = freeId(document, "join");
    const meets: Node = { id: join, type: "join", ...within(level), ...(type === "inclusive" ? { waits_for: "active" } : {}), to: target };
    return { document: inserted(led, place, [{ ...step, ...waysTo(begin, join) }, meets]), chosen };
  }
  if (type === "scope") return { document: inserted(led, place, [{ ...step, to: target }, ...inside(led, id)]), chosen };
  const wanted = refuses && exits.includes("rejected");
  const refused = wanted ? endOf(document, level, true) : undefined;
  const fresh: Node | undefined = wanted && !refused && level === "" ? { id: freeId(document, "rejected"), type: "end", outcome: "rejected" } : undefined;
  const no = refused ?? fresh;
  const ways: Node = Object.fromEntries(exits.map((exit) => [exit, exit === "rejected" && no ? String(no["id"]) : target]));
  const standing = inserted(led, place, [{ ...step, ...ways, ...(Array.isArray(begin["branches"]) ? waysTo(begin, target) : {}) }]);
  return { document: fresh ? inserted(standing, stepsOf(standing).length - 1, [fresh]) : standing, chosen };
}

/** All ways of a new split lead to where they meet. */
function waysTo(begin: Node, target: string): Node {
  if (!Array.isArray(begin["branches"])) return { to: [target, target] };
  return { branches: begin["branches"].map((each) => (isNode(each) ? { ...each, to: target } : each)), otherwise: target };
}

/** What a new scope or handler holds at first. */
export function inside(document: Node, holder: string): Node[] {
  const end = freeId(document, `${holder}_end`);
  return [
    { id: freeId(document, `${holder}_start`), type: "start", in: holder, to: end },
    { id: end, type: "end", in: holder },
  ];
}

/** Where a step goes on at first: what is left when it is taken away. */
export function onward(step: Node): string | null {
  const branch = Array.isArray(step["branches"]) && isNode(step["branches"][0]) ? step["branches"][0]["to"] : undefined;
  const first = Array.isArray(step["to"]) ? step["to"][0] : step["to"];
  for (const each of [first, step["approved"], step["otherwise"], branch]) if (typeof each === "string") return each;
  return null;
}

/** Another name for a step, also wherever it is gone on to, stood in, or undone. */
export function renameStep(document: Node, path: Path, id: string, ways: readonly string[]): Node {
  const step = at(document, path);
  const was = isNode(step) ? String(step["id"]) : "";
  const led = arrowsOf(document, ways).filter((each) => each.to === was).reduce((whole, arrow) => put(whole, arrow.path, id), document);
  const named = put(led, [...path, "id"], id);
  return put(named, ["nodes"], stepsOf(named).map((each) => Object.fromEntries(Object.entries(each).map(([name, value]) => [name, ["in", "undoes", "undo"].includes(name) && value === was ? id : name === "returns" && Array.isArray(value) ? value.map((one) => (one === was ? id : one)) : value]))));
}

/** Every thing that can be chosen: steps, the events at them, and ways with a condition. */
export const choosable = (document: Node): Path[] =>
  stepsOf(document).flatMap((step, index) => [["nodes", index] as Path, ...["on", "branches"].flatMap((list) => (Array.isArray(step[list]) ? step[list].map((_, each): Path => ["nodes", index, list, each]) : []))]);

export const arrowId = (arrow: Arrow): string => `way:${pointerOf(arrow.path)}`;
