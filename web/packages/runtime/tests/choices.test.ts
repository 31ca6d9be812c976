import type { Field, Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { wanted } from "../src/offline/wanted";

const form = (fields: Partial<Field>[], choices?: number): Form => ({ name: "visit", fields, offline: choices === undefined ? undefined : { choices } }) as unknown as Form;

test("a field of people keeps those whom it may hold: with a role only theirs", () => {
  const visit = form([{ type: "member", name: "with" }, { type: "members", name: "sold_by", role: "sales" }, { type: "lines", name: "parts", fields: [{ type: "member", name: "by", role: "service" } as Field] }], 50);
  expect([...wanted([visit], () => true)]).toEqual([["user", 50], ["user/sales", 50], ["user/service", 50]]);
});

test("departments are kept, and of records those that may be read; the largest wish counts; other forms keep nothing", () => {
  const [few, many, none] = [form([{ type: "link", to: "account", name: "of" }], 20), form([{ type: "links", to: "account", name: "all" }, { type: "link", to: "secret", name: "no" }, { type: "department", name: "at" }], 100), form([{ type: "link", to: "lead", name: "from" }])];
  expect([...wanted([few, many, none], (each) => each !== "secret")]).toEqual([["account", 100], ["/departments", 100]]);
});
