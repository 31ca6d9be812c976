import type { Field } from "@lowcode/protocol";
import { blank } from "../fields";
import { widgetOf } from "../widgets";

/** A value in a table or on a card. */
export function Cell({ field, value, beside }: { field: Field; value: unknown; beside?: unknown }) {
  if (blank(value)) return <span className="lc-blank" aria-hidden="true">—</span>;
  const { Show } = widgetOf(field.type);
  return <Show field={field} value={value} beside={beside} dense />;
}
