import { expect, test } from "vitest";
import type { Column } from "../src/grid/columns";
import { fitted } from "../src/grid/fitted";

const column = (width: number, least = width, cut = least): Column => ({ width, least, cut }) as Column;
const widths = (room: number, ...columns: Column[]): number[] => fitted(columns, room).map(({ width }) => width);

test.each([
  ["what fits stays as it is", 400, [200, 100, 100]],
  ["each gives its share, and only of what it can spare", 350, [165, 100, 85]],
  ["at the narrowest they fit exactly", 300, [130, 100, 70]],
  ["what does not fit even then has its options cut", 280, [130, 80, 70]],
  ["to what is left of them", 260, [130, 60, 70]],
  ["what does not fit at the narrowest stays wide, and is pushed sideways", 259, [200, 100, 100]],
] as [string, number, number[]][])("%s", (_, room, expected) => {
  expect(widths(room, column(200, 130), column(100, 100, 60), column(100, 70))).toEqual(expected);
});
