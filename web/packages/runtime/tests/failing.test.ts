import { Problem, type Client, type Form } from "@lowcode/protocol";
import { expect, test, vi } from "vitest";
import { failedAt, isDue } from "../src/offline/due";
import { keep, waitingOf, type Waiting } from "../src/offline/queue";
import { sendOne } from "../src/offline/sending";

vi.mock("../src/offline/store", () => {
  const kept = new Map<string, unknown>();
  const change = async (_: string, key: string, make: (found: unknown) => unknown) => {
    const next = make(kept.get(key));
    if (next === undefined) kept.delete(key);
    else kept.set(key, next);
  };
  return { store: { change, all: async () => [...kept.values()] } };
});

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

test("a device whose clock was put back does not wait for the time it had", () => {
  const failed = failedAt(entry, "fault", at(0));
  expect([-58, -60, -3 * 24 * 60].map((minutes) => isDue(failed, undefined, at(minutes)))).toEqual([false, true, true]);
});

test.each([
  ["conflict", new Problem(409, "records.changed", "", [], { id: 7, version: 2, _label: "", what: "theirs" })],
  ["refused", new Problem(422, "records.required", "What is needed")],
])("what the server failed at before is over when it ends as %s", async (state, problem) => {
  const failed = { ...failedAt(entry, "fault", at(0)), record: 7, version: 1, values: { what: "mine" }, shown: { what: "mine" }, before: { what: "first" } };
  vi.stubGlobal("navigator", {});
  await keep(failed);
  const client = { update: () => Promise.reject(problem) } as unknown as Client;
  const form = { name: "visit", fields: [{ name: "what", type: "text" }] } as unknown as Form;
  expect(await sendOne(client, form, failed)).toBe("asks");
  expect(await waitingOf(1)).toMatchObject([{ state, failed: undefined }]);
});
