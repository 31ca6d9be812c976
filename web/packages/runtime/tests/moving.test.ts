import { describe, expect, it } from "vitest";
import { moved, type Spot } from "../src/dashboards/moving";

const BOARD: Spot[] = [
  { i: "top", x: 0, y: 0, w: 12, h: 3 },
  { i: "left", x: 0, y: 3, w: 6, h: 5 },
  { i: "right", x: 6, y: 3, w: 6, h: 4 },
];

/** What of a tile a key changed. */
const changes = (i: string, key: string, shift = false) => {
  const found = moved(BOARD, i, key, shift);
  return found && Object.fromEntries(found.filter((each, at) => JSON.stringify(each) !== JSON.stringify(BOARD[at])).map(({ i: name, x, y, w, h }) => [name, [x, y, w, h]]));
};

describe("a chart that is moved by key", () => {
  const cases: [string, string, string, boolean, Record<string, number[]>][] = [
    ["a column to the right", "left", "ArrowRight", false, { left: [1, 3, 6, 5] }],
    ["not beyond the right edge", "right", "ArrowRight", false, {}],
    ["not beyond the left edge", "left", "ArrowLeft", false, {}],
    ["down past what lies below it", "top", "ArrowDown", false, { left: [0, 0, 6, 5], top: [0, 5, 12, 3] }],
    ["not below the last", "left", "ArrowDown", false, {}],
    ["up past what lies above it", "right", "ArrowUp", false, { right: [6, 0, 6, 4], top: [0, 4, 12, 3] }],
    ["wider to the left at the right edge", "right", "ArrowRight", true, { right: [5, 3, 7, 4] }],
    ["narrower", "right", "ArrowLeft", true, { right: [6, 3, 5, 4] }],
    ["higher", "left", "ArrowDown", true, { left: [0, 3, 6, 6] }],
    ["lower", "left", "ArrowUp", true, { left: [0, 3, 6, 4] }],
  ];
  it.each(cases)("goes %s", (_name, i, key, shift, expected) => {
    expect(changes(i, key, shift)).toEqual(expected);
  });

  it("is left alone by any other key, and so is one that is not there", () => {
    expect(moved(BOARD, "left", "Enter", false)).toBeNull();
    expect(moved(BOARD, "gone", "ArrowUp", false)).toBeNull();
  });

  it("never leaves the board and never becomes smaller than can be seen", () => {
    for (const i of ["top", "left", "right"])
      for (const shift of [false, true])
        for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
          let board = BOARD;
          for (let times = 0; times < 20; times += 1) board = moved(board, i, key, shift)!;
          for (const { x, y, w, h } of board) expect([x >= 0, x + w <= 12, w >= 2, h >= 2, y >= 0]).toEqual([true, true, true, true, true]);
        }
  });
});
