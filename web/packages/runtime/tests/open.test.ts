import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { decided } from "../src/tasks/open";

test("what was decided is taken off the lists, and off what they count on every page", () => {
  const items = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const counts = { open: 60, copied: 5 };
  const queries = new QueryClient();
  queries.setQueryData(["tasks", "open"], { pages: [{ items, next: "3", counts }, { items: [{ id: 4 }], next: null, counts }], pageParams: ["", "3"] });
  queries.setQueryData(["tasks", "count"], { items, next: "3", counts });
  decided(queries, [2, 4]);
  const left = { open: 58, copied: 5 };
  expect(queries.getQueryData(["tasks", "open"])).toEqual({ pages: [{ items: [{ id: 1 }, { id: 3 }], next: "3", counts: left }, { items: [], next: null, counts: left }], pageParams: ["", "3"] });
  expect(queries.getQueryData(["tasks", "count"])).toEqual({ items: [{ id: 1 }, { id: 3 }], next: "3", counts: left });
});
