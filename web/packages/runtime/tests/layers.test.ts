import { expect, test } from "vitest";
import { layered } from "../src/flows/layers";

const SIZES = { width: 100, height: 40, gap: 20, rise: 30 };
const FLOW = {
  ids: ["start", "one", "by", "two", "mark", "end", "no"],
  arrows: [
    { from: "start", to: "one" }, { from: "one", to: "by" }, { from: "one", to: "no" }, { from: "by", to: "two" }, { from: "by", to: "mark" },
    { from: "two", to: "mark" }, { from: "two", to: "one" }, { from: "mark", to: "end" },
  ],
};

test("every step stands below those that lead to it, and none over another", () => {
  const found = layered(FLOW.ids, FLOW.arrows, SIZES);
  const back = FLOW.arrows.filter((_, at) => found.ways[at]!.back);
  expect(back).toEqual([{ from: "two", to: "one" }]);
  for (const [at, arrow] of FLOW.arrows.entries()) if (!found.ways[at]!.back) expect(found.at.get(arrow.to)!.y).toBeGreaterThan(found.at.get(arrow.from)!.y);
  const spots = FLOW.ids.map((id) => found.at.get(id)!);
  for (const [one, first] of spots.entries())
    for (const other of spots.slice(one + 1)) expect(first.y !== other.y || Math.abs(first.x - other.x) >= SIZES.width + SIZES.gap).toBe(true);
  for (const spot of spots) {
    expect(spot.x - SIZES.width / 2).toBeGreaterThanOrEqual(0);
    expect(spot.x + SIZES.width / 2).toBeLessThanOrEqual(found.width);
  }
});

test("an arrow over several rows goes around what lies between, and begins and ends at its steps", () => {
  const found = layered(FLOW.ids, FLOW.arrows, SIZES);
  const long = found.ways[4]!.points;
  expect(long).toHaveLength(3);
  expect(Math.abs(long[1]!.x - found.at.get("two")!.x)).toBeGreaterThanOrEqual(SIZES.width / 2);
  expect(long[0]).toEqual({ x: found.at.get("by")!.x, y: found.at.get("by")!.y + SIZES.height / 2 });
  expect(long[2]).toEqual({ x: found.at.get("mark")!.x, y: found.at.get("mark")!.y - SIZES.height / 2 });
});
