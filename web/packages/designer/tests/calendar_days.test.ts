import { describe, expect, it } from "vitest";
import { read, said, taken } from "../src/calendars/days";

/** How the State Council words a year. */
const NOTICE = `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。`;

describe("days of a calendar", () => {
  it("reads a notice of holidays", () => {
    const days = read(NOTICE, 2026);
    expect(days.worked).toEqual(["2026-01-04", "2026-02-14", "2026-02-28"]);
    expect(days.free.length).toBe(3 + 9 + 3);
    expect(days.free.slice(0, 4)).toEqual(["2026-01-01", "2026-01-02", "2026-01-03", "2026-02-15"]);
    expect(read("2027年1月30日至2月2日放假", 2026).free).toEqual(["2027-01-30", "2027-01-31", "2027-02-01", "2027-02-02"]);
    expect(read("元旦：12月31日至次年1月3日放假。次年1月4日（周一）上班", 2026)).toEqual({ free: ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"], worked: ["2027-01-04"] });
    expect(read("2026年12月31日放假，明年1月1日放假", 2025).free).toEqual(["2026-12-31", "2027-01-01"]);
    expect(read("2027-01-01, 2027-01-02", 2026)).toEqual({ free: ["2027-01-01", "2027-01-02"], worked: [] });
    expect(read("2027-01-03 上班", 2026)).toEqual({ free: [], worked: ["2027-01-03"] });
    expect(read("2月30日放假；请各部门遵照执行", 2026)).toEqual({ free: [], worked: [] });
  });

  it("says one thing of a day, and leaves nothing empty", () => {
    const begun = { calendar: { holidays: ["2026-05-06"] } };
    const worked = said(begun, ["calendar"], "2026-05-06", "workdays");
    expect(worked).toEqual({ calendar: { workdays: ["2026-05-06"] } });
    expect(said(worked, ["calendar"], "2026-05-06", null)).toEqual({ calendar: {} });
    expect(taken(worked, ["calendar"], { free: ["2026-05-06", "2026-01-01"], worked: ["2026-02-14"] })).toEqual({ calendar: { holidays: ["2026-01-01", "2026-05-06"], workdays: ["2026-02-14"] } });
  });
});
