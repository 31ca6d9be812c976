import { expect, test } from "vitest";
import { failedAt, isDue } from "../src/offline/due";
import type { Waiting } from "../src/offline/queue";

const entry: Waiting = { key: "k", actor: 1, form: "visit", title: "", values: {}, shown: {}, before: {}, at: "2026-01-01T08:00:00.000Z", state: "waiting" };
const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 9, minutes));

test("what the server failed at is left alone for longer each time, an hour at most", () => {
  const waits: number[] = [];
  let seen = entry;
  for (let time = 0; time < 8; time += 1) {
    seen = failedAt(seen, `fault ${time}`, at(0));
    waits.push((Date.parse(seen.failed!.again) - at(0).getTime()) / 60_000);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(seen).toEqual({ ...entry, failed: { detail: "fault 7", times: 8, again: at(60).toISOString() } });
});

test("it is sent when it is due, or when somebody asks for it or for all", () => {
  const failed = failedAt(entry, "fault", at(0));
  expect([entry, failed].map((each) => isDue(each, undefined, at(0)))).toEqual([true, false]);
  expect(isDue(failed, undefined, at(1))).toBe(true);
  expect(isDue(failed, {}, at(0))).toBe(true);
  expect(["k", "another"].map((only) => isDue(failed, { only }, at(0)))).toEqual([true, false]);
  expect(isDue({ ...failed, state: "refused" }, {}, at(9))).toBe(false);
});
