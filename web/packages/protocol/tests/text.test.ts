import { expect, test } from "vitest";
import { words } from "../src";

test("a text speaks the language asked for, the nearest one, else English", () => {
  const text = { "zh-CN": "客户", en: "Customer" };
  expect(words(text, "zh-CN")).toBe("客户");
  expect(words(text, "zh-TW")).toBe("客户");
  expect(words(text, "de")).toBe("Customer");
  expect(words("Plain", "zh-CN")).toBe("Plain");
  expect(words(undefined, "en")).toBe("");
});
