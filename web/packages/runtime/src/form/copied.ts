import type { Client, Field, Form, StoredRecord, Values } from "@lowcode/protocol";

/** What a new record takes from another, and what of that one stays behind. */
export interface Copied {
  label: string;
  preset: Values;
  left: { field: string; why: string }[];
  /** There is more in this form than this person sees. */
  hidden: boolean;
}

export async function copyOf(client: Client, form: Form, id: number): Promise<Copied> {
  const [record, { values, left, hidden }] = await Promise.all([
    client.get(form.name, id),
    client.run<{ values: Values; left: Copied["left"]; hidden: boolean }>("records.copy", { type: form.name, id }),
  ]);
  return { label: record._label, preset: asRead(form.fields, record, values), left, hidden };
}

/** The values that are taken, with the labels of links and the names of files, as the record was read. */
export function asRead(fields: Field[], record: Values | StoredRecord, taken: Values): Values {
  const out: Values = {};
  for (const field of fields) {
    if (!(field.name in taken)) continue;
    const read = record[field.name];
    out[field.name] = field.type === "lines" && Array.isArray(read)
      ? read.map((row: Values, index) => asRead(field.fields ?? [], row, (taken[field.name] as Values[])[index] ?? {}))
      : (read ?? null);
  }
  return out;
}

