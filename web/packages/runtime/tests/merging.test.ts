import type { Field, Values } from "@lowcode/protocol";
import { describe, expect, it } from "vitest";
import cases from "../../../../tests/kernel/records/merged_rows.json";
import lists from "../../../../tests/kernel/records/merged_lists.json";
import { mergeLists, mergeRows, type Side } from "../src/form/merging";

interface Shape {
  columns: string[];
  inner?: Record<string, Shape>;
  several?: string[];
}

interface Case {
  name: string;
  shape: Shape;
  base: Values[];
  mine: Values[];
  theirs: Values[];
  merged: Values[];
  collisions: object[];
  chosen?: { choices: Record<string, Side>; rows: Values[] }[];
}

const CASES = cases as unknown as Case[];
const linesOf = (name: string, shape: Shape): Field => ({
  name, type: "lines", title: name,
  fields: [...shape.columns.map((each): Field => ({ name: each, type: shape.several?.includes(each) ? "tags" : "text", title: each })), ...Object.entries(shape.inner ?? {}).map(([inner, below]) => linesOf(inner, below))],
});

describe("rows that two people changed", () => {
  it.each(CASES)("$name", ({ shape, base, mine, theirs, merged, collisions, chosen }) => {
    const lines = linesOf("rows", shape);
    const found = mergeRows(lines, base, mine, theirs);
    expect(found.rows).toEqual(merged);
    expect(found.collisions).toEqual(collisions);
    for (const { choices, rows } of chosen ?? []) expect(mergeRows(lines, base, mine, theirs, (key) => choices[key]).rows).toEqual(rows);
    const asked = found.touched.filter((each) => ["collided", "gone", "removed", "order"].includes(each.kind)).map((each) => each.key);
    expect(new Set(asked)).toEqual(new Set(found.collisions.map((each) => each.key)));
  });

  const field = (name: string, type: string): Field => ({ name, type, title: name });
  const lines: Field = { ...field("rows", "lines"), fields: [field("price", "money"), field("who", "link"), field("sum", "formula"), field("files", "attachment")] };
  const row = (more: Values): Values => ({ id: 1, price: "10.00", who: { id: 1, label: "Ann" }, sum: "1", files: [], ...more });

  it("numbers are the same however they are written, links by what they lead to, and what is worked out is nobody's", () => {
    const { collisions, touched, rows } = mergeRows(lines, [row({})], [row({ price: "10", _key: "row1", sum: "5" })], [row({ price: "10.0", who: { id: 1, label: "Anne" }, sum: "9" })]);
    expect([collisions, touched]).toEqual([[], []]);
    expect(rows[0]!["sum"]).toBe("9");
  });

  it("a file is another one although it is called the same", () => {
    const file = (id: string) => [{ id, name: "a.pdf", size: 1, type: "x" }];
    const { collisions, rows } = mergeRows(lines, [row({})], [row({ files: file("1") })], [row({ files: file("2") })]);
    expect(collisions).toEqual([]);
    expect(rows[0]!["files"]).toEqual([...file("2"), ...file("1")]);
  });
});

interface ListCase {
  name: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  one?: string[];
  merged?: unknown;
  collides?: boolean;
}

describe("lists that two people changed", () => {
  it.each(lists as ListCase[])("$name", ({ base, mine, theirs, one, merged, collides }) => {
    const dimensions = one && [{ name: "one", one: true, options: one.map((name) => ({ name })) }];
    const field = { name: "tags", type: "tags", title: "tags", dimensions } as unknown as Field;
    expect(mergeLists(field, base, mine, theirs)).toEqual(collides ? undefined : merged);
  });

  it("records are told apart by their id, options stand in the order of the field, and other values are no lists", () => {
    const to = (...ids: number[]) => ids.map((id) => ({ id, label: `r${id}` }));
    expect(mergeLists({ name: "l", type: "links", title: "l" }, to(1), [{ id: 1, label: "other words" }, ...to(2)], to(1, 3))).toEqual(to(1, 3, 2));
    const options = ["a", "b", "c"].map((name) => ({ name, title: name }));
    expect(mergeLists({ name: "m", type: "multi_select", title: "m", options }, ["b"], ["a", "b"], ["b", "c"])).toEqual(["a", "b", "c"]);
    expect(mergeLists({ name: "j", type: "json", title: "j" }, [1], [1, 2], [1, 3])).toBeUndefined();
  });
});
