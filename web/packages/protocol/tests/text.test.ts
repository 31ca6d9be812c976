import { expect, test } from "vitest";
import { Problem, sentence, words } from "../src";

test("a text speaks the language asked for, the nearest one, else English", () => {
  const text = { "zh-CN": "客户", en: "Customer" };
  expect(words(text, "zh-CN")).toBe("客户");
  expect(words(text, "zh-TW")).toBe("客户");
  expect(words(text, "de")).toBe("Customer");
  expect(words("Plain", "zh-CN")).toBe("Plain");
  expect(words(undefined, "en")).toBe("");
});

test("what is refused is a sentence where it stands by itself; names and values stay as they are", async () => {
  expect(["the name is wrong", "'abc' is no number", "quote_id is unknown", "电话不对", ""].map(sentence)).toEqual(["The name is wrong", "'abc' is no number", "quote_id is unknown", "电话不对", ""]);
  const errors = [{ pointer: "/phone", code: "x", detail: "this must be filled in" }];
  const problem = await Problem.from(Response.json({ detail: "one value is wrong", errors }, { status: 422 }));
  expect([problem.detail, problem.errors[0]!.detail]).toEqual(["One value is wrong", "This must be filled in"]);
});

test("what is no text in a draft says nothing", () => {
  for (const said of [5, true, ["a"], { en: { deep: 1 } }, { "zh-CN": 3, en: null }]) expect(typeof words(said as never, "zh-CN")).toBe("string");
  expect(words({ "zh-CN": 3, en: "Customer" } as never, "zh-CN")).toBe("Customer");
});
