import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Place } from "../src/presence/place";

const MEI = { person: { id: 2, label: "林雪梅" }, edits: true, since: "2026-03-02T01:00:00Z" };

describe("a record in this window", () => {
  const listeners = new Set<() => void>();
  let answer: () => Promise<unknown>;
  const run = vi.fn((_: string, asked: { doing: string }) => answer().then((found) => (asked.doing, found)));
  const said = () => run.mock.calls.map(([, asked]) => asked.doing);
  const over = vi.fn();
  const page = { visibilityState: "visible", addEventListener: (_: string, heard: () => void) => listeners.add(heard), removeEventListener: (_: string, heard: () => void) => listeners.delete(heard) };
  const turn = (to: string) => {
    page.visibilityState = to;
    listeners.forEach((heard) => heard());
  };
  const make = () => new Place({ run } as never, "customer", 7, over);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("document", page);
    page.visibilityState = "visible";
    answer = () => Promise.resolve({ others: [MEI], again: 20 });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.clearAllMocks();
    listeners.clear();
  });

  it("is said once however many parts show it, and again while it is shown", async () => {
    const tell = vi.fn();
    const place = make();
    const leave = [place.join("reads", tell), place.join("reads", tell)];
    await vi.advanceTimersByTimeAsync(19_000);
    expect(said()).toEqual(["reads"]);
    expect(place.others).toEqual([MEI]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(said()).toEqual(["reads", "reads"]);
    leave.forEach((each) => each());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toEqual(["reads", "reads", "leaves"]);
    expect(over).toHaveBeenCalledOnce();
    expect(listeners.size).toBe(0);
  });

  it("is edited while its form is open, and read again afterwards", async () => {
    const place = make();
    place.join("reads", () => undefined);
    await vi.advanceTimersByTimeAsync(10);
    const close = place.join("edits", () => undefined);
    await vi.advanceTimersByTimeAsync(10);
    close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said()).toEqual(["reads", "edits", "reads"]);
  });

  it("is not said while nobody looks at the page, and at once when somebody does", async () => {
    make().join("reads", () => undefined);
    await vi.advanceTimersByTimeAsync(10);
    turn("hidden");
    await vi.advanceTimersByTimeAsync(90_000);
    expect(said()).toEqual(["reads"]);
    turn("visible");
    await vi.advanceTimersByTimeAsync(10);
    expect(said()).toEqual(["reads", "reads"]);
  });

  it("goes on when the server does not answer, and ends when the form keeps no presence", async () => {
    answer = () => Promise.reject(new Error("cut"));
    const place = make();
    place.join("reads", () => undefined);
    await vi.advanceTimersByTimeAsync(10);
    expect(place.others).toEqual([]);
    answer = () => Promise.resolve({ others: [], again: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toEqual(["reads", "reads"]);
  });
});
