import { expect, test } from "vitest";
import { layered, type Arrow, type Sizes } from "../src/flows/layers";
import corpus from "../../../../tests/conformance/flows/layers.json";

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
  expect(long).toHaveLength(4);
  expect(Math.abs(long[1]!.x - found.at.get("two")!.x)).toBeGreaterThanOrEqual(SIZES.width / 2);
  expect(long[0]).toEqual({ x: found.at.get("by")!.x, y: found.at.get("by")!.y + SIZES.height / 2 });
  expect(long[3]).toEqual({ x: found.at.get("mark")!.x, y: found.at.get("mark")!.y - SIZES.height / 2 });
});

interface Case {
  name: string;
  ids: string[];
  arrows: Arrow[];
  sizes: Sizes;
  boxes: Record<string, number[]>;
  drawn: unknown;
}

test.each(corpus as unknown as Case[])("as Python draws it: $name", ({ ids, arrows, sizes, boxes, drawn }) => {
  const found = layered(ids, arrows, { ...sizes, boxes: new Map(Object.entries(boxes).map(([id, [width, height]]) => [id, { width: width!, height: height! }])) });
  const at = Object.fromEntries(ids.map((id) => [id, [found.at.get(id)!.x, found.at.get(id)!.y]]));
  const ways = found.ways.map(({ points }) => points.map(({ x, y }) => [x, y]));
  expect({ width: found.width, height: found.height, at, ways }).toEqual(drawn);
});
