import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import { changed, keepsRecord, listening, ofRecord, ours, renewed, saved, settled, showsFlow, showsRecord } from "../src/changed";
import { elsewhere } from "../src/kanban/columns";

let queries: QueryClient;
const stale = (): string[] => queries.getQueryCache().getAll().filter((each) => each.state.isInvalidated).map((each) => each.queryKey.join("/"));
const put = (...keys: QueryKey[]) => keys.forEach((key) => queries.setQueryData(key, {}));

beforeEach(() => {
  queries = new QueryClient();
  listening(false);
});

describe("after a change", () => {
  beforeEach(() => put(["application"], ["boards"], ["hours", "2026-11-02", "2026-11-08"], ["views", "account"], ["record", "account", 1], ["records", "account", {}], ["tasks", "count"], ["notifications"]));

  it("asks again for everything that a record can change", async () => {
    await changed(queries);
    expect(stale()).toEqual(["record/account/1", "records/account/[object Object]", "tasks/count", "notifications"]);
  });

  it("asks for tasks and notices after a save only where the server cannot be listened to", async () => {
    await renewed(queries);
    expect(stale()).toContain("tasks/count");
    queries.clear();
    put(["record", "account", 1], ["tasks", "count"], ["notifications"]);
    listening(true);
    await renewed(queries);
    expect(stale()).toEqual(["record/account/1"]);
  });

  it("leaves alone what a save did not touch", async () => {
    await renewed(queries, ({ queryKey }) => queryKey[0] === "records");
    expect(stale()).toEqual(["record/account/1", "tasks/count", "notifications"]);
  });

  it("marks after a decision what may be old, and asks for nothing while the server tells", async () => {
    listening(true);
    await settled(queries);
    expect(stale()).toContain("tasks/count");
    expect(stale()).not.toContain("boards");
  });
});

const of = (queryKey: QueryKey, data: unknown = {}) => {
  queries.setQueryData(queryKey, data);
  return queries.getQueryCache().find({ queryKey })!;
};

describe("what the server told", () => {
  it("is no news where this page did it", () => {
    saved("account", 1, 4);
    expect([3, 4, 5, null].map((version) => ours({ form: "account", id: 1, version }))).toEqual([true, true, false, false]);
    expect(ours({ form: "account", id: 2, version: 1 })).toBe(false);
  });

  it.each<[string, QueryKey, boolean]>([
    ["a list", ["records", "account", {}], true],
    ["a list of another form, which may show it", ["records", "contact", {}], true],
    ["a board", ["records", "dashboard", "en"], true],
    ["the record", ["record", "account", 1], true],
    ["another one", ["record", "account", 2], false],
    ["one of another form, which may count it", ["record", "contact", 2], true],
    ["its happenings", ["timeline", "account", 1], true],
    ["those of another", ["timeline", "account", 2], false],
    ["what its card may", ["records", "account", "fixed", "stage", [1, 2]], true],
    ["what other cards may", ["records", "account", "fixed", "stage", [2, 3]], false],
    ["what cards of another form may", ["records", "contact", "standing", "stage", [1]], false],
    ["tasks", ["tasks", "count"], false],
  ])("about a record: %s", (_, queryKey, expected) => expect(showsRecord({ queryKey }, { form: "account", id: 1 })).toBe(expected));

  it.each<[string, QueryKey, unknown, boolean]>([
    ["the flows of the record", ["flows", "quote", 1], {}, true],
    ["those of another", ["flows", "quote", 2], {}, false],
    ["what comes in it", ["flows", "ahead", 7, {}], {}, true],
    ["what comes in another", ["flows", "ahead", 8, {}], {}, false],
    ["the list of flows", ["flows", "list"], {}, true],
    ["a task about it", ["task", "task", 5], { record: { form: "quote", id: 1 } }, true],
    ["a task about another", ["task", "task", 6], { record: { form: "quote", id: 2 } }, false],
    ["a list of records", ["records", "quote", {}], {}, false],
  ])("about a flow: %s", (_, queryKey, data, expected) => expect(showsFlow(of(queryKey, data), { form: "quote", id: 1, instance: 7 })).toBe(expected));

  it("is asked for among favourites that name the record", () => {
    const kept = of(["favourites"], { items: [{ form: "account", record: 1, view: null, label: "A" }] });
    expect([1, 2].map((id) => keepsRecord(kept, { form: "account", id }))).toEqual([true, false]);
  });
});

it("a card that goes from lane to lane leaves the other lanes alone", () => {
  const field = { name: "stage", type: "state" } as Parameters<typeof elsewhere>[1];
  const asked = (where: string): QueryKey => ["records", "task", { where }];
  const lanes: [QueryKey, boolean][] = [
    [asked('stage = "open"'), false],
    [asked('stage = "doing" and owner = me'), false],
    [asked('stage = "done"'), true],
    [["records", "task", "fixed", "stage", [1]], true],
    [["records", "task", "standing", "stage", [1]], true],
    [["records", "task", "whole", {}], false],
    [["records", "task", "groups", "stage", "all"], false],
    [["records", "dashboard", "en"], false],
    [["record", "task", 1], false],
  ];
  expect(lanes.map(([key]) => elsewhere("task", field, ["open", "doing"], key))).toEqual(lanes.map(([, expected]) => expected));
});

it("leaves alone what is read of a record that is gone, and asks for that of another form with its number", async () => {
  put(["record", "account", 1], ["flows", "account", 1], ["paper-use", "links", "account", 1], ["score", "grade", 1], ["record", "contact", 1], ["flows", "ahead", 1, {}]);
  await renewed(queries, ofRecord("account", 1));
  expect(stale()).toEqual(["record/contact/1", "flows/ahead/1/[object Object]"]);
});
