import { expect, test } from "vitest";
import corpus from "../../../../tests/conformance/rules/clauses.json";
import { comparedOf, plainIn, readClauses, writeClauses, writeCompared } from "../src/rules/clauses";

test.each([
  ["", { match: "all", of: [] }],
  ["stage = \"new\"", { match: "all", of: ['stage = "new"'] }],
  ['owner is not blank and stage in ("new", "lost")', { match: "all", of: ["owner is not blank", 'stage in ("new", "lost")'] }],
  ["a = 1 and (b = 2 or c between 1 and 3)", { match: "all", of: ["a = 1", { match: "any", of: ["b = 2", "c between 1 and 3"] }] }],
  ["not (a = 1 or b = 2)", { match: "none", of: ["a = 1", "b = 2"] }],
  ["not (a = 1 and b = 2)", { match: "none", of: [{ match: "all", of: ["a = 1", "b = 2"] }] }],
  ['name = "this and that or (those" and COUNT(rows, x and y) > 0', { match: "all", of: ['name = "this and that or (those"', "COUNT(rows, x and y) > 0"] }],
  ["this.and = 1", { match: "all", of: ["this.and = 1"] }],
  ['stage = "won" and OR(amount > 1, vip)', { match: "all", of: ['stage = "won"', "OR(amount > 1, vip)"] }],
  ["not OR(a, b)", { match: "all", of: ["not OR(a, b)"] }],
  ["a or AND (b, c)", { match: "any", of: ["a", "AND (b, c)"] }],
  ["(b, c)", { match: "all", of: ["(b, c)"] }],
])("%s is read as clauses", (text, found) => {
  expect(readClauses(text)).toEqual(found);
  expect(readClauses(writeClauses(readClauses(text)))).toEqual(found);
});

test.each(corpus.cases as [string, string][])("%s is written back", (read, written) => {
  expect(writeClauses(readClauses(read))).toBe(written);
});

test.each(["a and", "a = 1 and (b, c)", "not (a, b)", "(a", '"a', "a) or b", "and"])("what cannot be read stays as it is: %s", (text) => {
  expect(writeClauses(readClauses(text))).toBe(text);
});

test("what is joined anew keeps its meaning", () => {
  expect(writeClauses({ match: "all", of: ["a or b", { match: "any", of: ["c", "d"] }, { match: "all", of: [] }] })).toBe("(a or b) and (c or d)");
  expect(writeClauses({ match: "none", of: ["a and b", "c"] })).toBe("not ((a and b) or c)");
  expect(writeClauses({ match: "none", of: [{ match: "all", of: ["a", "b"] }] })).toBe("not (a and b)");
});

test.each([
  ["owner is not blank", { left: "owner", operator: "is not blank", right: [] }],
  ["account.grade != 'A'", { left: "account.grade", operator: "<>", right: ["'A'"] }],
  ['stage not in ("won", "lost")', { left: "stage", operator: "not in", right: ['"won"', '"lost"'] }],
  ["owner in TEAM()", { left: "owner", operator: "in", right: ["TEAM()"] }],
  ["amount between 1 and 2 + 3", { left: "amount", operator: "between", right: ["1", "2 + 3"] }],
  ["OLD(stage) = stage", { left: "OLD(stage)", operator: "=", right: ["stage"] }],
  ["CHANGED(stage)", { left: "stage", operator: "changed", right: [] }],
  ['CONTAINS(name, "x")', { left: "name", operator: "contains", right: ['"x"'] }],
  ["urgent", { left: "urgent", operator: "yes", right: [] }],
  ["account.in = 1", { left: "account.in", operator: "=", right: ["1"] }],
  ["not urgent", { left: "urgent", operator: "no", right: [] }],
  ["ISNEW()", null],
  ["", null],
])("%s compares", (text, found) => {
  expect(comparedOf(text)).toEqual(found);
  if (found) expect(comparedOf(writeCompared(comparedOf(text)!))).toEqual(found);
});

test.each([['"it""s"', 'it"s'], ["-1.5", -1.5], ["TRUE", true], ["DATE(2026, 3, 9)", "2026-03-09"], ["TODAY()", undefined], ["blank", undefined]])("%s is a plain value", (text, value) => {
  expect(plainIn(text)).toBe(value);
});
