import { expect, test } from "vitest";
import { cronWords } from "../src/cron";

test.each([
  ["0 9 * * 1", "每周一 09:00", "Every Monday at 09:00"],
  ["30 8 * * *", "每天 08:30", "Every day at 08:30"],
  ["0 9 * * 1-5", "周一至周五 09:00", "Monday to Friday at 09:00"],
  ["15 9,14 * * 1,3,0", "每周一、三、日 09:15、14:15", "Every Monday, Wednesday and Sunday at 09:15 and 14:15"],
  ["0 9 1 * *", "每月 1 日 09:00", "On day 1 of each month at 09:00"],
  ["0 9 1 1,4,7,10 *", "每年 1、4、7、10 月 1 日 09:00", "On 1 January, April, July and October at 09:00"],
  ["*/15 * * * *", "每 15 分钟", "Every 15 minutes"],
  ["0 */2 * * *", "每 2 小时整点", "Every 2 hours, on the hour"],
  ["20 * * * *", "每小时的第 20 分钟", "Every hour, at minute 20"],
])("%s is said in the reader's language", (cron, chinese, english) => {
  expect(cronWords(cron, "zh-CN")).toBe(chinese);
  expect(cronWords(cron, "en")).toBe(english);
});

test("a rare schedule is said by the library, and nonsense stands as it is", () => {
  expect(cronWords("0 9 L * *", "en")).toContain("last day");
  expect(cronWords("0 9 * * 1-9", "en")).toBe("0 9 * * 1-9");
  expect(cronWords("99 9 * * *", "zh-CN")).not.toContain("09:99");
  expect(cronWords("nonsense", "en")).toBe("nonsense");
});
