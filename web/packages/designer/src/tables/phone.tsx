import { link, useSpeech } from "@lowcode/kit";
import type { Node } from "../tree";
import { columnsOf, isOtherwise, rowsOf, shown, textAt } from "./cells";
import { useChoices } from "./known";

/** A decision table on a phone: row by row, to be read. */
export function TableCards({ document }: { document: Node }) {
  const { t, w } = useSpeech();
  const columns = columnsOf(document);
  const titles = useChoices(document, undefined).map((each) => new Map(each.map(({ value, title }) => [value, title])));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <a href={link(["tables"])}>{t("designTables")}</a>
        <div className="lc-head-title"><h1>{w(document["title"] as string) || String(document["name"])}</h1></div>
        <p className="lc-quiet">{t("tableOnPhone")}</p>
      </header>
      <ol className="lc-table-cards">
        {Array.from({ length: rowsOf(document).length + 1 }, (_, row) => {
          const otherwise = isOtherwise(document, row);
          const lines = columns.map((column, at) => ({ column, text: shown(column, textAt(document, columns, { row, column: at }), titles[at]) })).filter(({ column, text }) => text !== "" && text !== "–" && (!otherwise || column.side === "then"));
          if (otherwise && lines.length === 0) return null;
          return (
            <li key={row} className="lc-sheet">
              <h2>{otherwise ? t("tableOtherwise") : t("tableRow", { number: row + 1 })}</h2>
              <dl>
                {lines.map(({ column, text }) => <div key={`${column.side}/${column.name}`} className={column.side === "then" ? "lc-table-answer" : undefined}><dt>{w(column.title) || t("tableNote")}</dt><dd>{text}</dd></div>)}
              </dl>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
