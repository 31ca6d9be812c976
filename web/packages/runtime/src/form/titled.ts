import { isReference, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { shown } from "../fields";

/** By what somebody knows a record again that has no number yet: its label, or else the first words and links in it. */
export function titleOf(form: Form, record: StoredRecord | null, values: Values): string {
  if (record) return record._label;
  const label = form.fields.filter((field) => field.name === form.label);
  const others = form.fields.filter((field) => field.name !== form.label && ["text", "long_text", "link"].includes(shown(field).type));
  const words = [...label, ...others].map((field) => values[field.name]).map((value) => (isReference(value) ? value.label : typeof value === "string" ? value : "")).filter(Boolean);
  return words.slice(0, 2).join(" · ").slice(0, 120);
}
