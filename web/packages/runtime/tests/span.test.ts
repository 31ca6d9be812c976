import type { Field } from "@lowcode/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setZone } from "../../kit/src/zone";
import { byDay, hoursOf, lasting, restOf, valuesFor, whenOf, type Span } from "../src/views/span";
import { DAY, read } from "../src/views/wall";
import { daysOf } from "../src/views/when";

// Its other parts are made for a window.
vi.mock("@lowcode/kit", () => import("../../kit/src/zone"));

const field = (name: string, type: string) => ({ name, type }) as Field;

beforeEach(() => setZone("Asia/Shanghai"));
afterEach(() => setZone(undefined));

describe("what is written when a record is put elsewhere", () => {
  const hour = { from: read("2031-03-04T09:00"), to: read("2031-03-04T10:00") };
  const day = { from: read("2031-03-04"), to: read("2031-03-05") };
  for (const [what, type, span, from, to, end, expected] of [
    ["a record without an end keeps none", "datetime", { ...hour, ended: false }, hour.from + DAY, hour.to + DAY, "dragged", { on: "2031-03-05T01:00:00.000Z" }],
    ["an end as long as it was drawn is an end all the same", "datetime", { ...hour, ended: false }, hour.from, hour.to, "given", { off: "2031-03-04T02:00:00.000Z" }],
    ["a day that ends on itself as well", "date", { ...day, ended: false }, day.from, day.to, "given", { off: "2031-03-04" }],
    ["one that lasts longer than it was drawn ends", "datetime", { ...hour, ended: false }, hour.from, hour.to + 30, "dragged", { off: "2031-03-04T02:30:00.000Z" }],
    ["an end goes along", "date", { ...day, ended: true }, day.from + DAY, day.to + DAY, "dragged", { on: "2031-03-05", off: "2031-03-05" }],
    ["an end that is taken away is none", "datetime", { ...hour, ended: true }, hour.from, hour.to, "emptied", { off: null }],
    ["and one of days, begun another day", "date", { ...day, ended: true }, day.from + DAY, day.to + DAY, "emptied", { on: "2031-03-05", off: null }],
  ] as const) {
    it(what, () => expect(valuesFor(field("on", type), field("off", type), span, from, to, end)).toEqual(expected));
  }
});

describe("the days of records", () => {
  const span = (id: number, from: string, to: string, timed = true) => lasting({ record: { id }, timed, ended: true, color: "" } as unknown as Span, read(from), read(to));
  const days = daysOf("week", read("2031-03-03"));
  const seen = (...spans: Span[]) => byDay(spans, days).map((found) => found.map(({ record }) => record.id));

  it("are all those from the first to the last, as far as they are shown", () => {
    expect(seen(span(1, "2031-02-20T09:00", "2031-03-04T10:00"), span(2, "2031-03-04T23:00", "2031-03-05T00:00"), span(3, "2031-03-08", "2031-03-20", false))).toEqual([[1], [1, 2], [], [], [], [3], [3]]);
  });

  it("leave out what is before and after", () => {
    expect(seen(span(1, "2031-03-02T09:00", "2031-03-02T10:00"), span(2, "2031-03-10", "2031-03-11", false)).flat()).toEqual([]);
  });
});

describe("what is said of a record in a calendar", () => {
  const span = (from: string, to: string, ended = true, timed = true) => lasting({ record: { id: 1 }, timed, ended, color: "" } as unknown as Span, read(from), read(to));
  for (const [what, seen, hours, rest] of [
    ["the day, where its hours are seen", span("2031-03-04T09:00", "2031-03-04T10:30"), "09:00–10:30", "3月4日 周二"],
    ["the day, where all that is known of its hours is seen", span("2031-03-04T09:00", "2031-03-04T10:00", false), "09:00", "3月4日 周二"],
    ["both days of one that goes over midnight, whose hours are both seen", span("2031-03-04T22:00", "2031-03-05T02:00"), "22:00–02:00", "3月4日 周二 22:00 – 3月5日 周三 02:00"],
    ["its days, where it has no hours", span("2031-03-04", "2031-03-06", true, false), "", "3月4日 周二 – 3月5日 周三"],
  ] as const) {
    it(what, () => expect([hoursOf(seen), restOf(hoursOf(seen), whenOf(seen, true))]).toEqual([hours, rest]));
  }
});
