import { Nothing, useSpeech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { shown } from "../fields";
import { Cell } from "../grid/cell";
import { widgetOf } from "../widgets";

/** Rows of a record, to be read. */
export function LinesTable({ field, rows }: { field: Field; rows: Values[] }) {
  const { w, t } = useSpeech();
  const fields = (field.fields ?? []).filter((each) => !each.system && !each.hidden);
  if (rows.length === 0) return <Nothing small title={t("noRows")} />;
  return (
    <div className="lc-lines-scroll" tabIndex={0} role="group" aria-label={w(field.title)}>
      <table className="lc-lines-read">
        <thead>
          <tr>
            {fields.map((each) => (
              <th key={each.name} scope="col" style={{ textAlign: widgetOf(shown(each).type).align }}>
                {w(each.title) || each.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={String(row["id"] ?? index)}>
              {fields.map((each) => (
                <td key={each.name} style={{ textAlign: widgetOf(shown(each).type).align, minWidth: widgetOf(shown(each).type).align ? undefined : 112 }}>
                  <Cell field={each} value={row[each.name]} beside={each.currency_from ? row[each.currency_from] : undefined} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
