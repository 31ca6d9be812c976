import { Nothing, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { blank, shown } from "../fields";
import { Cell } from "../grid/cell";
import { widgetOf, type ShowProps } from "../widgets";

interface LinesProps {
  field: Field;
  rows: Values[];
  source?: ShowProps["source"];
  /** How the record reaches the rows: `items`, `groups.items`. */
  way?: string;
}

/** Rows of a record, to be read: a table, or one block under the other on a phone and where rows have rows. */
export function LinesTable({ field, rows, source, way = field.name }: LinesProps) {
  const { w, t } = useSpeech();
  const narrow = useNarrow();
  const fields = (field.fields ?? []).filter((each) => !each.system && !each.hidden);
  if (rows.length === 0) return <Nothing small title={t("noRows")} />;
  const of = (row: Values) => source && row["id"] != null ? { ...source, row: Number(row["id"]), way } : undefined;
  if (narrow || fields.some((each) => each.type === "lines")) return <Blocks field={field} fields={fields} rows={rows} source={source} way={way} />;
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
                <td key={each.name} style={{ textAlign: widgetOf(shown(each).type).align, minWidth: widgetOf(shown(each).type).align ? undefined : 96 }}>
                  <Cell field={each} value={row[each.name]} beside={each.currency_from ? row[each.currency_from] : undefined} source={of(row)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Rows as blocks: what each says of itself, then the rows it has. */
function Blocks({ field, fields, rows, source, way }: Required<Pick<LinesProps, "field" | "rows" | "way">> & { fields: Field[]; source?: ShowProps["source"] }) {
  const { w } = useSpeech();
  return (
    <div className="lc-lines-blocks">
      {rows.map((row, index) => (
        <section key={String(row["id"] ?? index)} className="lc-lines-block" aria-label={`${w(field.title) || field.name} ${index + 1}`}>
          <dl>
            {fields
              .filter((each) => each.type !== "lines")
              .map((each) => (
                <div key={each.name}>
                  <dt>{w(each.title) || each.name}</dt>
                  <dd>{blank(row[each.name]) ? <span className="lc-blank">—</span> : <Cell field={each} value={row[each.name]} beside={each.currency_from ? row[each.currency_from] : undefined} source={source && row["id"] != null ? { ...source, row: Number(row["id"]), way } : undefined} />}</dd>
                </div>
              ))}
          </dl>
          {fields
            .filter((each) => each.type === "lines")
            .map((each) => (
              <LinesTable key={each.name} field={each} rows={Array.isArray(row[each.name]) ? (row[each.name] as Values[]) : []} source={source} way={`${way}.${each.name}`} />
            ))}
        </section>
      ))}
    </div>
  );
}
