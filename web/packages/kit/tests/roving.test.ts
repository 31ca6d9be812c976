import { expect, test } from "vitest";
import { nearest } from "../src/roving";

const box = (left: number, top: number, width = 100, height = 20) => ({ left, top, right: left + width, bottom: top + height });
const LEFT = [-1, 0] as const;
const RIGHT = [1, 0] as const;
const UP = [0, -1] as const;
const DOWN = [0, 1] as const;

/** Two columns, the second of which has a thing more and is not as wide. */
const things: [string, ReturnType<typeof box>][] = [["a1", box(0, 0)], ["a2", box(0, 30)], ["b1", box(110, 0, 40)], ["b2", box(110, 30, 40)], ["b3", box(110, 60, 40)]];
const from = (name: string, way: readonly [number, number]) => nearest(things.find(([each]) => each === name)![1], things, way);

test.each([
  ["a1", DOWN, "a2"], ["a1", RIGHT, "b1"], ["a2", RIGHT, "b2"], ["b2", LEFT, "a2"], ["b2", DOWN, "b3"], ["b3", UP, "b2"], ["b3", LEFT, "a2"],
  ["a1", UP, undefined], ["a1", LEFT, undefined], ["b1", RIGHT, undefined], ["b3", DOWN, undefined],
] as const)("from %s", (name, way, expected) => {
  expect(from(name, way)).toBe(expected);
});

test("things that overlap by a line stand beside each other all the same", () => {
  expect(nearest(box(0, 0), [["below", box(0, 19)]], DOWN)).toBe("below");
});
