import { expect, test } from "vitest";
import { begun, history, type History } from "../src/history";
import { blockAt, blocksOf, placesOf, rowsAt, zonesOf, type Schema } from "../src/schema";
import { at, insert, isNode, move, pathOf, pointerOf, put, remove, within, withTheirs, type Json, type Node, type Path } from "../src/tree";

const [SCHEMA] = Object.values(import.meta.glob("../../../../src/lowcode/schemas/template.schema.json", { eager: true, import: "default" })) as [Schema];
const TEMPLATES = Object.values(import.meta.glob("../../../../examples/crm_app/printing/*.json", { eager: true, import: "default" })) as Node[];

/** Numbers that look like chance and are the same every time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const listsOf = (document: Node): Path[] => [
  ...zonesOf(document, SCHEMA).map((each) => each.path),
  ...blocksOf(document, SCHEMA).flatMap((path) => {
    const block = at(document, path) as Node;
    return placesOf(block, SCHEMA).map((place) => [...path, ...place.path]);
  }),
];

/** One deed somebody might do. */
function deed(document: Node, roll: (below: number) => number): Node {
  const blocks = blocksOf(document, SCHEMA);
  const lists = listsOf(document);
  const list = lists[roll(lists.length)]!;
  const index = roll(((at(document, list) as Json[] | undefined)?.length ?? 0) + 1);
  const chosen = blocks[roll(Math.max(blocks.length, 1))];
  if (!chosen || roll(4) === 0) return insert(document, list, index, { type: "text", text: "new" });
  if (roll(3) === 0) return remove(document, chosen);
  if (roll(3) === 0) return put(document, [...chosen, "when"], roll(2) ? "1 = 1" : undefined);
  return move(document, chosen, list, index)?.whole ?? document;
}

/** Every part of a document that is an object or a list, by its way. */
function parts(value: Json, path: Path = [], found = new Map<string, Json>()): Map<string, Json> {
  if (typeof value !== "object" || value === null) return found;
  found.set(pointerOf(path), value);
  if (Array.isArray(value)) value.forEach((each, index) => parts(each, [...path, index], found));
  else for (const [key, each] of Object.entries(value)) parts(each, [...path, key], found);
  return found;
}

test("whatever is done, all of it can be taken back, and done again", () => {
  TEMPLATES.forEach((template, seed) => {
    const roll = dice(seed + 1);
    const written = JSON.stringify(template);
    let state: History = begun({ document: template });
    for (let count = 0; count < 25; count++) state = history(state, { type: "change", document: deed(state.now.document, roll), what: "" });
    const end = state.now.document;
    while (state.past.length) state = history(state, { type: "undo" });
    expect(JSON.stringify(state.now.document)).toBe(written);
    while (state.future.length) state = history(state, { type: "redo" });
    expect(state.now.document).toBe(end);
    expect(JSON.stringify(template)).toBe(written);
  });
});

test("what was chosen comes back with a change, unless nothing shall open by itself", () => {
  const path: Path = ["blocks", 0];
  let made = history(begun({ document: { a: 1 } }), { type: "choose", chosen: path });
  made = history(history(made, { type: "change", document: { a: 2 }, what: "" }), { type: "choose", chosen: null });
  const undone = (bare: boolean) => history(made, { type: "undo", bare });
  expect(undone(false).now).toMatchObject({ document: { a: 1 }, chosen: path });
  expect(undone(true).now).toMatchObject({ document: { a: 1 }, chosen: null });
  const again = history(history(undone(false), { type: "choose", chosen: path }), { type: "redo", bare: true });
  expect(again.now).toMatchObject({ document: { a: 2 }, chosen: null });
});

test("a change touches its place and nothing else: all the rest is the very same", () => {
  TEMPLATES.forEach((template, seed) => {
    const roll = dice(seed + 100);
    const blocks = blocksOf(template, SCHEMA);
    for (let count = 0; count < 8; count++) {
      const chosen = blocks[roll(blocks.length)]!;
      const place = [...chosen, "x-note"];
      const changed = put(template, place, "mine");
      const before = parts(template);
      for (const [pointer, part] of parts(changed)) if (!within(place, pathOf(pointer))) expect(part).toBe(before.get(pointer));
      expect(JSON.stringify(put(changed, place, undefined))).toBe(JSON.stringify(template));
    }
  });
});

test("what is moved is the same block, and none is lost or made", () => {
  TEMPLATES.forEach((template, seed) => {
    const roll = dice(seed + 200);
    const blocks = blocksOf(template, SCHEMA);
    const lists = listsOf(template);
    for (let count = 0; count < 25; count++) {
      const from = blocks[roll(blocks.length)]!;
      const list = lists[roll(lists.length)]!;
      const index = roll(((at(template, list) as Json[] | undefined)?.length ?? 0) + 1);
      const moved = move(template, from, list, index);
      if (within(list, from)) {
        expect(moved).toBeNull();
        continue;
      }
      expect(at(moved!.whole, moved!.path)).toBe(at(template, from));
      expect(blocksOf(moved!.whole, SCHEMA)).toHaveLength(blocks.length);
    }
  });
});

test("places are found by their pointers, and belong to the innermost block", () => {
  for (const template of TEMPLATES)
    for (const path of blocksOf(template, SCHEMA)) {
      expect(pathOf(pointerOf(path))).toEqual(path);
      expect(isNode(at(template, path))).toBe(true);
      expect(blockAt([...path, "style", "size"], blocksOf(template, SCHEMA))).toEqual(path);
    }
});

test("what a column says speaks of a row, what a total says of the record", () => {
  const document: Node = { body: [{ type: "table", rows: "items", columns: [{ value: "price" }], totals: [{ value: "total" }] }] };
  expect(rowsAt(document, ["body", 0, "columns", 0, "value"])).toBe("items");
  expect(rowsAt(document, ["body", 0, "columns", 0, "when"])).toBeNull();
  expect(rowsAt(document, ["body", 0, "where"])).toBe("items");
  expect(rowsAt(document, ["body", 0, "totals", 0, "value"])).toBeNull();
  expect(rowsAt(document, ["body", 0, "rows"])).toBeNull();
});

test("where both changed the same, theirs stands where that is wanted", () => {
  const whole: Node = { title: "mine", body: [{ type: "line" }, { type: "text", text: "mine" }, { type: "space" }] };
  const clashes = [
    { pointer: "/title", mine: "mine", theirs: "theirs" },
    { pointer: "/author", theirs: "theirs" },
    { pointer: "/body/1", theirs: { type: "qrcode" } },
    { pointer: "/body/1", theirs: { type: "barcode" } },
    { pointer: "/body/1/text", mine: "mine", theirs: "theirs" },
    { pointer: "/body/2", mine: { type: "space" } },
  ];
  expect(withTheirs(whole, [])).toBe(whole);
  expect(withTheirs(whole, clashes)).toEqual({ title: "theirs", author: "theirs", body: [{ type: "line" }, { type: "qrcode" }, { type: "barcode" }, { type: "text", text: "theirs" }] });
});
