import type { Form, StoredRecord, Task, Values } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useRuntime } from "../runtime";

/** Kinds whose values are ids until somebody who may read what they name says how it is called. */
const NAMED = new Set(["link", "links", "link_any", "member", "members", "department", "departments", "lines", "attachment", "image", "signature"]);

/** The record a task is about, and its form, without what the step hides. Being asked is a reason to see it: who may
 * not read it otherwise sees what the task itself brings. */
export function useTaskRecord(task: Task): { form?: Form; record?: StoredRecord; waits: boolean } {
  const { client, app } = useRuntime();
  const form = task.record ? app.forms[task.record.form] : undefined;
  const found = useQuery({
    queryKey: ["record", task.record?.form, task.record?.id],
    queryFn: () => client.get(task.record!.form, task.record!.id),
    enabled: form !== undefined,
    retry: false,
  });
  const hidden = new Set(task.hidden ?? []);
  const record = found.data ?? (found.error && form && task.values ? told(form, task.values) : undefined);
  if (!form || !record) return { form, waits: form !== undefined && !found.error };
  return { form, record: (hidden.size > 0 ? without(record, hidden) : record) as StoredRecord, waits: false };
}

function told(form: Form, values: Values): StoredRecord {
  const names = new Set(form.fields.filter((field) => !NAMED.has(field.type) && !field.system).map((field) => field.name));
  return { ...Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name))), id: values["id"] as number, version: values["version"] as number, _label: "" };
}

const without = (record: Values, hidden: Set<string>): Values => Object.fromEntries(Object.entries(record).filter(([name]) => !hidden.has(name)));
