import type { Field, Form, StoredRecord } from "@lowcode/protocol";
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRuntime } from "../runtime";

/** So many records are asked about at once; the server takes a thousand. */
const MOST = 500;

type Answer = { items: { id: number }[] };

/** The records of a lane in the pieces they came in: what was asked about one is not asked again when the next comes. */
export const piecesOf = (pages: StoredRecord[][]): number[][] =>
  pages.flatMap((page) => Array.from({ length: Math.ceil(page.length / MOST) }, (_, at) => page.slice(at * MOST, (at + 1) * MOST).map((each) => each.id)));

const joined = (results: UseQueryResult<Answer>[]) => new Map(results.flatMap((each) => each.data?.items ?? []).map((each) => [each.id, each]));

/** What an operation says of the records of a lane by a field, by their ids. */
export function usePieces<Item extends { id: number }>(operation: "fixed" | "standing", form: Form, field: Field, pages: StoredRecord[][], enabled: boolean): Map<number, Item> {
  const { client } = useRuntime();
  const pieces = useMemo(() => piecesOf(pages), [pages]);
  return useQueries({
    queries: pieces.map((ids) => ({
      queryKey: ["records", form.name, operation, field.name, ids],
      queryFn: () => client.run<Answer>(`records.${operation}`, { type: form.name, ids, field: field.name }),
      enabled,
      placeholderData: (before: Answer | undefined) => before,
    })),
    combine: joined,
  }) as Map<number, Item>;
}
