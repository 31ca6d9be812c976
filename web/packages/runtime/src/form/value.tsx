import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { blank, shown } from "../fields";
import { widgetOf } from "../widgets";

/** A value where it is compared with another: whole, and said to be blank when it is. */
export function Value({ field, value, beside }: { field: Field; value: unknown; beside?: unknown }) {
  const { t } = useSpeech();
  if (blank(value)) return <span className="lc-quiet">{t("blank")}</span>;
  if (field.type === "lines") return <>{t("linesCount", { count: (value as unknown[]).length })}</>;
  const { Show } = widgetOf(shown(field).type);
  return <Show field={field} value={value} beside={beside} dense />;
}
