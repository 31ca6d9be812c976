import { expect, test } from "vitest";
import { fitted, widthOf } from "../src/fitted";

const bars = (names: string[], more: object = {}) => ({ xAxis: { type: "category", data: names, axisLabel: { interval: 0, color: "#555", ...more } }, yAxis: { type: "value" } });
const label = (names: string[], width: number) => (fitted(bars(names), width)["xAxis"] as { axisLabel: Record<string, unknown> }).axisLabel;
const INDUSTRIES = ["Electronics and semiconductors", "Automotive", "Food", "Pharma", "Water", "Metallurgy"];

test("words are as wide as their signs: Chinese ones are square", () => {
  expect(widthOf("线索")).toBe(24);
  expect(widthOf("ab")).toBeCloseTo(13.44);
});

test.each([
  ["all flat", ["甲", "乙"], 300, { overflow: "none", interval: 0 }],
  ["in two lines", ["Solution demo", "Need confirmed"], 200, { overflow: "break", width: 62 }],
  ["at a slant", INDUSTRIES, 400, { rotate: 34, interval: 0 }],
  ["only some", Array.from({ length: 60 }, (_, at) => `Customer ${at}`), 400, { interval: "auto" }],
])("names below bars stand %s", (_, names, width, wanted) => {
  expect(label(names, width)).toMatchObject({ color: "#555", ...wanted });
});

test.each([200, 400, 700])("the first slanted name begins within %d points", (width) => {
  const names = Array.from({ length: Math.floor(width / 40) }, () => "半导体与电子元器件制造业");
  const { rotate, width: long } = label(names, width) as { rotate: number; width: number };
  expect(rotate).toBe(34);
  // From the middle of its bar, behind the numbers of the upright axis.
  expect(long * Math.cos((rotate * Math.PI) / 180)).toBeLessThanOrEqual(44 + (width - 64) / names.length / 2);
});

test("steps of time keep the gaps they had", () => {
  const option = bars(["May 2026", "Jun 2026"], { interval: "auto" });
  expect(fitted(option, 90)).toEqual(option);
});

test("rows, rounds and flows leave room for what they are about", () => {
  const option = {
    yAxis: [{ type: "category", data: ["a"], axisLabel: { width: 96 } }, { type: "category", data: ["b"] }],
    legend: { orient: "vertical", textStyle: { width: 120 } },
    series: [{ type: "sankey", right: 96, data: [{ depth: 0 }, { depth: 2 }], label: { width: 90 } }, { type: "bar" }],
  };
  expect(fitted(option, 200)).toEqual({
    yAxis: [
      { type: "category", data: ["a"], axisLabel: { width: 64, overflow: "truncate" } },
      { type: "category", data: ["b"], axisLabel: { width: 64, overflow: "truncate" } },
    ],
    legend: { orient: "vertical", textStyle: { width: 44, overflow: "truncate" } },
    series: [{ type: "sankey", right: 52, data: [{ depth: 0 }, { depth: 2 }], label: { width: 48, overflow: "truncate" } }, { type: "bar" }],
  });
});
