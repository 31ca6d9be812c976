import type { RecordPage, StoredRecord } from "@lowcode/protocol";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useRuntime } from "../runtime";
import type { Range } from "./placed";
import type { Listing } from "./records";

const BLOCK = 100;
/** Who drags the bar through a list wants to read where they let it go. */
const PAUSE = 90;
/** Who scrolls comes so many rows later to what is read now. */
const AHEAD = 60;
/** For so long what was scrolled past is remembered. */
const REMEMBERED = 60_000;

/** A list of which any part can be read. */
export interface Source {
  count: number;
  total: RecordPage["count"];
  /** A record, if it has been read. */
  at: (index: number) => StoredRecord | undefined;
  read: StoredRecord[];
  pending: boolean;
  fetching: boolean;
  error: unknown;
  refetch: () => void;
}

/** Blocks that are in sight, once somebody has stopped dragging. */
function useWanted(ranges: Range[]): number[] {
  const blocks = [...new Set(ranges.flatMap(({ first, last }) => {
    const from = Math.floor(first / BLOCK);
    return Array.from({ length: Math.max(from, Math.ceil(last / BLOCK) - 1) - from + 1 }, (_, index) => from + index);
  }))];
  const said = blocks.join();
  const [settled, setSettled] = useState(said);
  const read = useMemo(() => (settled === "" ? [] : settled.split(",").map(Number)), [settled]);
  const near = blocks.some((each) => read.some((other) => Math.abs(each - other) <= 1));
  useEffect(() => {
    if (settled === said) return;
    const timer = setTimeout(() => setSettled(said), near ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [said, near, settled]);
  return read;
}

/** Records by blocks: the next one goes on where the last ended, another is counted from the nearest place that is known
 * (decision 0086). `held`: what stands there stays, while somebody works in it. `sum`: how many there are, where that
 * has been counted already. */
export function useBlocks({ form, fields, ...options }: Listing, ranges: Range[], held: boolean, sum?: number): Source {
  const { client } = useRuntime();
  const asked = { view: options.view, where: options.where, filter: options.filter, search: options.search, sort: options.sort, fields: fields.join(",") };
  const key = ["records", form.name, "blocks", asked];
  const said = JSON.stringify(key);
  /** Where a block begins: what the server calls the place before it. */
  const places = useRef({ said: "", known: new Map<number, string>() });
  if (places.current.said !== said) places.current = { said, known: new Map() };
  const known = places.current.known;

  const load = async (block: number, signal: AbortSignal): Promise<RecordPage> => {
    let from = block;
    while (from > 0 && !known.has(from)) from -= 1;
    const skip = (block - from) * BLOCK;
    const page = await client.list(form.name, { ...asked, limit: BLOCK, after: known.get(from), skip: skip || undefined, count: block === 0 && sum === undefined }, { signal });
    if (page.next) known.set(block + 1, page.next);
    return page;
  };
  const enabled = (query: { state: { data: unknown } }) => !held || query.state.data === undefined;
  const head = useQuery({
    queryKey: [...key, 0],
    queryFn: ({ signal }) => {
      known.clear(); // who reads the beginning anew counts anew
      return load(0, signal);
    },
    placeholderData: (before: RecordPage | undefined) => before,
    enabled,
  });
  const capped = sum === undefined && head.data?.count?.capped === true && !head.isPlaceholderData;
  const whole = useQuery({
    queryKey: ["records", form.name, "whole", { ...asked, sort: "", fields: "id" }],
    queryFn: ({ signal }) => client.list(form.name, { ...asked, sort: "", fields: "id", limit: 1, count: "whole" }, { signal }),
    enabled: (query) => capped && enabled(query),
    staleTime: REMEMBERED,
  });
  const total = sum !== undefined ? { value: sum, capped: false } : capped && whole.data ? whole.data.count : head.data?.count;
  const counted = total?.value ?? 0;
  const settled = useWanted(ranges);
  // What comes next is read before it is in sight, where that is a page like any other and no jump.
  const next = ranges.map(({ last }) => Math.floor((last + AHEAD) / BLOCK)).filter((block) => settled.includes(block - 1) && known.has(block));
  const wanted = [...new Set([...settled, ...next])].filter((block) => block > 0 && block * BLOCK < counted);
  const blocks = useQueries({
    queries: wanted.map((block) => ({
      queryKey: [...key, block],
      queryFn: ({ signal }: { signal: AbortSignal }) => load(block, signal),
      gcTime: REMEMBERED,
      enabled: (query: { state: { data: unknown } }) => !head.isPlaceholderData && head.data !== undefined && enabled(query),
    })),
  });
  const pages = useMemo(
    () => new Map<number, RecordPage>([...(head.data ? [[0, head.data] as const] : []), ...wanted.flatMap((block, index) => (blocks[index]?.data ? [[block, blocks[index].data] as const] : []))]),
    // What the queries hold, not the answers' objects, which are new every time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [head.data, wanted.join(), ...[blocks.map((each) => each.dataUpdatedAt).join()]],
  );
  // Where the last row stands is known when it has been read; until then it is what was counted, some time ago.
  const ended = [...pages].find(([, page]) => page.next === null);
  const count = ended ? Math.min(counted, ended[0] * BLOCK + ended[1].items.length) : counted;
  return {
    count,
    total,
    at: (index) => pages.get(Math.floor(index / BLOCK))?.items[index % BLOCK],
    read: [...pages.values()].flatMap((page) => page.items),
    pending: head.isPending,
    fetching: head.isFetching || blocks.some((each) => each.isFetching),
    error: head.error ?? blocks.find((each) => each.error)?.error ?? null,
    refetch: () => void head.refetch(),
  };
}
