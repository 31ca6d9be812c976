import { expect, test } from "vitest";
import { lineOf, linesOf, placed, recordsOf } from "../src/grid/placed";

/** As people order them; the list has "d" first, then "a", "b", "c". */
const counted = [
  { key: "a", value: "a", count: 3, from: 2 },
  { key: "b", value: "b", count: 10_000, from: 5 },
  { key: "c", value: "c", count: 0, from: 10_005 },
  { key: "d", value: "d", count: 2, from: 0 },
];

/** What stands on each line, told the long way. */
function told(folded: ReadonlySet<string>): string[] {
  return counted.flatMap(({ key, count, from }) => {
    const rows = Array.from({ length: count }, (_, index) => String(from + index));
    return [key, ...(folded.has(key) ? [] : rows)];
  });
}

test.each([[], ["b"], ["a", "b"], ["d"], ["a", "b", "c", "d"]])("every line is a heading or a record, with %j folded", (...keys) => {
  const folded = new Set(keys.flat());
  const groups = placed(counted, folded);
  const lines = told(folded);
  expect(linesOf(groups)).toBe(lines.length);
  const found = lines.map((_, line) => lineOf(groups, line)).map((each) => (each!.record === null ? each!.group.key : String(each!.record)));
  expect(found).toEqual(lines);
});

test("the records of some lines are told as ranges, without what is folded", () => {
  const groups = placed(counted, new Set(["b"]));
  expect(recordsOf(groups, 0, 40)).toEqual([{ first: 2, last: 5 }, { first: 0, last: 2 }]);
  expect(recordsOf(placed(counted, new Set()), 2, 7)).toEqual([{ first: 3, last: 5 }, { first: 5, last: 7 }]);
});

test("without groups there is no line", () => {
  expect([linesOf([]), lineOf([], 0), recordsOf([], 0, 40)]).toEqual([0, null, []]);
});
