import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Drawer, Dropdown, type MenuProps } from "antd";
import { useState, type ReactNode } from "react";
import { useDesign } from "../design";
import { pathAt, insertRows, isOtherwise, moveRows, removeRows, rowsOf, shown, textAt } from "./cells";
import { OfCell, OfColumn, OfTable, type Sided } from "./side";
import { Trying } from "./trying";
import type { Node, Path } from "../tree";

interface Props extends Sided {
  hits: Set<number>;
  addInput: MenuProps;
  addOutput: MenuProps;
  cases: ReactNode;
  replace: (document: Node, path?: Path | null) => void;
}

/** A decision table on a phone: row by row, each opened from below to be changed. */
export function TableCards(props: Props) {
  const { columns, choices, active, hits, cases, replace } = props;
  const { document, chosen, choose, findings } = useDesign();
  const { t, w } = useSpeech();
  const [sheet, setSheet] = useState<"table" | "try" | null>(null);
  const titles = choices.map((each) => new Map(each.map(({ value, title }) => [value, title])));
  const count = rowsOf(document).length;
  const wrong = (row: number) => findings.filter((each) => each.pointer === `/rules/${row}` || each.pointer.startsWith(`/rules/${row}/`));
  const open = (row: number) => choose(pathAt(document, columns, { row, column: isOtherwise(document, row) ? columns.findIndex((each) => each.side === "then") : 0 }));
  const close = () => (choose(null), setSheet(null));
  const begin = () => replace(insertRows(document, count, [{ when: {}, then: {} }]), pathAt(insertRows(document, count, [{ when: {}, then: {} }]), columns, { row: count, column: 0 }));
  return (
    <div className="lc-table-phone-body">
      <div className="lc-table-tools">
        <Button size="small" onClick={() => (choose(null), setSheet("table"))}>{t("tableOptions")}</Button>
        <Button size="small" onClick={() => (choose(null), setSheet("try"))}>{t("tableTry")}</Button>
        <span className="lc-quiet lc-table-count">{t("tableRows", { count })}</span>
      </div>
      <ol className="lc-table-cards">
        {Array.from({ length: count + 1 }, (_, row) => {
          const otherwise = isOtherwise(document, row);
          const lines = columns.map((column, at) => ({ column, text: shown(column, textAt(document, columns, { row, column: at }), titles[at], t("blank")) })).filter(({ column, text }) => text !== "" && text !== "–" && (!otherwise || column.side === "then"));
          const said = otherwise ? [] : wrong(row);
          return (
            <li key={row} className={`lc-sheet${hits.has(row + 1) && !otherwise ? " lc-table-hit" : ""}`}>
              <button type="button" className="lc-table-card" onClick={() => open(row)}>
                <strong>{otherwise ? t("tableOtherwise") : t("tableRow", { number: row + 1 })}</strong>
                {!otherwise && !lines.some(({ column }) => column.side === "when") && <span className="lc-quiet">{t("tableRowEmpty")}</span>}
                {lines.map(({ column, text }) => <span key={`${column.side}/${column.name}`} className={column.side === "then" ? "lc-table-answer" : undefined}><span className="lc-quiet">{w(column.title) || t("tableNote")}</span> {text}</span>)}
                {said.map((each, place) => <span key={place} className={each.severity === "error" ? "lc-design-wrong" : "lc-design-warned"}>{each.message}</span>)}
              </button>
            </li>
          );
        })}
      </ol>
      <Button block type="dashed" icon={<PlusOutlined />} onClick={begin}>{t("tableAddRow")}</Button>
      {cases}
      <Drawer open={active !== null || sheet !== null || chosen !== null} placement="bottom" size="78%" closable={{ placement: "end" }} title={active ? (isOtherwise(document, active.row) ? t("tableOtherwise") : t("tableRow", { number: active.row + 1 })) : t(sheet === "try" ? "tableTry" : chosen ? "tableColumn" : "tableOptions")} onClose={close} rootClassName="lc-flow-drawer" destroyOnHidden>
        {active ? <OfRow {...props} row={active.row} close={close} /> : sheet === "try" ? <Trying row={null} choices={choices} tried={props.tried} /> : chosen?.length === 2 ? <><Button size="small" onClick={() => choose(null)}>{t("back")}</Button><OfColumn {...props} path={chosen} /></> : <TheTable {...props} />}
      </Drawer>
    </div>
  );
}

/** The cells of one row, one below the other, and what can be done with the row. */
function OfRow({ row, close, ...props }: Props & { row: number; close: () => void }) {
  const { columns, replace } = props;
  const { document } = useDesign();
  const { t } = useSpeech();
  const count = rowsOf(document).length;
  const otherwise = isOtherwise(document, row);
  const at = (next: Node | null, place: number) => next && replace(next, pathAt(next, columns, { row: place, column: 0 }));
  return (
    <>
      {columns.map((column, place) => (otherwise && column.side !== "then" ? null : <OfCell key={`${row} ${column.side} ${column.name}`} {...props} active={{ row, column: place }} among />))}
      {!otherwise && (
        <div className="lc-table-deeds">
          <Button icon={<ArrowUpOutlined />} disabled={row === 0} onClick={() => at(moveRows(document, row, row, -1), row - 1)}>{t("tableRowUp")}</Button>
          <Button icon={<ArrowDownOutlined />} disabled={row === count - 1} onClick={() => at(moveRows(document, row, row, 1), row + 1)}>{t("tableRowDown")}</Button>
          <Button icon={<CopyOutlined />} onClick={() => at(insertRows(document, row + 1, [structuredClone(rowsOf(document)[row]!)]), row + 1)}>{t("tableRowDouble")}</Button>
          <Button danger icon={<DeleteOutlined />} onClick={() => (replace(removeRows(document, row, row), null), close())}>{t("tableRowDrop")}</Button>
        </div>
      )}
    </>
  );
}

/** What holds for the whole table, and its columns. */
function TheTable({ columns, addInput, addOutput }: Props) {
  const { choose } = useDesign();
  const { t, w } = useSpeech();
  return (
    <>
      <OfTable />
      <h3>{t("tableColumns")}</h3>
      <div className="lc-table-deeds">
        {columns.map((column) => column.side !== "note" && <Button key={`${column.side}/${column.name}`} onClick={() => choose(column.path)}>{t(column.side === "when" ? "tableWhen" : "tableThen")}: {w(column.title)}</Button>)}
        <Dropdown trigger={["click"]} menu={addInput}><Button type="dashed" icon={<PlusOutlined />}>{t("tableAddInput")}</Button></Dropdown>
        <Dropdown trigger={["click"]} menu={addOutput}><Button type="dashed" icon={<PlusOutlined />}>{t("tableAddOutput")}</Button></Dropdown>
      </div>
    </>
  );
}
