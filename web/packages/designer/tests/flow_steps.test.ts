import { describe, expect, it } from "vitest";
import { dropStep } from "../src/flows/dropping";
import { addStep, arrowsOf, renameStep, stepsOf } from "../src/flows/steps";
import type { Node } from "../src/tree";

const WAYS = ["to", "approved", "rejected", "late", "otherwise"];
const FLOW: Node = {
  name: "ask",
  nodes: [
    { id: "start", type: "start", to: "boss" },
    { id: "boss", type: "approve", title: "to", approvers: [{ role: "boss" }], approved: "size", rejected: "no", on: [{ message: "m", to: "no" }] },
    { id: "size", type: "branch", branches: [{ when: "total > 1", to: "tell" }], otherwise: "yes" },
    { id: "tell", type: "notify", to_people: [{ field: "owner" }], to: "yes" },
    { id: "yes", type: "end", outcome: "approved" },
    { id: "no", type: "end", outcome: "rejected" },
  ],
};
const ways = (document: Node) => arrowsOf(document, WAYS).map((each) => `${each.from}-${each.exit}>${each.to}`);
const ids = (document: Node) => stepsOf(document).map((each) => each["id"]);

describe("the document of a flow as it is designed", () => {
  it("knows every arrow, wherever it is written, and nothing else", () => {
    expect(ways(FLOW)).toEqual(["start-to>boss", "boss-approved>size", "boss-rejected>no", "boss-to>no", "size-to>tell", "size-otherwise>yes", "tell-to>yes"]);
  });

  it("puts a step on an arrow, so that all ways stay whole", () => {
    const one = addStep(FLOW, { type: "notify", to_people: [] }, ["nodes", 0, "to"], ["to"])!;
    expect(one.chosen).toEqual(["nodes", 1]);
    expect(ids(one.document)).toEqual(["start", "notify", "boss", "size", "tell", "yes", "no"]);
    expect(ways(one.document).slice(0, 2)).toEqual(["start-to>notify", "notify-to>boss"]);
    const two = addStep(one.document, { type: "approve" }, ["nodes", 1, "to"], ["approved", "rejected"])!;
    expect(ways(two.document)).toContain("approve-approved>boss");
    expect(ways(two.document)).toContain("approve-rejected>no");
    const three = addStep(FLOW, { type: "branch", branches: [{ when: "" }] }, ["nodes", 2, "branches", 0, "to"], [])!;
    expect(ways(three.document)).toEqual(expect.arrayContaining(["size-to>branch", "branch-to>tell", "branch-otherwise>tell"]));
    const four = addStep(FLOW, { type: "end", outcome: "approved" }, ["nodes", 1, "on", 0, "to"], [])!;
    expect(ways(four.document)).toContain("boss-to>end");
    expect(addStep(FLOW, { type: "notify" }, ["nodes", 9, "to"], ["to"])).toBeNull();
  });

  it("takes a step away and closes the way over it", () => {
    expect(ways(dropStep(FLOW, ["nodes", 1], WAYS)!)[0]).toBe("start-to>size");
    expect(ways(dropStep(FLOW, ["nodes", 2], WAYS)!)).toContain("boss-approved>yes");
    expect(dropStep(FLOW, ["nodes", 0], WAYS)).toBeNull();
    expect(dropStep(FLOW, ["nodes", 4], WAYS)).toBeNull();
    const alone = { ...FLOW, nodes: [...stepsOf(FLOW), { id: "never", type: "end" }] };
    expect(ids(dropStep(alone, ["nodes", 6], WAYS)!)).toEqual(ids(FLOW));
  });

  it("renames a step wherever it is gone on to", () => {
    expect(ways(renameStep(FLOW, ["nodes", 4], "done", WAYS)).slice(-2)).toEqual(["size-otherwise>done", "tell-to>done"]);
    expect(ways(FLOW)).toContain("tell-to>yes");
  });
});
