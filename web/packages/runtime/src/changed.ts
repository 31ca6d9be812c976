import type { QueryClient } from "@tanstack/react-query";

/** Something was changed: what is read of records, tasks and notices is asked again. What the app is stays: no record
 * changes it, and reading it anew took longer than all the rest. */
export const changed = (queries: QueryClient): Promise<void> => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "application" });
