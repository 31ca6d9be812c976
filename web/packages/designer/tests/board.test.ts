import { leftOver } from "@lowcode/runtime/dashboards/places";
import { expect, test } from "vitest";
import { asked, followedBy, following, swapped, tilesOf, withoutFilter, withTiles } from "../src/boards/board";
import type { Node } from "../src/tree";

const BOARD: Node = {
  name: "wall", type: "dashboard",
  filters: [{ name: "owner", type: "member" }, { name: "period", type: "period" }],
  tiles: [
    { heading: "Now", x: 0, y: 0, w: 12, h: 1 },
    { report: "won", x: 0, y: 1, w: 3, h: 2 },
    { report: "won", title: "All", filters: { owner: false }, x: 6, y: 1, w: 6, h: 5 },
    { report: "gone", x: 11, y: 9, w: 6, h: 2 },
  ],
};
const WON = { name: "won", title: "Won", chart: "kpi", form: "deal", dated: true, follows: [{ value: "owner", title: "Owner" }, { value: "seller", title: "Seller" }] };

test("a tile is known by what it shows, and lies on the grid whatever its document says", () => {
  expect(tilesOf(BOARD).map((each) => each.i)).toEqual(["heading 1", "report won 1", "report won 2", "report gone 1"]);
  expect(tilesOf(BOARD)[3]).toMatchObject({ x: 6, w: 6 });
  expect(tilesOf({ tiles: [7, { report: "won", x: -3, y: "a", w: 40, h: 0 }] as never })[0]).toMatchObject({ x: 0, y: 0, w: 12, h: 2 });
  const tiles = tilesOf(BOARD).slice(0, 3);
  const next = withTiles(BOARD, tiles)["tiles"] as Node[];
  expect(next.every((each, place) => each === (BOARD["tiles"] as Node[])[place])).toBe(true);
});

test("what is asked to draw is neither where tiles stand nor a report that is not there, and nothing twice", () => {
  const whole = asked(BOARD, new Set(["won"]));
  expect((whole["tiles"] as Node[]).map(({ report, filters }) => [report, filters])).toEqual([["won", {}], ["won", { owner: false }]]);
  const moved = withTiles(BOARD, tilesOf(BOARD).map((each) => ({ ...each, y: each.y + 3 })));
  expect(asked(moved, new Set(["won"]))).toEqual(whole);
});

test("how a report follows a filter is said, taken back, and gone with the filter", () => {
  const [owner, period] = BOARD["filters"] as Node[];
  const tile = { report: "won" };
  expect([owner, period].map((each) => followedBy(tile, each!, WON).by)).toEqual(["owner", "period"]);
  expect(followedBy(tile, { name: "choice", type: "select" }, WON)).toEqual({ by: null, said: false });
  const said = following(BOARD, ["tiles", 1], "owner", "seller");
  expect(tilesOf(said)[1]!.tile["filters"]).toEqual({ owner: "seller" });
  expect(following(said, ["tiles", 1], "owner", undefined)).toEqual(BOARD);
  const without = withoutFilter(said, 0);
  expect(without["filters"]).toEqual([period]);
  expect(tilesOf(without).some((each) => "filters" in each.tile)).toBe(false);
});

test("two tiles change places and keep their sizes within the columns", () => {
  const tiles = tilesOf(BOARD);
  const [, small, large] = swapped(tiles, tiles[1]!, tiles[2]!);
  expect(small).toMatchObject({ x: 6, y: 1, w: 3, h: 2 });
  expect(large).toMatchObject({ x: 0, y: 1, w: 6, h: 5 });
});

test("of numbers two in a row the one that is left over takes the row, in each run of them", () => {
  const small = (each: string) => each.startsWith("n");
  expect([...leftOver(["n1", "n2", "n3", "chart", "n4", "n5", "chart", "n6"], small)]).toEqual(["n3", "n6"]);
});
