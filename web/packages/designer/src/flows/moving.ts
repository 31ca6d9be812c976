import { at, isNode, put, type Node, type Path } from "../tree";
import { onLevel } from "./dropping";
import { arrowsOf, levelOf, onward, SPLITS, stepOf, stepsOf, wayOf, type Done } from "./steps";
import { fallback, insideOf, leadsOf, meetingOf, reach, tidied } from "./tidy";

/** What moves as one: a step; a scope with what it holds; a split with its ways and where they meet. */
interface Region {
  ids: string[];
  next: string;
}

function regionOf(document: Node, id: string, ways: readonly string[]): Region | null {
  const step = stepOf(document, id);
  const type = String(step?.["type"]);
  if (!step || ["start", "end", "join", "handler"].includes(type)) return null;
  if (!SPLITS.includes(type) && type !== "branch") {
    const next = onward(step);
    return next === null || next === id ? null : { ids: [id], next };
  }
  const meeting = meetingOf(document, id, ways);
  if (meeting === null) return null;
  const arrows = arrowsOf(document, ways);
  const joined = SPLITS.includes(type);
  const found = reach(leadsOf(arrows), id, [meeting]);
  if (!joined) found.delete(meeting);
  // What others lead to as well is not its own.
  for (let again = true; again; ) {
    const shared = [...found].filter((each) => each !== id && arrows.some((arrow) => arrow.to === each && !found.has(arrow.from)));
    shared.forEach((each) => found.delete(each));
    again = shared.length > 0;
  }
  const next = joined ? stepOf(document, meeting)?.["to"] : meeting;
  return typeof next !== "string" || (joined && !found.has(meeting)) ? null : { ids: [...found], next };
}

/** Whether it can be moved at all. */
export const movable = (document: Node, id: string, ways: readonly string[]): boolean => regionOf(document, id, ways) !== null;

/** Takes a step from where it is to an arrow, also into a scope and out of it: its way closes behind it, and it leads on to
 * where the arrow led. Where it goes on otherwise (a refusal, an event) stays as it is when `keep` says so and the level
 * is the same; else it goes on with the arrow too. Null where it would stay where it is, or come to lie in itself. */
export function moveStep(document: Node, path: Path, arrow: Path, ways: readonly string[], keep = true): Done | null {
  const step = at(document, path);
  const owner = at(document, arrow.slice(0, 2));
  const target = at(document, arrow);
  if (!isNode(step) || !isNode(owner) || typeof target !== "string") return null;
  const id = String(step["id"]);
  const region = regionOf(document, id, ways);
  if (region === null || target === id) return null;
  const held = [...region.ids, ...region.ids.flatMap((each) => insideOf(document, each))];
  if (held.includes(String(owner["id"]))) return null;
  const [was, level] = [levelOf(step), levelOf(owner)];
  const arrows = arrowsOf(document, ways);
  const mine = (each: string) => region.ids.includes(each);
  const closed = arrows.filter((each) => each.to === id && !mine(each.from)).reduce((whole, each) => put(whole, each.path, region.next), document);
  const led = arrows.filter((each) => mine(each.from) && !mine(each.to)).reduce((whole, each) => {
    const to = each.to === region.next ? target : keep && was === level ? each.to : fallback(document, level, each, target);
    return put(whole, each.path, to);
  }, put(closed, arrow, id));
  const undoes = (each: Node) => typeof each["undoes"] === "string" && mine(each["undoes"]);
  const moved = was === level ? led : put(led, ["nodes"], stepsOf(led).map((each) => (mine(String(each["id"])) || undoes(each) ? onLevel(each, level) : each)));
  const whole = tidied(document, moved, ways);
  return { document: whole, chosen: wayOf(whole, id) };
}

/** One place up or down its way, past the step before it or behind it. */
export function shiftStep(document: Node, path: Path, up: boolean, ways: readonly string[]): Done | null {
  const step = at(document, path);
  const id = isNode(step) ? String(step["id"]) : "";
  const region = regionOf(document, id, ways);
  if (region === null) return null;
  const arrows = arrowsOf(document, ways);
  if (!up) {
    const behind = regionOf(document, region.next, ways);
    const out = behind && arrows.find((each) => behind.ids.includes(each.from) && each.to === behind.next);
    return out ? moveStep(document, path, out.path, ways) : null;
  }
  const into = arrows.filter((each) => each.to === id && !region.ids.includes(each.from));
  const before = into.length === 1 ? into[0]!.from : null;
  const meets = before !== null && stepOf(document, before)?.["type"] === "join" ? stepsOf(document).map((each) => String(each["id"])).find((each) => SPLITS.includes(String(stepOf(document, each)?.["type"])) && meetingOf(document, each, ways) === before) : before;
  const front = meets == null ? undefined : arrows.find((each) => each.to === meets);
  return front && meets && regionOf(document, meets, ways) ? moveStep(document, path, front.path, ways) : null;
}
