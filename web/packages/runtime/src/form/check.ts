import type { Speech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { blank, calculated } from "../fields";
import type { Filling } from "./filling";
import { rowsOf } from "./live";

/** What can be seen to be wrong before the server is asked. */
export function check({ form, draft, live, rules }: Filling, { t, w }: Speech): Record<string, string> {
  const errors: Record<string, string> = {};
  const needed = (field: Field, value: unknown, pointer: string) => {
    const conditions = live.conditions[pointer];
    if (conditions?.visible === false || !conditions?.required || calculated(field) || field.type === "state" || field.type === "boolean") return;
    if (conditions.readOnly && draft.record === null) return;
    if (blank(value)) errors[pointer] = t("required", { name: w(field.title) || field.name });
  };
  const inRows = (lines: Field, values: Values, at: string) =>
    rowsOf(values, lines).forEach((row, index) => {
      for (const each of lines.fields ?? []) {
        needed(each, row[each.name], `${at}/${index}/${each.name}`);
        if (each.type === "lines") inRows(each, row, `${at}/${index}/${each.name}`);
      }
    });
  for (const field of form.fields) {
    if (field.system) continue;
    needed(field, live.values[field.name], field.name);
    if (field.type === "lines") inRows(field, live.values, field.name);
  }
  for (const name of rules.broken(live.values)) {
    const found = form.checks?.find((each) => each.name === name);
    if (found?.message) errors[found.field ?? ""] ??= w(found.message);
  }
  return errors;
}
