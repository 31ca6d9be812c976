import type { Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { LiveForm, type OpenedFields } from "../src/form/live";

const field = (name: string) => ({ name, type: "text", title: name, required: true });
const form = {
  name: "order",
  title: "Order",
  fields: [field("always"), field("both"), field("large"), field("twice"), field("loose")],
  permissions: {},
  layout: [
    { section: "A", fields: ["always", { field: "both", span: 2 }] },
    { tab: "B", sections: [{ section: "B", name: "large", fields: ["both", "large", "twice"] }, { section: "C", name: "other", fields: ["twice"] }] },
  ],
} as unknown as Form;

/** Which fields show and are asked for, with each of the named sections shown or not. */
function asked(large: boolean, other: boolean, opened?: OpenedFields): string[] {
  const emitted = { _sections: { large: () => large, other: () => other } };
  const state = new LiveForm(form, emitted as never, undefined, new Date(0), false, () => undefined, opened).state({});
  return form.fields.map(({ name }) => [name, state.conditions[name]!.visible ? "shown" : "", state.conditions[name]!.required && state.conditions[name]!.visible ? "asked" : ""].filter(Boolean).join(" "));
}

test("a field is hidden where every section that it stands in is", () => {
  expect(asked(true, true)).toEqual(["always", "both", "large", "twice", "loose"].map((name) => `${name} shown asked`));
  expect(asked(false, true)).toEqual(["always shown asked", "both shown asked", "large", "twice shown asked", "loose shown asked"]);
  expect(asked(false, false)).toEqual(["always shown asked", "both shown asked", "large", "twice", "loose shown asked"]);
});

test("a step shows what it opens, and asks for it where it says so itself", () => {
  const opened = new Map([["large", false], ["twice", true]]);
  expect(asked(false, false, opened)).toEqual(["always shown asked", "both shown asked", "large shown", "twice shown asked", "loose shown asked"]);
  expect(asked(true, false, opened)[2]).toBe("large shown asked");
});
