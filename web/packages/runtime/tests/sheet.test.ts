import type { Field } from "@lowcode/protocol";
import { describe, expect, it } from "vitest";
import { cellsOf, readCell } from "../src/form/sheet";
import { cellText, clipboardText } from "../src/form/sheet_copy";

const field = (type: string, more: Partial<Field> = {}): Field => ({ name: "x", type, title: "x", ...more });
const GRADES = [
  { name: "a", title: { "zh-CN": "重点", en: "Key" } },
  { name: "b", title: { "zh-CN": "普通", en: "Plain" } },
];

describe("what a spreadsheet puts on the clipboard", () => {
  it.each([
    ["a\tb\nc\td\n", [["a", "b"], ["c", "d"]]],
    ["a\t\tb", [["a", "", "b"]]],
    ["\tb\r\nc\t", [["", "b"], ["c", ""]]],
    ['"two\nlines"\t"say ""yes"""', [["two\nlines", 'say "yes"']]],
    ['12" pipe\t3', [['12" pipe', "3"]]],
    ["one\n\nthree", [["one"], [""], ["three"]]],
  ])("%j is cut into its cells", (text, cells) => expect(cellsOf(text)).toEqual(cells));

  it.each<[Field, string, unknown]>([
    [field("text"), "泵", { value: "泵" }],
    [field("text"), "", { value: null }],
    [field("integer"), "12", { value: 12 }],
    [field("integer"), "1.5", { wrong: true }],
    [field("money"), "￥1,200.00", { value: "1200.00" }],
    [field("percent"), "5", { value: "0.05" }],
    [field("percent"), "5%", { value: "0.05" }],
    [field("select", { options: GRADES }), "重点", { value: "a" }],
    [field("select", { options: GRADES }), "plain", { value: "b" }],
    [field("select", { options: GRADES }), "无", { wrong: true }],
    [field("multi_select", { options: GRADES }), "重点、普通", { value: ["a", "b"] }],
    [field("boolean"), "是", { value: true }],
    [field("boolean"), "maybe", { wrong: true }],
    [field("duration", { unit: "minutes" }), "1:30", { value: "90" }],
    [field("time"), "9:30", { value: "09:30" }],
    [field("time"), "2:30 PM", { value: "14:30" }],
    [field("time"), "下午 2:30", { value: "14:30" }],
    [field("time"), "9:305", { wrong: true }],
    [field("time"), "24:00", { wrong: true }],
    [field("money"), "RMB 1.2万", { value: "12000" }],
    [field("money"), "1,23", { either: ["1.23", "123"] }],
    [field("date"), "2026年3月5日下午3点", { value: "2026-03-05" }],
    [field("date"), "2026年3月", { wrong: true }],
    [field("date", { precision: "month" }), "2026年3月", { value: "2026-03-01" }],
    [field("date", { precision: "year" }), "2026", { value: "2026-01-01" }],
    [field("date", { precision: "month" }), "2026-13", { wrong: true }],
    [field("date"), "05/03/2026", { either: ["2026-03-05", "2026-05-03"] }],
    [field("datetime"), "2026-03-05 3点", { either: ["2026-03-05 03:00", "2026-03-05 15:00"] }],
    [field("datetime"), "05/03/2026 9:00", { either: ["2026-03-05", "2026-05-03"] }],
    [field("link", { to: "product" }), "变频器", { named: "变频器" }],
    [field("signature"), "x", { wrong: true }],
  ])("a field understands a cell", (of, text, read) => expect(readCell(of, text)).toEqual(read));
});

describe("what is copied out of lines", () => {
  it.each<[Field, unknown, string, string]>([
    [field("text"), "泵", "泵", "泵"],
    [field("text"), null, "", ""],
    [field("integer"), 12, "12", "12"],
    [field("money"), "1200.00", "1200.00", "1200.00"],
    [field("percent"), "0.05", "5%", "5%"],
    [field("select", { options: GRADES }), "a", "重点", "Key"],
    [field("multi_select", { options: GRADES }), ["a", "b"], "重点、普通", "Key, Plain"],
    [field("boolean"), true, "是", "yes"],
    [field("boolean"), false, "否", "no"],
    [field("date"), "2026-03-05", "2026-03-05", "2026-03-05"],
    [field("duration", { unit: "minutes" }), "90", "90", "90"],
  ])("%j as it is copied is read again as it was", (of, value, chinese, english) => {
    expect([cellText(of, value, "zh-CN"), cellText(of, value, "en")]).toEqual([chinese, english]);
    expect([chinese, english].map((text) => readCell(of, text))).toEqual([{ value }, { value }]);
  });

  it("a link by its label, and a time as the clock shows it", () => {
    expect(cellText(field("link", { to: "product" }), { id: 7, label: "变频器" }, "zh-CN")).toBe("变频器");
    expect(readCell(field("datetime"), cellText(field("datetime"), "2026-03-05T06:30:00.000Z", "en"))).toEqual({ value: "2026-03-05T06:30:00.000Z" });
  });

  it("cells with breaks, tabs and quotation marks come back as they were", () => {
    const cells = [["a", "two\nlines"], ['"yes"', "tab\there"], ["", '12" pipe']];
    expect(cellsOf(clipboardText(cells))).toEqual(cells);
  });
});
