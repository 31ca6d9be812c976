import { useSpeech } from "@lowcode/kit";
import { LinesTable } from "../detail/lines";
import type { ShowProps, Widget } from "./widget";

function Lines({ field, value, dense, source }: ShowProps) {
  const { t } = useSpeech();
  const rows = value as Record<string, unknown>[];
  if (dense) return <span className="lc-number">{t(rows.length === 1 ? "oneRecord" : "records", { count: rows.length })}</span>;
  return <LinesTable field={field} rows={rows} source={source} />;
}

/** Rows inside a record, shown as a table. */
export const lines: Widget = { Show: Lines, width: 110, wide: true };
