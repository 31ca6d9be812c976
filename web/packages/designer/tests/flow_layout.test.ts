import { nested, type Box as Place, type Held } from "@lowcode/runtime/flows/frames";
import type { Spot } from "@lowcode/runtime/flows/layers";
import { expect, test } from "vitest";
import { addWay } from "../src/flows/dropping";
import { addEvent, addHandler } from "../src/flows/events";
import { arranged } from "../src/flows/layout";
import { sound } from "../src/flows/sound";
import { addStep, arrowsOf, HOLDERS, levelOf, stepsOf, wayOf } from "../src/flows/steps";
import type { Node } from "../src/tree";

/** Flows that come of putting things into them at random: whatever is put there, nothing stands over anything else. */

const WAYS = ["to", "approved", "rejected", "late", "otherwise"];
const SIZES = { width: 148, height: 52, gap: 20, rise: 40 };
const KINDS: [Node, string[]][] = [
  [{ type: "notify", to_people: [] }, ["to"]],
  [{ type: "approve", approvers: [] }, ["approved", "rejected"]],
  [{ type: "parallel" }, ["to"]],
  [{ type: "inclusive", branches: [{ when: "" }, { when: "" }] }, []],
  [{ type: "branch", branches: [{ when: "" }] }, []],
  [{ type: "scope" }, ["to"]],
];
const EVENTS = ["after", "message", "error"];

/** Numbers below another one, the same ones every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function grown(seed: number): Node {
  const some = numbers(seed);
  let flow: Node = { name: "new", nodes: [{ id: "start", type: "start", to: "end" }, { id: "end", type: "end", outcome: "approved" }] };
  for (let step = 0; step < 9; step += 1) {
    const arrows = arrowsOf(flow, WAYS);
    const [kind, exits] = KINDS[some(KINDS.length)]!;
    flow = addStep(flow, kind, arrows[some(arrows.length)]!.path, exits)?.document ?? flow;
    const asked = stepsOf(flow).filter((each) => ["approve", "scope"].includes(String(each["type"])));
    const split = stepsOf(flow).filter((each) => each["type"] === "parallel");
    if (asked.length > 0 && some(3) === 0) flow = addEvent(flow, wayOf(flow, String(asked[some(asked.length)]!["id"]))!, EVENTS[some(3)] as never)?.document ?? flow;
    if (split.length > 0 && some(3) === 0) flow = addWay(flow, wayOf(flow, String(split[some(split.length)]!["id"]))!, WAYS) ?? flow;
    const scopes = ["", ...stepsOf(flow).filter((each) => each["type"] === "scope").map((each) => String(each["id"]))];
    if (some(4) === 0) flow = addHandler(flow, scopes[some(scopes.length)]!, { type: "handler" }).document;
  }
  return flow;
}

/** Those of which every token can come to an end. */
const FLOWS = Array.from({ length: 30 }, (_, seed) => grown(seed)).filter((flow) => sound(flow, WAYS)).map((flow, at): [number, Node] => [at, flow]);

test("there are enough of them", () => expect(FLOWS.length).toBeGreaterThan(20));

const over = (one: Place, other: Place, by = 0.01): boolean => one.x + one.width > other.x + by && other.x + other.width > one.x + by && one.y + one.height > other.y + by && other.y + other.height > one.y + by;
const inside = (one: Place, other: Place): boolean => one.x >= other.x && one.y >= other.y && one.x + one.width <= other.x + other.width && one.y + one.height <= other.y + other.height;
const around = ({ x, y }: Spot, size: number): Place => ({ x: x - size / 2, y: y - size / 2, width: size, height: size });

/** Pieces between two rows are bent within what they span. */
const pieces = (points: Spot[]): Place[] => points.slice(1).map((to, at) => ({ x: Math.min(points[at]!.x, to.x), y: Math.min(points[at]!.y, to.y), width: Math.abs(points[at]!.x - to.x), height: Math.abs(points[at]!.y - to.y) }));

function apart(boxes: [string, Place][], frames: Set<string>): void {
  for (const [at, [name, box]] of boxes.entries())
    for (const [other, place] of boxes.slice(at + 1))
      if (over(box, place)) expect([name, other, (frames.has(name) && inside(place, box)) || (frames.has(other) && inside(box, place))]).toEqual([name, other, true]);
}

test.each(FLOWS)("the picture of an instance, %i", (_, flow) => {
  const nodes = stepsOf(flow).map((each): Held => ({ id: String(each["id"]), scope: levelOf(each) || null, holds: HOLDERS.includes(String(each["type"])), aside: each["type"] === "handler" }));
  const arrows = arrowsOf(flow, WAYS);
  const found = nested(nodes, arrows, SIZES);
  const places = [...found.steps, ...found.frames];
  expect(places.map(([id]) => id).sort()).toEqual(nodes.map(({ id }) => id).sort());
  apart(places, new Set(found.frames.keys()));
  for (const [, box] of places) expect(inside(box, { x: 0, y: 0, width: found.width, height: found.height })).toBe(true);
  for (const [at, { points }] of found.ways)
    for (const piece of pieces(points))
      for (const [id, box] of found.steps) if (over(piece, box)) expect([arrows[at]!.from, arrows[at]!.to, id]).toEqual("crosses nothing");
});

test.each(FLOWS)("the sheet of the designer, %i", (_, flow) => {
  const found = arranged(flow, WAYS);
  const boxes = [...found.steps, ...found.cards].map((each): [string, Place] => [each.id, each]);
  apart([...boxes, ...found.frames.map((each): [string, Place] => [each.id, each])], new Set(found.frames.map((each) => each.id)));
  const places = found.lines.map(({ arrow, plus }): [string, Place] => [`${arrow.from} ${arrow.to} ${arrow.exit}`, around(plus, 14)]);
  apart(places, new Set());
  for (const { arrow, plus } of found.lines) for (const [id, box] of boxes) if (over(around(plus, 14), box)) expect([arrow.from, arrow.to, id]).toEqual("stands over nothing");
});

test("names of two ways out of a step stand on their outer sides", () => {
  const flow: Node = { name: "new", nodes: [{ id: "start", type: "start", to: "ask" }, { id: "ask", type: "approve", approvers: [], approved: "end", rejected: "no" }, { id: "end", type: "end", outcome: "approved" }, { id: "no", type: "end", outcome: "rejected" }] };
  const ways = arranged(flow, WAYS).lines.filter((each) => each.arrow.from === "ask").sort((one, other) => one.plus.x - other.plus.x);
  expect(ways.map((each) => each.label)).toEqual(["before", "after"]);
  expect(arranged(flow, WAYS).lines.find((each) => each.arrow.from === "start")!.label).toBe("after");
});
