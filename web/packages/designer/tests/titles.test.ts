import { expect, test } from "vitest";
import type { Offers } from "../src/design";
import { titleOf } from "../src/titles";

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
