import { expect, test } from "vitest";
import { cronWords } from "../src/cron";

test("a schedule is said in the reader's language", () => {
  expect(cronWords("0 9 * * 1", "en")).toBe("At 09:00, only on Monday");
  expect(cronWords("0 9 * * 1", "zh-CN")).toContain("09:00");
  expect(cronWords("0 9 * * 1", "zh-CN")).toContain("星期一");
  expect(cronWords("nonsense", "en")).toBe("nonsense");
});
