import { Problem, type Client, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { expect, test } from "vitest";
import { learnt, sendOnce, triedWith, type Sending } from "../src/offline/once";

const form = { name: "visit", fields: [{ name: "what", type: "text" }, { name: "city", type: "text" }, { name: "items", type: "lines" }] } as unknown as Form;
const other = new Problem(422, "api.idempotency-differs", "");

/** A server that had some words under each key, as it answers. */
function server(had: Record<string, Values>): { client: Client; asked: [string, Values][] } {
  const asked: [string, Values][] = [];
  const answer = (key: string, values: Values, record: StoredRecord): Promise<StoredRecord> => {
    asked.push([key, values]);
    had[key] ??= values;
    return JSON.stringify(had[key]) === JSON.stringify(values) ? Promise.resolve(record) : Promise.reject(other);
  };
  const client = {
    create: (_: string, values: Values, key: string) => answer(key, values, { id: 7, version: 1, _label: "" }),
    update: (_: string, id: number, version: number, values: Values, key: string) => answer(key, values, { id, version: version + 1, _label: "" }),
  };
  return { client: client as unknown as Client, asked };
}

test.each<[string, Sending, number]>([
  ["a new record", { key: "k", form: "visit" }, 1],
  ["a change", { key: "k", form: "visit", record: 7, version: 4 }, 5],
])("what came of the words whose answer got lost is learnt of %s, and the rest is what is different since", async (_, sending, version) => {
  const key = sending.record === undefined ? "k" : "k.4";
  const { client, asked } = server({ [key]: { what: "first", city: "A", items: [{ n: 1 }] } });
  const now = { what: "last", city: "A" };
  const refused: unknown = await sendOnce(client, sending, now).catch((error: unknown) => error);
  const found = await learnt(client, form, sending, [{ what: "first", city: "A", items: [{ n: 1 }] }, { what: "never came" }, now], now, refused);
  expect(found).toEqual({ record: { id: 7, version, _label: "" }, rest: { what: "last", items: [] } });
  expect(asked.map(([, values]) => values["what"])).toEqual(["last", "never came", "first"]);
});

test("another refusal is no sign of earlier words, and words nobody knows of are left alone", async () => {
  const { client, asked } = server({ k: { what: "another" } });
  expect(await learnt(client, form, { key: "k", form: "visit" }, [{ what: "first" }], { what: "last" }, new Problem(422, "records.required", ""))).toBeUndefined();
  expect(asked).toEqual([]);
  expect(await learnt(client, form, { key: "k", form: "visit" }, [{ what: "first" }], { what: "last" }, other)).toBeUndefined();
});

test("each words are told once", () => {
  const one = [{ what: "first" }];
  expect(triedWith(one, { what: "first" })).toBe(one);
  expect(triedWith(undefined, { what: "a" }, { what: "b" }, { what: "a" })).toEqual([{ what: "a" }, { what: "b" }]);
});
