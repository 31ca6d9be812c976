import type { StoredRecord, Values } from "@lowcode/protocol";
import type { QueryClient } from "@tanstack/react-query";
import { saved as noted } from "../changed";

/** What has been read of a record stands as it was saved, before it is read again: in its page and in every list, whose
 * rows stay where they are. */
export function known(queries: QueryClient, form: string, saved: StoredRecord): void {
  queries.setQueriesData({ queryKey: ["records", form] }, (data: unknown) => listed(data, saved));
  queries.setQueryData<StoredRecord>(["record", form, saved.id], (before) => before && newer(before, saved));
  noted(form, saved.id, saved.version);
}

/** What a person may do with a record comes only with reading it; the steps that were offered go with the state it had. */
function newer(before: StoredRecord, saved: StoredRecord): StoredRecord {
  const record = { ...before, ...saved };
  const transitions = before._meta?.transitions;
  if (!transitions) return record;
  const still = Object.entries(transitions).filter(([name]) => record[name] === before[name]);
  return { ...record, _meta: { ...before._meta, transitions: Object.fromEntries(still) } };
}

function listed(data: unknown, saved: StoredRecord): unknown {
  if (typeof data !== "object" || data === null) return data;
  if ("pages" in data) return { ...data, pages: (data.pages as unknown[]).map((page) => listed(page, saved)) };
  if (!("items" in data) || !Array.isArray(data.items) || !data.items.some((each: StoredRecord) => each.id === saved.id)) return data;
  return { ...data, items: data.items.map((each: StoredRecord) => (each.id === saved.id ? merged(each, saved) : each)) };
}

/** A row of a list holds its columns, and no more. */
const merged = (row: Values, saved: Values): Values => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name in saved ? saved[name] : value]));
