import type { Field, Form, StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRuntime } from "../runtime";

/** Which records of a lane cannot be moved whatever the lane, and why; one question for all of them. */
export function useFixed(form: Form, field: Field, records: StoredRecord[]): Map<number, string> {
  const { client } = useRuntime();
  const ids = records.map((each) => each.id);
  const found = useQuery({
    queryKey: ["records", form.name, "fixed", field.name, ids],
    queryFn: () => client.run<{ items: { id: number; message: string }[] }>("records.fixed", { type: form.name, ids, field: field.name }),
    enabled: ids.length > 0 && form.permissions["edit"] === true && !field.read_only,
    placeholderData: (before) => before,
  });
  return useMemo(() => new Map((found.data?.items ?? []).map((each) => [each.id, each.message])), [found.data]);
}
