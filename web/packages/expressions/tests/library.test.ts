import { describe, expect, test } from "vitest";
import { library as f, moment, toJson } from "../src";

const n = f.number;
const m = moment({ now: "2024-02-29T20:30:00Z", zone: "Asia/Shanghai", me: 3, roles: ["sales"] });

describe("numbers are exact", () => {
  test.each([
    [f.add(n("0.1"), n("0.2")), "0.3"],
    [f.ROUND(n("-2.5")), "-3"],
    [f.ROUND(f.mul(n("1.005"), n("100")), n("2")), "100.5"],
    [f.div(n("1"), n("3")), "0.333333333333"],
    [f.div(n("1"), n("0")), null],
    [f.MOD(n("-7"), n("3")), "2"],
    [f.SUM(), "0"],
  ])("%#", (got, wanted) => expect(toJson(got)).toBe(wanted));
});

test("a blank is equal to a blank, and nothing is ordered before it", () => {
  expect(f.eq(null, null)).toBe(true);
  expect(f.lt(null, n("1"))).toBe(null);
  expect(f.and(() => false, () => null)).toBe(false);
  expect(f.or(() => null, () => true)).toBe(true);
});

test("the day is that of the application's zone", () => {
  expect(toJson(m.today)).toBe("2024-03-01");
  expect(toJson(f.TODATE(m, f.datetime("2024-02-29T15:59:00Z")))).toBe("2024-02-29");
  expect(toJson(f.DATEADD(m, f.date("2024-01-31"), n("1"), "months"))).toBe("2024-02-29");
});

test("amounts in Chinese capitals", () => {
  expect(f.CNUPPER(n("1050.30"))).toBe("壹仟零伍拾元零叁角整");
});

test("who a field of several names stands in a record by number, or as a row", () => {
  const among = (rows: unknown[] | null) => f.ANY(...f.over(rows as never, (c) => f.eq(c["id"], 7)));
  expect([among([3, 7]), among([{ id: 7 }]), among([3]), among([]), among(null)]).toEqual([true, true, false, false, false]);
});
