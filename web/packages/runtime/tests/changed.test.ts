import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { changed } from "../src/changed";

describe("after a change", () => {
  it("asks again for everything but what the app is", async () => {
    const queries = new QueryClient();
    for (const key of [["application"], ["record", "account", 1], ["tasks", "count"]]) queries.setQueryData(key, {});
    await changed(queries);
    const stale = queries.getQueryCache().getAll().filter((each) => each.state.isInvalidated).map((each) => each.queryKey);
    expect(stale).toEqual([["record", "account", 1], ["tasks", "count"]]);
  });
});
