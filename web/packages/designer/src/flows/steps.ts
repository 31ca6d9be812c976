import { at, insert, isNode, pointerOf, put, remove, type Json, type Node, type Path } from "../tree";

/** What is done to the document of a flow: its steps stand in `nodes`, and name the steps they go on with. Pure. */

/** A step that names another: from which, to which, where it is written, and how that exit is called. */
export interface Arrow {
  from: string;
  to: string;
  path: Path;
  exit: string;
}

export const stepsOf = (document: Node): Node[] => (Array.isArray(document["nodes"]) ? document["nodes"].filter(isNode) : []);

export const wayOf = (document: Node, id: string): Path | null => {
  const index = stepsOf(document).findIndex((each) => each["id"] === id);
  return index === -1 ? null : ["nodes", index];
};

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

interface Done {
  document: Node;
  chosen: Path | null;
}

/** A new step on an arrow: what led on leads to it, and it leads on to where that led. A refusal goes to an end that
 * says so, if the flow has one. `exits` are the ways its kind has to name. */
export function addStep(document: Node, begin: Node, arrow: Path, exits: readonly string[]): Done | null {
  const target = at(document, arrow);
  if (typeof target !== "string" || arrow[0] !== "nodes") return null;
  const id = freeId(document, String(begin["type"]));
  const refused = stepsOf(document).find((each) => each["type"] === "end" && each["outcome"] === "rejected");
  const ways: Node = Object.fromEntries(exits.map((exit) => [exit, exit === "rejected" && refused ? String(refused["id"]) : target]));
  const branches: Node = Array.isArray(begin["branches"]) ? { branches: begin["branches"].map((each) => (isNode(each) ? { ...each, to: target } : each)), otherwise: target } : {};
  const place = (arrow[1] as number) + 1;
  const led = put(document, arrow, id);
  return { document: insert(led, ["nodes"], place, { id, ...begin, ...ways, ...branches }), chosen: ["nodes", place] };
}

/** Where a step goes on at first: what is left when it is taken away. */
function onward(step: Node): string | null {
  const branch = Array.isArray(step["branches"]) && isNode(step["branches"][0]) ? step["branches"][0]["to"] : undefined;
  for (const each of [step["to"], step["approved"], step["otherwise"], branch]) if (typeof each === "string") return each;
  return null;
}

/** Takes a step away; whatever led to it leads to where it went on. Null where that cannot be: the beginning, and an end
 * to which something still leads. */
export function dropStep(document: Node, path: Path, ways: readonly string[]): Node | null {
  const step = at(document, path);
  if (!isNode(step) || step["type"] === "start") return null;
  const id = String(step["id"]);
  const into = arrowsOf(document, ways).filter((each) => each.to === id && each.from !== id);
  const next = onward(step);
  if (into.length > 0 && (next === null || next === id)) return null;
  const led = into.reduce((whole, arrow) => put(whole, arrow.path, next!), document);
  return remove(led, path);
}

/** Another name for a step, also wherever it is gone on to. */
export function renameStep(document: Node, path: Path, id: string, ways: readonly string[]): Node {
  const step = at(document, path);
  const was = isNode(step) ? String(step["id"]) : "";
  const led = arrowsOf(document, ways).filter((each) => each.to === was).reduce((whole, arrow) => put(whole, arrow.path, id), document);
  return put(led, [...path, "id"], id);
}

/** Every way that can be chosen. */
export const choosable = (document: Node): Path[] => stepsOf(document).map((_, index) => ["nodes", index]);

export const arrowId = (arrow: Arrow): string => `way:${pointerOf(arrow.path)}`;
