import type { Field } from "@lowcode/protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import dayjs from "dayjs";
import { givenAt, instantOf, inZone, readingOf, setZone } from "../../kit/src/zone";
import { clockText, DAY, dayText, read, sideBySide, snapped, valueAt, wallOf, weekOf } from "../src/views/wall";
import { timeIn, timesOf } from "../src/views/when";

// Its other parts are made for a window.
vi.mock("@lowcode/kit", () => import("../../kit/src/zone"));

const moment = { name: "at", type: "datetime" } as Field;
const day = { name: "on", type: "date" } as Field;

afterEach(() => setZone(undefined));

describe("what the clock on the wall shows", () => {
  it("is that of the zone of the application", () => {
    setZone("Asia/Shanghai");
    const wall = wallOf(moment, "2026-11-24T16:30:00Z")!;
    expect([dayText(wall), clockText(wall)]).toEqual(["2026-11-25", "00:30"]);
    expect(valueAt(moment, wall + DAY)).toBe("2026-11-25T16:30:00.000Z");
  });

  it("stays the same over the day on which clocks are changed", () => {
    setZone("Europe/Berlin");
    const before = wallOf(moment, "2026-10-24T07:00:00Z")!;
    expect(clockText(before)).toBe("09:00");
    expect(valueAt(moment, before + DAY)).toBe("2026-10-25T08:00:00.000Z");
  });

  it("has seconds, and a date has nothing but its day", () => {
    setZone("Asia/Shanghai");
    expect(valueAt(moment, wallOf(moment, "2026-11-24T01:00:07Z")!)).toBe("2026-11-24T01:00:07.000Z");
    expect(valueAt(day, wallOf(day, "2026-11-24")! + 3 * DAY)).toBe("2026-11-27");
    expect(wallOf(day, null)).toBeNull();
  });

  it("knows its week, and quarters of an hour", () => {
    expect(dayText(weekOf(read("2026-11-29T23:59")))).toBe("2026-11-23");
    expect(dayText(weekOf(read("2026-11-23")))).toBe("2026-11-23");
    expect(clockText(snapped(read("2026-11-23T09:08")))).toBe("09:15");
  });
});

describe("the zone of the application", () => {
  const shown = (at: string) => inZone(at).format("YYYY-MM-DD HH:mm:ss");

  it("is asked of the browser once for a quarter of an hour", () => {
    setZone("Europe/Berlin");
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, "formatToParts");
    const seen = Array.from({ length: 900 }, (_, second) => shown(new Date(Date.UTC(2026, 6, 1, 8) + second * 1000).toISOString()));
    expect([seen[0], seen.at(-1), asked.mock.calls.length]).toEqual(["2026-07-01 10:00:00", "2026-07-01 10:14:59", 1]);
    asked.mockRestore();
  });

  it("is read where clocks are changed, in odd zones and long ago", () => {
    for (const [zone, at, wall] of [
      ["Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59"],
      ["Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00"],
      ["Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04 02:30:00"],
      ["Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01 05:45:00"],
      ["Africa/Monrovia", "1972-01-07T00:44:29Z", "1972-01-06 23:59:59"],
      ["Africa/Monrovia", "1972-01-07T00:44:30Z", "1972-01-07 00:44:30"],
    ] as const) {
      setZone(zone);
      expect([zone, at, shown(at)]).toEqual([zone, at, wall]);
    }
  });

  it("is written: of two instants the later, of none the one by the clocks before", () => {
    setZone("Europe/Berlin");
    expect(["2026-10-25T02:30", "2026-03-29T02:30", "2026-07-01T09:00"].map(instantOf)).toEqual(["2026-10-25T01:30:00.000Z", "2026-03-29T01:30:00.000Z", "2026-07-01T07:00:00.000Z"]);
  });

  it("is that of a stretch too that is chosen in a browser elsewhere", () => {
    vi.stubEnv("TZ", "America/New_York");
    expect(new Date("2026-11-24T01:00:07Z").getTimezoneOffset()).toBe(300);
    setZone("Asia/Shanghai");
    expect(readingOf("2026-11-24T01:00:07.500Z").format("YYYY-MM-DD HH:mm:ss")).toBe("2026-11-24 09:00:07");
    expect(givenAt(readingOf("2026-11-24T01:00:07.500Z"))).toBe("2026-11-24T01:00:07.500Z");
    expect(givenAt(dayjs("2026-11-24T09:00"))).toBe("2026-11-24T01:00:00.000Z");
    vi.unstubAllEnvs();
  });
});

describe("what goes on at once", () => {
  const at = (from: number, to: number) => ({ from, to });
  const seen = (...things: { from: number; to: number }[]) => sideBySide(things).map(({ thing, column, columns }) => [thing.from, column, columns]);

  it("stands side by side, and what comes after has the whole width again", () => {
    expect(seen(at(0, 60), at(30, 90), at(90, 120))).toEqual([[0, 0, 2], [30, 1, 2], [90, 0, 1]]);
  });

  it("takes the first column that is free", () => {
    expect(seen(at(0, 120), at(0, 30), at(30, 60), at(45, 60))).toEqual([[0, 0, 3], [0, 1, 3], [30, 1, 3], [45, 2, 3]]);
  });
});

describe("the time in the address", () => {
  const today = read("2026-11-29");
  it("names what is shown and from when, and leaves out what is usual", () => {
    for (const [text, usual, shows, start] of [
      ["", "month", "month", "2026-11-29"],
      ["", "day", "day", "2026-11-29"],
      ["2026-10", "day", "month", "2026-10-01"],
      ["~week", "month", "week", "2026-11-29"],
      ["2026-12-03~week", "month", "week", "2026-12-03"],
      ["2026-12-03", "month", "day", "2026-12-03"],
      ["2026-02-31~day", "month", "day", "2026-11-29"],
      ["nonsense~year", "month", "month", "2026-11-29"],
    ] as const) {
      const found = timeIn(text, usual, today);
      expect([text, found.shows, dayText(found.at)]).toEqual([text, shows, start]);
    }
    expect(timesOf("month", today, "month", today)).toBe("");
    expect(timesOf("month", today, "day", today)).toBe("2026-11");
    expect(timesOf("week", today, "month", today)).toBe("~week");
    expect(timesOf("day", read("2026-12-03"), "month", today)).toBe("2026-12-03~day");
  });
});
