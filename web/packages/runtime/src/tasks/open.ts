import { useQuery, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { settled } from "../changed";
import { useRuntime } from "../runtime";
import type { Tasks } from "./line";

/** So many of them stand on the page somebody begins at. */
const FIRST = 3;

/** What waits for this person: how many, and the first of them. The menu and the page somebody begins at ask once. */
export function useOpenTasks() {
  const { client } = useRuntime();
  const query = useQuery({ queryKey: ["tasks", "count"], queryFn: () => client.run<Tasks>("flows.list_tasks", { state: "open", limit: FIRST }), refetchInterval: 60_000 });
  return { count: query.data?.counts?.open ?? 0, first: query.data?.items ?? [] };
}

/** The list says what the menu and the page somebody begins at show of it. */
export const counted = (queries: QueryClient, page: Tasks): void => void queries.setQueryData<Tasks>(["tasks", "count"], { ...page, items: page.items.slice(0, FIRST) });

/** What was decided waits no more and is not counted, before the lists are asked again. */
export function decided(queries: QueryClient, ids: number[]): void {
  const without = (page: Tasks): Tasks => ({
    ...page,
    items: page.items.filter((each) => !ids.includes(each.id)),
    ...(page.counts && { counts: { ...page.counts, open: Math.max(0, (page.counts["open"] ?? 0) - ids.length) } }),
  });
  queries.setQueryData<InfiniteData<Tasks>>(["tasks", "open"], (before) => before && { ...before, pages: before.pages.map(without) });
  queries.setQueryData<Tasks>(["tasks", "count"], (before) => before && without(before));
  void settled(queries);
}
