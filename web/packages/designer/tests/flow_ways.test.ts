import { describe, expect, it } from "vitest";
import { addWay, dropStep, dropWay, fatesOf } from "../src/flows/dropping";
import { addEvent, addHandler, addUndo, changeWhat, interrupts } from "../src/flows/events";
import { arranged } from "../src/flows/layout";
import { moveStep, shiftStep } from "../src/flows/moving";
import { sound } from "../src/flows/sound";
import { addStep, arrowsOf, stepOf, stepsOf, wayOf } from "../src/flows/steps";
import { meetingOf } from "../src/flows/tidy";
import { at, type Node, type Path } from "../src/tree";
import corpus from "../../../../tests/conformance/flows/soundness.json";

const WAYS = ["to", "approved", "rejected", "late", "otherwise"];
const BLANK: Node = {
  name: "new",
  nodes: [
    { id: "start", type: "start", to: "end" },
    { id: "end", type: "end", outcome: "approved" },
  ],
};
const BEGIN: Record<string, Node> = {
  notify: { type: "notify", to_people: [] },
  approve: { type: "approve", approvers: [] },
  parallel: { type: "parallel" },
  inclusive: { type: "inclusive", branches: [{ when: "" }, { when: "" }] },
  branch: { type: "branch", branches: [{ when: "" }] },
  scope: { type: "scope" },
};
const EXITS: Record<string, string[]> = { notify: ["to"], approve: ["approved", "rejected"], parallel: ["to"], inclusive: [], branch: [], scope: ["to"] };
const ways = (document: Node) => arrowsOf(document, WAYS).map((each) => `${each.from}>${each.to}`);
const ids = (document: Node) => stepsOf(document).map((each) => each["id"]);
const on = (document: Node, kind: string, arrow: Path): Node => addStep(document, BEGIN[kind]!, arrow, EXITS[kind]!)!.document;
const path = (document: Node, id: string): Path => wayOf(document, id)!;
const exit = (document: Node, id: string, ...rest: (string | number)[]): Path => [...path(document, id), ...(rest.length > 0 ? rest : ["to"])];

/** start, parallel with two ways (one approval, then a notice; the other a notice), end. */
function parallel(): Node {
  let flow = on(BLANK, "parallel", ["nodes", 0, "to"]);
  flow = on(flow, "approve", exit(flow, "parallel", "to", 0));
  flow = on(flow, "notify", exit(flow, "approve", "approved"));
  return on(flow, "notify", exit(flow, "parallel", "to", 1));
}

describe("ways that part", () => {
  it("come with the step where they meet, and two ways", () => {
    expect(ways(on(BLANK, "parallel", ["nodes", 0, "to"]))).toEqual(["start>parallel", "parallel>join", "parallel>join", "join>end"]);
    const inclusive = on(BLANK, "inclusive", ["nodes", 0, "to"]);
    expect(ways(inclusive)).toEqual(["start>inclusive", "inclusive>join", "inclusive>join", "inclusive>join", "join>end"]);
    expect(stepOf(inclusive, "join")).toMatchObject({ waits_for: "active" });
  });

  it("nested, each know where they meet", () => {
    let flow = on(BLANK, "parallel", ["nodes", 0, "to"]);
    flow = on(flow, "parallel", exit(flow, "parallel", "to", 0));
    expect([meetingOf(flow, "parallel", WAYS), meetingOf(flow, "parallel_2", WAYS)]).toEqual(["join", "join_2"]);
    expect(sound(flow, WAYS)).toBe(true);
  });

  it("are added, and taken away with what stands on them; of the last two the other stays without a split", () => {
    const three = addWay(parallel(), path(parallel(), "parallel"), WAYS)!;
    expect(at(three, exit(three, "parallel"))).toEqual(["approve", "notify_2", "join"]);
    const two = dropWay(three, exit(three, "parallel", "to", 0), WAYS)!;
    expect(ids(two)).toEqual(["start", "parallel", "notify_2", "join", "end"]);
    expect(ways(dropWay(two, exit(two, "parallel", "to", 1), WAYS)!)).toEqual(["start>notify_2", "notify_2>end"]);
  });

  it("are taken apart as wanted: one kept, all one after the other, or none", () => {
    const flow = parallel();
    const split = path(flow, "parallel");
    expect(fatesOf(flow, split, WAYS)).toEqual([0, 1, "row", "all"]);
    expect(fatesOf(flow, path(flow, "join"), WAYS)).toEqual([0, 1, "row", "all"]);
    expect(ways(dropStep(flow, split, WAYS, 0)!)).toEqual(["start>approve", "approve>notify", "approve>rejected", "notify>end"]);
    expect(ways(dropStep(flow, split, WAYS, "row")!)).toEqual(["start>approve", "notify_2>end", "approve>notify", "approve>rejected", "notify>notify_2"]);
    expect(ids(dropStep(flow, path(flow, "join"), WAYS, "all")!)).toEqual(["start", "end"]);
    const empty = on(BLANK, "parallel", ["nodes", 0, "to"]);
    expect(fatesOf(empty, path(empty, "parallel"), WAYS)).toEqual([]);
    expect(dropStep(empty, path(empty, "parallel"), WAYS)).toEqual(BLANK);
  });

  it("with conditions are taken away by their condition", () => {
    let flow = on(BLANK, "branch", ["nodes", 0, "to"]);
    flow = addWay(flow, path(flow, "branch"), WAYS)!;
    expect(at(flow, exit(flow, "branch", "branches"))).toEqual([{ when: "", to: "end" }, { when: "", to: "end" }]);
    flow = dropStep(flow, exit(flow, "branch", "branches", 0), WAYS)!;
    expect(dropStep(flow, exit(flow, "branch", "branches", 0), WAYS)).toEqual(BLANK);
  });
});

describe("scopes", () => {
  it("come with a beginning and an end inside, and are dissolved or go with what they hold", () => {
    let flow = on(BLANK, "scope", ["nodes", 0, "to"]);
    expect(ways(flow)).toEqual(["start>scope", "scope>end", "scope_start>scope_end"]);
    expect(dropStep(flow, path(flow, "scope"), WAYS)).toEqual(BLANK);
    flow = on(flow, "notify", exit(flow, "scope_start"));
    expect(stepOf(flow, "notify")).toMatchObject({ in: "scope" });
    expect(fatesOf(flow, path(flow, "scope"), WAYS)).toEqual(["kept", "inside"]);
    const kept = dropStep(flow, path(flow, "scope"), WAYS, "kept")!;
    expect([ways(kept), stepOf(kept, "notify")]).toEqual([["start>notify", "notify>end"], { id: "notify", type: "notify", to_people: [], to: "end" }]);
    expect(dropStep(flow, path(flow, "scope"), WAYS, "inside")).toEqual(BLANK);
  });

  it("take steps in and let them out again, with all that is in them and what undoes them", () => {
    let flow = on(BLANK, "scope", ["nodes", 0, "to"]);
    flow = on(flow, "approve", exit(flow, "start"));
    flow = addUndo(flow, path(flow, "approve"))!.document;
    const inner = moveStep(flow, path(flow, "approve"), exit(flow, "scope_start"), WAYS)!;
    expect(ways(inner.document)).toEqual(["start>scope", "approve>scope_end", "approve>scope_end", "scope>end", "scope_start>approve", "handler_start>handler_end"]);
    expect([stepOf(inner.document, "approve")!["in"], stepOf(inner.document, "handler")!["in"]]).toEqual(["scope", "scope"]);
    const out = moveStep(inner.document, inner.chosen!, exit(inner.document, "start"), WAYS)!.document;
    expect([stepOf(out, "approve")!["in"], stepOf(out, "handler")!["in"]]).toEqual([undefined, undefined]);
    expect(sound(out, WAYS)).toBe(true);
    expect(moveStep(flow, path(flow, "scope"), exit(flow, "scope_start"), WAYS)).toBeNull();
  });
});

describe("what happens at a step", () => {
  it("leaves it by a way of its own that joins again, or ends where it goes on beside it", () => {
    const flow = on(BLANK, "approve", ["nodes", 0, "to"]);
    const timed = addEvent(flow, path(flow, "approve"), "after")!;
    expect(timed.chosen).toEqual(["nodes", 1, "on", 0]);
    expect(at(timed.document, timed.chosen!)).toEqual({ after: { days: 1 }, to: "end" });
    const beside = interrupts(timed.document, timed.chosen!, false, WAYS);
    expect(at(beside, timed.chosen!)).toEqual({ after: { days: 1 }, to: "end_2", interrupts: false });
    expect(stepOf(beside, "end_2")).toMatchObject({ outcome: "approved" });
    expect(changeWhat(beside, timed.chosen!, "error")["nodes"]).toContainEqual(expect.objectContaining({ on: [{ error: "*", to: "end_2" }] }));
    expect(ids(dropStep(beside, timed.chosen!, WAYS)!)).toEqual(["start", "approve", "end", "rejected"]);
  });

  it("is handled for a whole level, or undone, beside the flow", () => {
    const flow = addHandler(BLANK, "", { type: "handler", event: { message: "m" } });
    expect(ways(flow.document)).toEqual(["start>end", "handler_start>handler_end"]);
    expect(dropStep(flow.document, flow.chosen!, WAYS)).toEqual(BLANK);
    let undone = on(BLANK, "notify", ["nodes", 0, "to"]);
    undone = addUndo(undone, path(undone, "notify"))!.document;
    expect(dropStep(undone, path(undone, "notify"), WAYS)).toEqual(BLANK);
  });
});

describe("moving", () => {
  it("closes the way behind a step; a split moves with its ways", () => {
    let flow = on(parallel(), "approve", ["nodes", 0, "to"]);
    const moved = moveStep(flow, path(flow, "parallel"), exit(flow, "start"), WAYS)!.document;
    expect(ways(moved)).toContain("start>parallel");
    expect(ways(moved)).toContain("join>approve_2");
    expect(ways(moved)).toContain("approve_2>end");
    flow = shiftStep(flow, path(flow, "approve_2"), false, WAYS)!.document;
    expect(ways(flow)).toEqual(expect.arrayContaining(["start>parallel", "join>approve_2", "approve_2>end"]));
    expect(ways(shiftStep(flow, path(flow, "approve_2"), true, WAYS)!.document)).toContain("approve_2>parallel");
  });

  it("says when a way would never meet the others", () => {
    let flow = parallel();
    flow = on(flow, "notify", exit(flow, "join"));
    const jump = { ...flow, nodes: stepsOf(flow).map((each) => (each["id"] === "approve" ? { ...each, rejected: "notify_3" } : each)) };
    expect([sound(flow, WAYS), sound(jump, WAYS)]).toEqual([true, false]);
  });
});

describe("soundness", () => {
  const cases = corpus as unknown as { sound: boolean; nodes: Node[] }[];
  it("is found as the compiler finds it", () => {
    expect(cases.map(({ nodes }) => sound({ nodes }, WAYS))).toEqual(cases.map((each) => each.sound));
  });
  it("leaves loose steps, and all they lead to, where they were", () => {
    const flow: Node = { nodes: [...stepsOf(parallel()), { id: "loose", type: "notify", to_people: [], to: "notify_2" }] };
    expect(ids(dropWay(flow, exit(flow, "parallel", "to", 1), WAYS)!)).toEqual(expect.arrayContaining(["loose", "notify_2"]));
  });
});

/** Whatever is done, one thing after another: every arrow leads to a step of its level, everything is drawn, and the flow
 * stays sound where what was done says so. */
describe("any deeds in any order", () => {
  const random = (seed: number) => () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8) / 0x7fffff;
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("leave the flow whole (%i)", (seed) => {
    const next = random(seed);
    const one = <Thing>(all: readonly Thing[]): Thing => all[Math.floor(next() * all.length)]!;
    let flow = BLANK;
    for (let step = 0; step < 24; step += 1) {
      const arrow = one(arrowsOf(flow, WAYS)).path;
      const thing: Path = ["nodes", Math.floor(next() * stepsOf(flow).length)];
      const kind = one(Object.keys(BEGIN));
      const fates = fatesOf(flow, thing, WAYS);
      const splits = stepsOf(flow).flatMap((each, index) => (["parallel", "inclusive", "branch"].includes(String(each["type"])) ? [["nodes", index] as Path] : []));
      const deeds: (() => Node | null | undefined)[] = [
        () => addStep(flow, BEGIN[kind]!, arrow, EXITS[kind]!)?.document,
        () => addStep(flow, BEGIN[kind]!, arrow, EXITS[kind]!)?.document,
        () => moveStep(flow, thing, arrow, WAYS)?.document,
        () => shiftStep(flow, thing, next() > 0.5, WAYS)?.document,
        () => dropStep(flow, thing, WAYS, fates.length > 0 ? one(fates) : undefined),
        () => (splits.length > 0 ? addWay(flow, one(splits), WAYS) : null),
        () => dropWay(flow, arrow, WAYS),
        () => ("to" in stepsOf(flow)[thing[1] as number]! && !["start", "join", "parallel"].includes(String(stepsOf(flow)[thing[1] as number]!["type"])) ? addEvent(flow, thing, one(["after", "error"]))?.document : null),
        () => (stepsOf(flow)[thing[1] as number]!["type"] === "notify" ? addUndo(flow, thing)?.document : null),
      ];
      const found = one(deeds)();
      if (!found || !sound(found, WAYS)) continue;
      flow = found;
      const names = ids(flow);
      expect(new Set(names).size).toBe(names.length);
      for (const each of arrowsOf(flow, WAYS)) expect(stepOf(flow, each.to)!["in"]).toBe(stepOf(flow, each.from)!["in"]);
      for (const each of stepsOf(flow)) {
        if (each["in"] !== undefined) expect(names).toContain(each["in"]);
        for (const way of WAYS) if (typeof each[way] === "string") expect(names).toContain(each[way]);
        if (each["type"] !== "start" && each["type"] !== "handler") expect(ways(flow).some((way) => way.endsWith(`>${String(each["id"])}`))).toBe(true);
      }
      const drawn = arranged(flow, WAYS);
      expect(drawn.steps.length + drawn.frames.length).toBe(names.length);
      expect(drawn.lines.length).toBe(arrowsOf(flow, WAYS).length);
    }
  });
});

