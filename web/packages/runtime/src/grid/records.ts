import type { Form } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { besideOf, fieldOf } from "../fields";
import { useRuntime } from "../runtime";
import type { Shown } from "./columns";
import type { Range } from "./placed";

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
  /** Only what stands there in the whole list. */
  part?: Range;
  enabled?: boolean;
}

/** What a list is asked for: its columns, and what stands beside them in another field. */
export const fieldsFor = (columns: Pick<Shown, "field" | "name">[], also = ""): string[] => [...new Set([...columns.flatMap((each) => [each.name, besideOf(each.field, each.name) ?? each.name]), ...(also ? [also] : [])])];

/** Whoever goes on scrolling wants more at once. */
const LATER = 200;

/** Records by keyset: the next page goes on where the last one ended, whatever was added meanwhile. */
export function useRecords({ form, fields, part, ...options }: Listing) {
  const { client, app } = useRuntime();
  const whole = fields.flatMap((name) => [name, besideOf(fieldOf(app, form, name), name) ?? name]);
  const asked = { view: options.view, where: options.where, filter: options.filter, search: options.search, sort: options.sort, limit: options.limit ?? 50, fields: [...new Set(whole)].join(",") };
  const room = part ? part.last - part.first : Infinity;
  const query = useInfiniteQuery({
    queryKey: ["records", form.name, asked, options.sum, part],
    queryFn: ({ pageParam: { after, read }, signal }) => {
      const limit = Math.min(room - read, after === "" ? asked.limit : Math.max(asked.limit, options.limit ? 0 : LATER));
      return client.list(form.name, { ...asked, limit, ...(after === "" ? { skip: part?.first || undefined, count: part === undefined && options.count !== false, sum: options.sum } : { after }) }, { signal });
    },
    initialPageParam: { after: "", read: 0 },
    getNextPageParam: (page, _, { read }) => (page.next && read + page.items.length < room ? { after: page.next, read: read + page.items.length } : undefined),
    placeholderData: (before) => before,
    enabled: options.enabled,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  return { ...query, items, total: first?.count, sums: first?.sums };
}

export type Records = ReturnType<typeof useRecords>;
