import type { Speech } from "@lowcode/kit";
import type { Field, StoredRecord } from "@lowcode/protocol";
import { expect, test, vi } from "vitest";
import { markOf } from "../src/views/mark";
import { entriesOf } from "../src/views/legend";
import { linesIn } from "../src/views/wall";

// Its other parts are made for a window.
vi.mock("@lowcode/kit", async () => ({ ...(await import("../../kit/src/colors")), ...(await import("../../kit/src/zone")) }));

const by = (values: object): Field => ({ name: "by", ...values }) as Field;
const record = (value: unknown): StoredRecord => ({ id: 1, by: value }) as unknown as StoredRecord;

test("a record has the colour of its option, or one that stays with whom it is linked to; else none", () => {
  const kinds = by({ type: "select", options: [{ name: "visit", color: "orange" }, { name: "plain" }] });
  const who = by({ type: "member" });
  const seen = [markOf(kinds, record("visit")), markOf(kinds, record("plain")), markOf(who, record(null)), markOf(who, record({ id: 3, label: "#3", hidden: true })), markOf(undefined, record("visit"))];
  expect(seen).toEqual(["var(--orange-solid)", ...Array<string>(4).fill("var(--grey-solid)")]);
  const far = { id: 1, "account.grade": "visit" } as unknown as StoredRecord;
  expect(markOf({ ...kinds, name: "account.grade" }, far)).toBe("var(--orange-solid)");
  const one = markOf(who, record({ id: 3, label: "李娜" }));
  expect([markOf(by({ type: "link" }), record({ id: 9, label: "李娜" })) === one, one === "var(--grey-solid)", one === markOf(who, record({ id: 4, label: "王磊" }))]).toEqual([true, false, false]);
});

test("a legend names what occurs, options in their order, and what has none at the end", () => {
  const speech = { t: (key: string) => key, w: (text: string) => text } as unknown as Speech;
  const kinds = by({ type: "select", options: [{ name: "visit", title: "Visit" }, { name: "call", title: "Call" }, { name: "never" }] });
  const told = (field: Field, values: unknown[]) => entriesOf(field, values.map(record), speech).map((each) => each.name);
  expect(told(kinds, ["call", null, "visit", "call"])).toEqual(["Visit", "Call", "blank"]);
  expect(told(by({ type: "member" }), [{ id: 3, label: "李娜" }, null, { id: 4, label: "王磊" }, { id: 3, label: "李娜" }])).toEqual(["李娜", "王磊", "blank"]);
});

test("words in a calendar end with a whole line, and one stands there always", () => {
  expect([15, 30, 60, 90, 120].map(linesIn)).toEqual([1, 1, 2, 3, 4]);
});
