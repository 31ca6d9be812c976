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
  ["* * * * *", "每分钟", "Every minute"],
  ["*/45 * * * *", "每小时的第 0、45 分钟", "Every hour, at minutes 0 and 45"],
  ["0,7 * * * *", "每小时的第 0、7 分钟", "Every hour, at minutes 0 and 7"],
  ["*/90 * * * *", "每小时整点", "Every hour, on the hour"],
  ["0 */5 * * *", "每天 00:00、05:00、10:00、15:00、20:00", "Every day at 00:00, 05:00, 10:00, 15:00 and 20:00"],
  ["0 */24 * * *", "每天 00:00", "Every day at 00:00"],
  ["*/30 9-11 * * 1-5", "周一至周五 09:00、09:30、10:00、10:30、11:00、11:30", "Monday to Friday at 09:00, 09:30, 10:00, 10:30, 11:00 and 11:30"],
  ["10-50/20 * * * *", "每小时的第 10、30、50 分钟", "Every hour, at minutes 10, 30 and 50"],
  ["0 9 */10 * *", "每月 1、11、21、31 日 09:00", "On day 1, 11, 21 and 31 of each month at 09:00"],
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
  expect(cronWords("*/0 * * * *", "en")).toBe("*/0 * * * *");
  expect(cronWords("*/7 9-17 * * *", "en")).toBe("*/7 9-17 * * *");
});
