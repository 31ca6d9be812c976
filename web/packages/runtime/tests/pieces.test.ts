import type { StoredRecord } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { piecesOf } from "../src/kanban/pieces";

const page = (first: number, count: number): StoredRecord[] => Array.from({ length: count }, (_, at) => ({ id: first + at }) as StoredRecord);

test("a lane is asked about in the pieces it came in, none of them larger than the server takes", () => {
  expect(piecesOf([page(1, 3), page(4, 2), []])).toEqual([[1, 2, 3], [4, 5]]);
  const long = piecesOf([page(1, 30), page(31, 1200)]);
  expect(long.map((each) => each.length)).toEqual([30, 500, 500, 200]);
  expect(long.flat()).toHaveLength(1230);
  expect(piecesOf([page(1, 30), page(31, 1200), page(1231, 30)]).slice(0, 4)).toEqual(long);
});
