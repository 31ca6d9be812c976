import { Problem } from "@lowcode/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { brief, explain } from "../src/explain";
import type { Speech } from "../src/locale";
import { learn, say } from "../src/say";

const speech = (locale: string): Speech => ({ locale, t: (key, values) => say(key, locale, values) }) as Speech;

beforeAll(async () => {
  await learn("zh-CN");
  await learn("en");
});

const part = new TypeError("Failed to fetch dynamically imported module: https://crm.example/assets/restore.js");

describe("what is no refusal of the server is told in words of the page, with what to do", () => {
  for (const [what, error, zh, en] of [
    ["no network", new Problem(0, "page.unreachable", ""), "无法连接服务器", "The server cannot be reached"],
    ["it broke off", new Problem(0, "page.broken-off", ""), "连接中断，没有收到完整的内容", "The connection broke off before the answer was complete"],
    ["another page answers", new Problem(0, "page.unreadable", ""), "收到的内容无法识别", "The answer could not be read"],
    ["a proxy without a server", new Problem(502, "http.502", ""), "服务器暂时无法处理", "The server cannot answer at the moment"],
    ["a proxy with a limit", new Problem(413, "http.413", ""), "内容太大，服务器没有接受", "This is too large for the server"],
    ["a part that is gone", part, "这部分页面没有加载出来", "This part of the page did not load"],
    ["it took too long", new DOMException("The operation timed out.", "TimeoutError"), "等待太久，没有结果", "This took too long"],
    ["a fault of the page", new TypeError("Cannot read properties of undefined"), "出错了", "Something went wrong"],
  ] as const) {
    test(what, () => {
      for (const [locale, title] of [["zh-CN", zh], ["en", en]] as const) {
        const told = explain(error, speech(locale));
        expect([told.title, brief(error, speech(locale))]).toEqual([title, title]);
        expect(told.hint).not.toBe("");
        expect(told.hint).not.toContain(error.message || "\0");
      }
    });
  }
});

test("what the server said is told as it said it", () => {
  const refused = new Problem(422, "records.required", "请填写客户");
  expect([explain(refused, speech("zh-CN")).hint, brief(refused, speech("zh-CN"))]).toEqual(["请填写客户", "请填写客户"]);
});
