import { describe, expect, it, vi } from "vitest";
import { laid, loadOn } from "../src/views/lanes";
import { lasting, type Span } from "../src/views/span";
import { DAY, read } from "../src/views/wall";

// Its other parts are made for a window.
vi.mock("@lowcode/kit", () => import("../../kit/src/zone"));

const span = (id: number, from: string, to: string, more: object = {}, timed = true) => lasting({ record: { id, ...more }, timed, ended: true, color: "" } as unknown as Span, read(from), read(to));
const MONDAY = read("2031-03-03");
const WEEK = MONDAY + 7 * DAY;

describe("the bars of a row", () => {
  const lanes = (hours: boolean, end: number, ...spans: Span[]) => laid(spans, MONDAY, end, hours).map(({ span: { record }, lane, since, on }) => [record.id, lane, since, on]);

  it("lie over none other, each on the first line with room, and say where they run out", () => {
    const spans = [span(1, "2031-03-01T09:00", "2031-03-04T10:00"), span(2, "2031-03-04T15:00", "2031-03-05T09:00"), span(3, "2031-03-05T10:00", "2031-03-20T10:00"), span(4, "2031-03-10T00:00", "2031-03-10T01:00")];
    expect(lanes(false, WEEK, ...spans)).toEqual([[1, 0, true, false], [2, 1, false, false], [3, 0, false, true]]);
  });

  it("of one day take up its hours, and never less than can be pressed", () => {
    const spans = [span(1, "2031-03-03T09:00", "2031-03-03T09:05"), span(2, "2031-03-03T09:30", "2031-03-03T10:00"), span(3, "2031-03-03T09:45", "2031-03-03T11:00")];
    expect(lanes(true, MONDAY + DAY, ...spans)).toEqual([[1, 0, false, false], [2, 1, false, false], [3, 0, false, false]]);
    expect(laid(spans, MONDAY, MONDAY + DAY, true)[2]).toMatchObject({ from: 9.75 / 24, to: 11 / 24 });
  });
});

describe("what stands in a row on a day", () => {
  const spans = [span(1, "2031-03-03T20:00", "2031-03-04T06:00", { effort: "9" }), span(2, "2031-03-04T08:00", "2031-03-04T09:30", { effort: "2.5" }), span(3, "2031-03-05", "2031-03-07", {}, false)];
  const week = (measure: Parameters<typeof loadOn>[2]) => [0, 1, 2, 3, 4].map((day) => loadOn(spans, MONDAY + day * DAY, measure));

  it("is counted in records", () => expect(week({ by: "records" })).toEqual([1, 2, 1, 1, 0]));
  it("or in the hours of that day", () => expect(week({ by: "hours" })).toEqual([4, 7.5, 24, 24, 0]));
  it("or in a number, in equal parts for each day of a record", () => expect(week({ by: "sum", field: "effort" })).toEqual([4.5, 7, 0, 0, 0]));
});
