import { link, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useRuntime } from "../runtime";

/** A decision table, and the documents that name it. */
export interface TableLine {
  table: string;
  title: Text;
  form: string | null;
  hit: string;
  rows: number;
  used_by: { kind: string; name: string; title: Text }[];
}

/** `rested`: for so long an answer is good enough. */
export function useTables(enabled = true, rested = 0) {
  const { client } = useRuntime();
  return useQuery({ queryKey: ["tables"], queryFn: () => client.run<{ items: TableLine[] }>("rules.tables", {}), staleTime: rested, enabled });
}

/** The decision tables that a rule or flow asks, each with the way to it; nothing for whoever may not design. */
export function TablesOf({ kind, name }: { kind: string; name: string }) {
  const { session } = useRuntime();
  const { t, w } = useSpeech();
  const found = useTables(session.actor.administrator === true, 30_000);
  const asked = (found.data?.items ?? []).filter((each) => each.used_by.some((one) => one.kind === kind && one.name === name));
  if (asked.length === 0) return null;
  return <span>{t("tableSheet")}: {asked.map((each, place) => <span key={each.table}>{place > 0 && ", "}<a href={link(["tables", each.table])}>{w(each.title)}</a></span>)}</span>;
}
