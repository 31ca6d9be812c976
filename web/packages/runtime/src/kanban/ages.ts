import type { Field, Form, Standing, StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRuntime } from "../runtime";

/** For how long the records of a lane have stood there, where its state has a limit; one question for all of them. */
export function useAges(form: Form, field: Field, lane: string, records: StoredRecord[]): Map<number, Standing> {
  const { client } = useRuntime();
  const limited = field.states?.find((each) => each.name === lane)?.limit !== undefined;
  const ids = records.map((each) => each.id);
  const found = useQuery({
    queryKey: ["records", form.name, "standing", field.name, ids],
    queryFn: () => client.run<{ items: (Standing & { id: number })[] }>("records.standing", { type: form.name, ids, field: field.name }),
    enabled: limited && ids.length > 0,
  });
  return useMemo(() => new Map((found.data?.items ?? []).map((each) => [each.id, each])), [found.data]);
}
