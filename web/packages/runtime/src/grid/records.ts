import type { Form } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRuntime } from "../runtime";
import { besideOf } from "./cell";
import type { Shown } from "./columns";

export interface Listing {
  form: Form;
  view?: string;
  where?: string;
  filter?: string;
  search?: string;
  sort?: string;
  fields: string[];
  limit?: number;
  count?: boolean;
  sum?: string;
  /** What stands there stays, while somebody works in it. */
  held?: boolean;
}

/** What a list is asked for: its columns, and what stands beside them in another field. */
export const fieldsFor = (columns: Pick<Shown, "field" | "name">[], also = ""): string[] => [...new Set([...columns.flatMap((each) => [each.name, besideOf(each) ?? each.name]), ...(also ? [also] : [])])];

/** Whoever goes on scrolling wants more at once. */
const LATER = 200;

/** Records by keyset: the next page goes on where the last one ended, whatever was added meanwhile. */
export function useRecords({ form, fields, ...options }: Listing) {
  const { client } = useRuntime();
  const asked = { view: options.view, where: options.where, filter: options.filter, search: options.search, sort: options.sort, limit: options.limit ?? 50, fields: fields.join(",") };
  const query = useInfiniteQuery({
    queryKey: ["records", form.name, asked, options.sum],
    queryFn: ({ pageParam, signal }) => client.list(form.name, { ...asked, ...(pageParam === "" ? {} : { limit: Math.max(asked.limit, options.limit ? 0 : LATER) }), ...(pageParam === "" ? { count: options.count !== false, sum: options.sum } : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
    enabled: (each) => options.held !== true || each.state.data === undefined,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  return { ...query, items, total: first?.count, sums: first?.sums };
}

export type Records = ReturnType<typeof useRecords>;
