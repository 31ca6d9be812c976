import type { StoredRecord } from "@lowcode/protocol";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { known } from "../src/form/known";

const saved = { id: 1, version: 4, _label: "New", name: "New", stage: "won", note: null } as StoredRecord;

/** A page of somebody who has read this. */
const read = (key: unknown[], data: unknown): QueryClient => {
  const queries = new QueryClient();
  queries.setQueryData(key, data);
  return queries;
};

test("the page of a record stands on what was saved, and keeps what only reading it tells", () => {
  const before = { id: 1, version: 3, _label: "Old", name: "Old", stage: "won", far: 7, _meta: { can: { edit: true }, transitions: { stage: [{ to: "lost", allowed: true }] } } };
  const queries = read(["record", "deal", 1], before);
  known(queries, "deal", saved);
  expect(queries.getQueryData(["record", "deal", 1])).toEqual({ ...saved, far: 7, _meta: before._meta });
});

test("steps that were offered go with the state a record had", () => {
  const before = { id: 1, version: 3, _label: "Old", stage: "open", _meta: { print: ["offer"], transitions: { stage: [{ to: "won", allowed: true }] } } };
  const queries = read(["record", "deal", 1], before);
  known(queries, "deal", saved);
  expect(queries.getQueryData<StoredRecord>(["record", "deal", 1])?._meta).toEqual({ print: ["offer"], transitions: {} });
});

test("a record that nobody has read is not half known", () => {
  const queries = new QueryClient();
  known(queries, "deal", saved);
  expect(queries.getQueryCache().getAll()).toEqual([]);
});

test("a row of a list gets what was saved of its columns, and stays where it is", () => {
  const other = { id: 2, name: "Other", version: 1 };
  const queries = read(["records", "deal", {}], { pages: [{ items: [other, { id: 1, name: "Old", version: 3, "firm.name": "A" }], next: null }], pageParams: [""] });
  known(queries, "deal", saved);
  expect(queries.getQueryData(["records", "deal", {}])).toEqual({ pages: [{ items: [other, { id: 1, name: "New", version: 4, "firm.name": "A" }], next: null }], pageParams: [""] });
});
