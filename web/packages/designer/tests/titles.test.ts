import { expect, test } from "vitest";
import type { Offers } from "../src/design";
import { spokenIn, titleOf } from "../src/titles";

const offers: Offers = {
  own: [{ path: "number", title: "Number" }, { path: "account", title: "Account" }],
  linked: [{ path: "account", title: "Account", items: [{ path: "account.name", title: "Name" }] }, { path: "owner", title: "Owner", items: [{ path: "owner.name", title: "Name" }] }],
  rows: [{ path: "items", title: "Items", items: [{ path: "items.product", title: "Product" }], linked: [{ path: "items.product", title: "Product", items: [{ path: "items.product.code", title: "Code" }] }] }],
};

test.each([
  [null, "number", "Number"],
  [null, "account", "Account"],
  [null, "account.name", "Account · Name"],
  [null, "owner", "Owner"],
  [null, "owner.name", "Owner · Name"],
  [null, 'COALESCE(account.name, "number", unknown)', 'COALESCE(Account · Name, "number", unknown)'],
  [null, "number(1)", "number(1)"],
  ["items", "product.code", "Product · Code"],
  ["items", "product", "Product"],
  ["items", "number", "number"],
])("in %s, %s is called %s", (rows, expression, called) => {
  expect(titleOf(offers, rows, expression, String)).toBe(called);
});

test("what is new speaks the languages of the app", () => {
  const begin = { type: "state", title: { "zh-CN": "阶段", en: "Stage" }, states: [{ name: "open", title: { "zh-CN": "待办", en: "Open" } }], pattern: "N" };
  expect(spokenIn(begin, ["en"])).toEqual({ type: "state", title: "Stage", states: [{ name: "open", title: "Open" }], pattern: "N" });
  expect(spokenIn(begin, ["zh-CN", "en"])).toEqual(begin);
  expect(spokenIn(begin, ["zh-CN", "de"])).toEqual({ type: "state", title: { "zh-CN": "阶段" }, states: [{ name: "open", title: { "zh-CN": "待办" } }], pattern: "N" });
  expect(spokenIn(begin, ["de"])).toEqual(begin);
});
