import { recordLink } from "@lowcode/kit";
import type { Field, Form, StoredRecord } from "@lowcode/protocol";
import { besideIn, blank } from "../fields";
import { widgetOf, type ShowProps } from "../widgets";
import type { Column } from "./columns";

/** A value in a table or on a card. */
export function Cell({ field, value, beside, source }: { field: Field; value: unknown; beside?: unknown; source?: ShowProps["source"] }) {
  if (blank(value)) return <span className="lc-blank" aria-hidden="true">—</span>;
  const { Show } = widgetOf(field.type);
  return <Show field={field} value={value} beside={beside} source={source} dense />;
}

/** A value of a record in its column; what the record is called leads to it. */
export function ColumnCell({ form, column, record, values }: { form: Form; column: Column; record: StoredRecord; values: Record<string, unknown> }) {
  const { field, name, first } = column;
  const value = values[name];
  if (first)
    return (
      <a className="lc-first" href={recordLink(form.name, record.id)}>
        {field.type === "link" || blank(value) ? record._label : <Cell field={field} value={value} />}
      </a>
    );
  return <Cell field={field} value={value} beside={besideIn(field, name, values)} />;
}
