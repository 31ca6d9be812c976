import { describe, expect, it } from "vitest";
import { added, bandsOf, choosable, fading, freeName, listOf, rangeOf } from "../src/scores/card";
import type { Node } from "../src/tree";

const card = (): Node => ({
  name: "heat", form: "lead", field: "score", least: -20, most: 120,
  attributes: [{ name: "budget", cases: [{ when: "budget > 5", points: 40 }, { when: "budget > 1", points: -10 }] }],
  behaviours: [{ name: "visits", relation: "visits", points: "5", cap: 30, fade: { half_life: 7 } }],
  bands: [{ name: "hot", from: 70 }, { name: "cold" }, { name: "warm", from: 40 }],
});

describe("a score card", () => {
  it("knows what can be chosen, and names that are free", () => {
    expect(choosable({ ...card(), learned: { name: "chance" } })).toEqual([["attributes", 0], ["behaviours", 0], ["bands", 0], ["bands", 1], ["bands", 2], ["learned"]]);
    expect([freeName(card(), "attributes", "visits"), freeName(card(), "bands", "visits"), freeName(card(), "behaviours", "预算")]).toEqual(["visits_2", "visits", "part"]);
    const more = added(card(), "attributes", { name: "budget", cases: [] });
    expect([more.path, listOf(more.document, "attributes")[1]!["name"]]).toEqual([["attributes", 1], "budget_2"]);
  });

  it("says what a part gives at most and at least", () => {
    const [budget] = listOf(card(), "attributes");
    expect(rangeOf(budget!)).toEqual({ least: -10, most: 40 });
    expect(rangeOf({ ...budget!, otherwise: 50, floor: 0, cap: 45 })).toEqual({ least: 0, most: 45 });
    expect(rangeOf(listOf(card(), "behaviours")[0]!)).toEqual({ least: null, most: 30 });
  });

  it("puts bands in order, from edge to edge", () => {
    expect(bandsOf(card()).map(({ band, from, to, path }) => [band["name"], from, to, path[1]])).toEqual([["cold", -20, 40, 1], ["warm", 40, 70, 2], ["hot", 70, 120, 0]]);
  });

  it("fades in one way at a time, and keeps the days", () => {
    const other = fading(card(), ["behaviours", 0], "over");
    expect(listOf(other, "behaviours")[0]!["fade"]).toEqual({ over: 7 });
    expect(listOf(fading(other, ["behaviours", 0], null), "behaviours")[0]!["fade"]).toBeUndefined();
    expect(listOf(fading(fading(other, ["behaviours", 0], null), ["behaviours", 0], "within"), "behaviours")[0]!["fade"]).toEqual({ within: 30 });
  });
});
