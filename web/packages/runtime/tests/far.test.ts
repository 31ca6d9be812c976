import type { Application, Field, Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { wanted } from "../src/form/far";

const price = { name: "price", type: "number" } as Field;
const product = { name: "product", type: "link", to: "product" } as Field;
const order = { name: "order", fields: [product, { name: "items", type: "lines", fields: [product] }], paths: ["product.price", "items.product.price"] } as unknown as Form;
const app = { forms: { order, product: { name: "product", fields: [price] } } } as unknown as Application;

test("reads a deleted record through the link that keeps it, and asks for nothing it will not be told", () => {
  const screw = { id: 3, label: "Screw" };
  const gone = { id: 4, label: "Nail", deleted: true };
  expect(wanted(app, order, { product: screw, items: [{ product: gone }] }, 7)).toEqual([{ form: "product", id: 3, fields: ["price"] }]);
  expect(wanted(app, order, { product: gone }, 7)).toEqual([{ form: "product", id: 4, fields: ["price"], through: "product" }]);
  expect(wanted(app, order, { product: gone }, undefined)).toEqual([]);
  expect(wanted(app, order, { product: { ...screw, hidden: true } }, 7)).toEqual([]);
});
