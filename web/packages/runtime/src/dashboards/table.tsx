import { useSpeech } from "@lowcode/kit";
import type { Result } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { cellText } from "./cells";
import { Wide } from "./wide";

/** A result as rows; also what a reader of the screen gets instead of a chart. */
export function ResultTable({ result, title, drill }: { result: Result; title: string; drill?: (row: unknown[]) => void }) {
  const speech = useSpeech();
  const { app } = useRuntime();
  const text = (index: number, value: unknown) => cellText(result.columns[index]!, value, speech, app.currency);
  const right = (index: number) => (result.columns[index]!.role === "measure" ? "lc-right" : undefined);
  return (
    <Wide title={title}>
      <table className="lc-plain">
        <thead>
          <tr>
            {result.columns.map((column, index) => (
              <th key={column.name} scope="col" className={right(index)}>
                {speech.w(column.title) || column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, index) => (
                <td key={index} className={right(index)}>
                  {index === 0 && drill ? (
                    <button type="button" className="lc-link" onClick={() => drill(row)}>
                      {text(index, value)}
                    </button>
                  ) : (
                    text(index, value)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {result.totals && (
          <tfoot>
            <tr>
              {result.totals.map((value, index) => (
                <td key={index} className={right(index)}>
                  {index === 0 && value == null ? speech.t("total") : value == null ? "" : text(index, value)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
      {result.capped && <p className="lc-quiet">{speech.t("capped", { count: result.rows.length })}</p>}
      {result.begun?.map(({ dimension, start, compare, from, to }) => (
        <p key={dimension + compare} className="lc-quiet">
          {speech.t(`begun_${compare}`, { period: text(result.columns.findIndex((column) => column.name === dimension), start), from, to })}
        </p>
      ))}
    </Wide>
  );
}
