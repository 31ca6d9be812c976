import type { Form } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { conditionSaid } from "@lowcode/runtime/said";

const option = (name: string, title: string) => ({ name, title });
const forms: Record<string, Form> = {
  lead: { name: "lead", fields: [
    { name: "budget", title: "预算", type: "money" }, { name: "account", title: "客户", type: "link", to: "account" },
    { name: "source", title: "来源", type: "select", options: [option("referral", "转介绍"), option("phone", "电话")] },
  ] } as unknown as Form,
  account: { name: "account", fields: [{ name: "size", title: "规模", type: "select", options: [option("large", "大型")] }] } as unknown as Form,
};
const w = (text: unknown) => String(text ?? "");

test.each([
  ["budget >= 500000", "预算 ≥ 500,000", "预算 ≥ 500,000"],
  ["budget > 12345678.5 and budget < 9999", "预算 > 12345678.5 且 预算 < 9999", "预算 > 12345678.5 and 预算 < 9999"],
  ['source in ("referral", "phone")', "来源 属于 (转介绍, 电话)", "来源 in (转介绍, 电话)"],
  ['source not in ("phone") and budget is not blank', "来源 不属于 (电话) 且 预算 不为空", "来源 not in (电话) and 预算 is not blank"],
  ['account.size = "large" or source is blank', "客户 · 规模 = 大型 或 来源 为空", "客户 · 规模 = 大型 or 来源 is blank"],
  ['source = "gone" and budget != 1', '来源 = "gone" 且 预算 ≠ 1', '来源 = "gone" and 预算 ≠ 1'],
  ['MONTHS_BETWEEN(nobody, budget) > 3', "MONTHS_BETWEEN(nobody, 预算) > 3", "MONTHS_BETWEEN(nobody, 预算) > 3"],
  ['"budget and in" = "phone"', '"budget and in" = "phone"', '"budget and in" = "phone"'],
  ["true", "true", "true"],
])("%s in words", (condition, chinese, english) => {
  const said = (inChinese: boolean) => conditionSaid(condition, forms["lead"], (name) => forms[name], w, inChinese);
  expect([said(true), said(false)]).toEqual([chinese, english]);
});
