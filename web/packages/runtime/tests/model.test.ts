import type { Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { asRead } from "../src/form/copied";
import { advance, changes, dirty, draftOf, restored } from "../src/form/model";

const field = (name: string, type = "text") => ({ name, type, title: name });
const form = { name: "visit", title: "Visit", fields: [field("day", "date"), field("words")], permissions: {} } as unknown as Form;
const live = (draft: { values: Record<string, unknown> }) => ({ values: draft.values }) as Parameters<typeof dirty>[2];
const changed = (draft: Parameters<typeof dirty>[1]) => dirty(form, draft, live(draft));

test("what a form is opened with is no work of anybody", () => {
  const opened = draftOf(form, null, { day: "2026-11-30" });
  expect(opened.values).toEqual({ day: "2026-11-30" });
  expect(changed(opened)).toBe(false);
  expect(changed(draftOf(form, null, {}))).toBe(false);
});

test("what somebody enters is", () => {
  const opened = draftOf(form, null, { day: "2026-11-30" });
  expect(changed(advance(opened, { kind: "set", field: "words", value: "called" }))).toBe(true);
  const moved = advance(opened, { kind: "set", field: "day", value: "2026-12-01" });
  expect(changed(moved)).toBe(true);
  expect(changed(advance(moved, { kind: "set", field: "day", value: "2026-11-30" }))).toBe(false);
});

test("what is brought back from a draft was somebody's work", () => {
  expect(changed(restored(form, null, { words: "called" }))).toBe(true);
});

const order = { name: "order", title: "Order", fields: [field("note"), { ...field("items", "lines"), fields: [field("what"), field("price", "money"), { ...field("parts", "lines"), fields: [field("part")] }] }], permissions: {} } as unknown as Form;

test("a copy holds what is taken as it was read, and is no work of anybody", () => {
  const record = { note: null, items: [{ id: 7, what: { id: 3, label: "Pump" }, price: "9", secret: "x", parts: [{ id: 1, part: "p" }] }], code: "C1" };
  const preset = asRead(order.fields, record, { note: null, items: [{ what: 3, price: "9", parts: [{ part: "p" }] }] });
  expect(preset).toEqual({ note: null, items: [{ what: { id: 3, label: "Pump" }, price: "9", parts: [{ part: "p" }] }] });
  const opened = draftOf(order, null, preset);
  const [row] = opened.values["items"] as Record<string, unknown>[];
  expect(opened.touched.has(`${String(row!["_key"])}/price`)).toBe(true);
  expect(dirty(order, opened, live(opened))).toBe(false);
  expect(dirty(order, advance(opened, { kind: "cell", field: "items", index: 0, name: "price", value: "8" }), live(advance(opened, { kind: "cell", field: "items", index: 0, name: "price", value: "8" })))).toBe(true);
});

test("rows that are brought back keep what was typed in them", () => {
  const draft = restored(order, null, { items: [{ what: "x", price: "1" }] });
  const [row] = draft.values["items"] as Record<string, unknown>[];
  expect(draft.touched.has(`${String(row!["_key"])}/price`)).toBe(true);
});

test("what somebody left blank in a new record is sent as blank, and is no work to lose", () => {
  const cleared = advance(draftOf(form, null, {}), { kind: "set", field: "words", value: null });
  expect(changes(form, cleared, live(cleared))).toEqual({ words: null });
  expect(changed(cleared)).toBe(false);
});

test("what comes into a list stands behind what came meanwhile, in the row that it was for", () => {
  let draft = restored(order, null, { note: ["a"], items: [{ what: ["x"] }, { what: null }] });
  const [, second] = draft.values["items"] as Record<string, unknown>[];
  draft = advance(draft, { kind: "append", field: "note", value: "b" });
  draft = advance(draft, { kind: "append", field: "note", value: "c" });
  draft = advance(draft, { kind: "remove", field: "items", index: 0 });
  const row = { key: String(second!["_key"]), name: "what" };
  draft = advance(draft, { kind: "append", field: "items", row, value: "y" });
  expect(draft.values["note"]).toEqual(["a", "b", "c"]);
  expect((draft.values["items"] as Record<string, unknown>[]).map((each) => each["what"])).toEqual([["y"]]);
  expect(advance(draft, { kind: "append", field: "items", row: { ...row, key: "gone" }, value: "z" })).toBe(draft);
});
