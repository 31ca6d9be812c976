import type { Application, Field, Form } from "@lowcode/protocol";
import { money, placesIn } from "../../kit/src/format";
import { expect, test } from "vitest";
import { besideIn, besideOf, fieldOf, rangeTitle, usual } from "../src/fields";
import { operatorsOf } from "../src/grid/conditions";
import { onLetters } from "../src/widgets/address";
import amounts from "../../../../tests/conformance/amounts.json";
import { wordsOf } from "../src/widgets/plain_words";

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, type: "text", title: name, ...more }) as Field;
const form = (...fields: Field[]): Form => ({ name: "visit", title: "Visit", fields }) as unknown as Form;
const APP = { forms: {} } as unknown as Application;

test("an address is written as on a letter, where its region is one of the list", () => {
  expect(onLetters("浙江省/杭州市/西湖区 文三路 1 号 2 楼")).toBe("浙江省杭州市西湖区文三路 1 号 2 楼");
  for (const text of ["文三路 1 号", "12/3 High Street, London", "浙江/Hangzhou 2 楼", ""]) expect(onLetters(text)).toBe(text);
});

test("amounts have the decimals and the sign of their currency", () => {
  expect([money("1200", "JPY"), money("1200", "CNY"), money("1200", "USD"), money("1200", "XX?")]).toEqual(["JP¥1,200", "¥1,200.00", "$1,200.00", "XX? 1,200.00"]);
  expect([placesIn("JPY", 2), placesIn("CNY", 4), placesIn(undefined, 3)]).toEqual([0, 2, 3]);
});

test.each(amounts.cases as [string, string, number, string][])("an amount of %s %s with %i places is read %s", (value, currency, scale, shown) => {
  expect(money(value, currency, scale)).toBe(shown);
});

test("what a value is read together with is asked for, unless it is kept from whoever looks", () => {
  const visit = form(field("starts", { type: "date", until: "ends" }), field("ends", { type: "date" }), field("cost", { type: "money", currency_from: "currency" }));
  expect(["starts", "cost"].map((name) => besideOf(fieldOf(APP, visit, name), name))).toEqual(["ends", undefined]);
  expect(besideOf(visit.fields[2], "trip.cost")).toBe("trip.currency");
  expect(besideIn(visit.fields[0]!, "starts", { ends: "2026-03-04" })).toBe("2026-03-04");
});

test("the end of a range is no column of its own, unless somebody makes it one", () => {
  expect(usual(form(field("starts", { type: "date", until: "ends" }), field("ends", { type: "date" }), field("name")))).toEqual(["starts", "name"]);
});

test("a list shows the words of what was formatted", () => {
  expect(wordsOf("# 标题\n* **要点** 一")).toBe("标题\n要点 一");
});

test("regions are compared by choosing one, and what lies in it", () => {
  const operators = ["contains", "contains_not", "is", "is_not", "starts_with", "ends_with", "blank", "not_blank"];
  expect(operatorsOf(field("where", { type: "region", operators }))).toEqual(["starts_with", "contains", "blank", "not_blank"]);
  expect(operatorsOf(field("name", { operators }))).toEqual(operators);
});

test("a range is called by both its ends, once where they are called alike", () => {
  const said = (text: unknown) => String(text ?? "");
  const called = (first: string, last?: string) => rangeTitle(field("starts", { title: first }), last === undefined ? undefined : field("ends", { title: last }), said);
  expect([called("From", "To"), called("Stay", "Stay"), called("From"), called("", "To"), called("From", "")]).toEqual(["From ～ To", "Stay", "From", "starts ～ To", "From ～ ends"]);
});
