import { expect, test } from "vitest";
import { closer, type Place } from "../src/dashboards/places";

const tile = (x: number, y: number, w: number, h: number, kpi = false) => ({ x, y, w, h, kpi });
const placed = (...tiles: (Place & { kpi: boolean })[]) => closer(tiles, (each) => each.kpi).map(({ x, y, w, h }) => [x, y, w, h]);

test("numbers and wide charts stand as they stood", () => {
  const rows = [tile(0, 0, 3, 2, true), tile(3, 0, 9, 4), tile(0, 4, 6, 4), tile(6, 4, 6, 3)];
  expect(placed(...rows)).toEqual(rows.map(({ x, y, w, h }) => [x, y, w, h]));
});

test("three beside each other become two and one below, and what follows moves down", () => {
  expect(placed(tile(0, 0, 4, 4), tile(4, 0, 4, 5), tile(8, 0, 4, 4), tile(0, 5, 12, 3))).toEqual([[0, 0, 6, 5], [6, 0, 6, 5], [0, 5, 12, 4], [0, 9, 12, 3]]);
});

test("no two tiles lie on one another, in whatever order they come", () => {
  const places = closer([tile(4, 2, 8, 4), tile(0, 0, 12, 2), tile(0, 2, 4, 2), tile(0, 4, 4, 2), tile(0, 6, 4, 3, true)], (each) => each.kpi);
  for (const [at, one] of places.entries())
    for (const other of places.slice(at + 1))
      expect(one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y).toBe(true);
});
