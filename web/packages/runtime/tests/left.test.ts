import { Problem } from "@lowcode/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetLeft, handIn, leave, leftOf, take, type Kept, type Left, type LeftDraft } from "../src/form/left";

const entry = (more: Partial<Left> = {}, draft: Partial<LeftDraft> = {}): Left => ({ key: "a", actor: 7, form: "lead", open: true, ...more, draft: { values: { name: "周末" }, before: {}, ...draft } });

describe("what is left in a tab", () => {
  let base: string;
  beforeEach(() => {
    const kept = new Map<string, string>();
    base = "https://host/crm/";
    vi.stubGlobal("document", { get baseURI() { return base; } });
    vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is of the host that stands at this address", () => {
    leave(entry());
    base = "https://host/hr/";
    expect(leftOf(7)).toEqual([]);
    leave(entry({ key: "b" }));
    forgetLeft(7);
    base = "https://host/crm/";
    expect(leftOf(7)).toEqual([entry()]);
    take("a");
    expect(leftOf(7)).toEqual([]);
  });

  it("goes when its person signs out, and no other's does", () => {
    leave(entry());
    leave(entry({ key: "b", actor: 8 }));
    forgetLeft(7);
    expect([leftOf(7), leftOf(8).map((each) => each.key)]).toEqual([[], ["b"]]);
  });
});

/** A server that answers one after the other: the number of the draft, or the status of a refusal. */
async function handedIn(left: Left, ...answers: [status: number, code?: string][]): Promise<[Kept, (number | undefined)[]]> {
  const ids: (number | undefined)[] = [];
  const kept = await handIn(left, async ({ id }) => {
    ids.push(id);
    const [status, code = ""] = answers[ids.length - 1]!;
    if (status !== 200) throw new Problem(status, code, "");
    return { id: 40 };
  });
  return [kept, ids];
}

describe("what was left is handed in", () => {
  it("and is a draft", async () => expect(await handedIn(entry({}, { id: 3 }), [200])).toEqual([{ kind: "draft", id: 40 }, [3]]));

  it.each([0, 401, 429, 500, 502, 503])("and stays in the tab when the server did not look at it: %i", async (status) =>
    expect(await handedIn(entry({}, { id: 3 }), [status])).toEqual([{ kind: "waits" }, [3]]));

  it("as a new draft when the old one is gone", async () => expect(await handedIn(entry({}, { id: 3 }), [404], [200])).toEqual([{ kind: "draft", id: 40 }, [3, undefined]]));

  it.each([[400], [403], [413], [422]])("and is opened with what the server said of it: %i", async (status) => {
    const [kept, ids] = await handedIn(entry({}, { record: 5 }), [status, "forms.too-many-drafts"]);
    expect([kept, ids]).toMatchObject([{ kind: "refused", error: { status }, record: 5 }, [undefined]]);
  });

  it("and is opened as a new record when its record is gone too", async () => {
    const [kept, ids] = await handedIn(entry({}, { id: 3, record: 5 }), [404], [404]);
    expect([kept, ids]).toMatchObject([{ kind: "refused", error: { status: 404 } }, [3, undefined]]);
    expect((kept as { record?: number }).record).toBeUndefined();
  });
});
