import type { Field } from "@lowcode/protocol";
import { blank } from "../fields";
import { widgetOf, type ShowProps } from "../widgets";

/** A value in a table or on a card. */
export function Cell({ field, value, beside, source }: { field: Field; value: unknown; beside?: unknown; source?: ShowProps["source"] }) {
  if (blank(value)) return <span className="lc-blank" aria-hidden="true">—</span>;
  const { Show } = widgetOf(field.type);
  return <Show field={field} value={value} beside={beside} source={source} dense />;
}
