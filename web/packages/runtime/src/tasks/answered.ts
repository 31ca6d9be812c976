import { describe, link } from "@lowcode/kit";
import type { QueryClient } from "@tanstack/react-query";
import { decided } from "./open";

/** This person decided: whoever stood at one of them stands before what is left, and the first of it follows. */
export function answered(queries: QueryClient, ids: number[]): void {
  if (ids.some((id) => location.hash === link(["tasks", "open", id]))) describe(link(["tasks", "open"]));
  decided(queries, ids);
}
