import { afterEach, beforeEach, expect, test, vi } from "vitest";

let heard: Map<string, (event: object) => void>;

/** A page of its own for each case: where one is belongs to the window. */
async function opened(): Promise<typeof import("../src/router")> {
  vi.resetModules();
  return await import("../src/router");
}

beforeEach(() => {
  heard = new Map();
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("window", { addEventListener: (name: string, hear: (event: object) => void) => void heard.set(name, hear) });
});
afterEach(() => vi.unstubAllGlobals());

/** Whether somebody who leaves the page now is asked. */
function asks(): boolean {
  const preventDefault = vi.fn();
  heard.get("beforeunload")!({ preventDefault });
  return preventDefault.mock.calls.length > 0;
}

const plain = { button: 0, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

test.each<[string, Partial<typeof plain>, boolean]>([
  ["a press", {}, false],
  ["a press with Ctrl", { ctrlKey: true }, true],
  ["a press with Command", { metaKey: true }, true],
  ["a press with Shift", { shiftKey: true }, true],
  ["a press with Alt", { altKey: true }, true],
  ["the middle button", { button: 1 }, true],
])("whoever leaves by a sign-in service with %s is asked about what is not saved: %o", async (_, press, expected) => {
  const { depart, guard } = await opened();
  guard(() => Promise.resolve(false));
  expect(asks()).toBe(true);
  depart({ ...plain, ...press });
  expect(asks()).toBe(expected);
  heard.get("pageshow")!({});
  expect(asks()).toBe(true);
});
