import type { Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { advance, dirty, draftOf, restored } from "../src/form/model";

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
