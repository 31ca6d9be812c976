import { recordLink, useSpeech } from "@lowcode/kit";
import { isReference, type Field, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useRecords, type Records } from "../grid/records";
import { useRuntime } from "../runtime";

/** One person, room, machine …: a value of the field that a view of resources has its rows by. */
export interface Row {
  key: string;
  name: string;
  value: unknown;
  color?: string;
  href?: string;
  person?: boolean;
}

/** The row of the records in which nothing was chosen. */
export const NOBODY = "";
/** So many people are rows at once; whoever else has records is a row as well. */
const PEOPLE = 500;
const AT_ONCE = 50;

export const keyOf = (value: unknown): string => (isReference(value) ? String(value.id) : value == null ? NOBODY : String(value));

interface Rows {
  rows: Row[];
  pending: boolean;
  error: unknown;
  refetch: () => void;
  /** The records that are rows, where there may be more. */
  more?: Records;
}

/** The rows of a view of resources: every value that can be chosen, whether it has records or not, and every other that
 * records have. */
export function useRows(form: Form, field: Field, records: readonly StoredRecord[]): Rows {
  const { app, client } = useRuntime();
  const { t, w } = useSpeech();
  const target = field.type === "link" ? app.forms[field.to ?? ""] : undefined;
  const asked = field.type === "member" ? "identity.people" : field.type === "department" ? "identity.departments" : null;
  const known = useQuery({
    queryKey: [asked === "identity.people" ? "people" : "departments", "rows"],
    queryFn: () => client.run<{ items: { id: number; label: string }[] }>(asked!, asked === "identity.people" ? { limit: PEOPLE } : {}),
    enabled: asked !== null,
    staleTime: 300_000,
  });
  const linked = useRecords({ form: target ?? form, where: target ? field.offered : undefined, fields: ["id"], limit: AT_ONCE, count: false, enabled: target !== undefined });
  const rows = useMemo(() => {
    const found: Row[] = [];
    const one = (id: number, label: string): Row => ({ key: String(id), name: label, value: { id, label }, href: target && recordLink(target.name, id), person: field.type === "member" });
    if (!field.required && !field.states && !field.system) found.push({ key: NOBODY, name: t("resourceNobody"), value: null });
    for (const { name, title, color } of field.states ?? field.options ?? []) found.push({ key: name, name: w(title) || name, value: name, color });
    for (const { id, label } of known.data?.items ?? []) found.push(one(id, label));
    if (target) for (const { id, _label } of linked.items) found.push(one(id, _label));
    const keys = new Set(found.map((each) => each.key));
    for (const record of records) {
      const value = record[field.name];
      const key = keyOf(value);
      if (keys.has(key)) continue;
      keys.add(key);
      found.push(isReference(value) ? one(value.id, value.label) : { key, name: key || t("resourceNobody"), value: value ?? null });
    }
    return found;
  }, [field, known.data, linked.items, records, t, target, w]);
  const query = target ? linked : known;
  return { rows, pending: (asked !== null || target !== undefined) && query.isPending, error: query.error, refetch: () => void query.refetch(), more: target && linked };
}
