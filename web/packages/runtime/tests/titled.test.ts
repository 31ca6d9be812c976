import type { Field, Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { titleOf } from "../src/form/titled";

const form = (label: string): Form => ({ label, fields: ["number", "place", "who", "what"].map((name) => ({ name, type: name === "number" ? "serial" : name === "who" ? "link" : "text" }) as Field) }) as Form;
const who = { id: 1, label: "Kunshan" };

test.each([
  ["place", { place: "Hall 1" }, "Hall 1"],
  ["place", { what: "Visit", place: "Hall 1" }, "Hall 1 · Visit"],
  ["what", { what: "Visit", place: "Hall 1", who }, "Visit · Hall 1"],
  ["number", { who, what: "Visit" }, "Kunshan · Visit"],
  ["number", {}, ""],
])("by the label %s, what is filled in is called once", (label, values, called) => {
  expect(titleOf(form(label), null, values)).toBe(called);
});

test("a record is called as it is", () => {
  expect(titleOf(form("place"), { id: 1, version: 1, _label: "V-1" }, { place: "Hall 1" })).toBe("V-1");
});
