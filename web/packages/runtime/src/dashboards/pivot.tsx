import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { useDark, useSpeech } from "@lowcode/kit";
import type { Key, Pivot, PivotCell, PivotLine } from "@lowcode/protocol";
import { Fragment, useMemo, useState } from "react";
import { heated } from "./ink";
import type { View } from "./view";
import { Wide } from "./wide";

interface Order {
  /** Which column, counted over columns and measures with the totals last; -1 is the names. */
  at: number;
  down: boolean;
}

const numbersOf = (line: PivotLine): (PivotCell | null)[] => [...line.cells.flat(), ...line.totals];

/** Lines below the subtotal they belong to, siblings in the order asked for, what is folded left out. */
function arranged(lines: PivotLine[], order: Order | null, folded: Set<string>): { line: PivotLine; way: string; branch: boolean }[] {
  interface Node {
    line: PivotLine;
    way: string;
    below: Node[];
  }
  const roots: Node[] = [];
  const open: Node[] = [];
  const depths = [...new Set(lines.map((line) => line.depth))].sort((one, other) => one - other);
  for (const line of lines) {
    const level = depths.indexOf(line.depth);
    open.length = level;
    const above = open[level - 1];
    const node: Node = { line, way: JSON.stringify(line.key), below: [] };
    (above ? above.below : roots).push(node);
    open[level] = node;
  }
  const value = (node: Node) => numbersOf(node.line)[order!.at]?.number ?? Number.NEGATIVE_INFINITY;
  const sorted = (nodes: Node[]) => (order && order.at >= 0 ? [...nodes].sort((one, other) => (order.down ? value(other) - value(one) : value(one) - value(other)) || 0) : order?.down ? [...nodes].reverse() : nodes);
  const flat = (nodes: Node[]): { line: PivotLine; way: string; branch: boolean }[] =>
    sorted(nodes).flatMap((node) => [{ line: node.line, way: node.way, branch: node.below.length > 0 }, ...(folded.has(node.way) ? [] : flat(node.below))]);
  return flat(roots);
}

/** A cross table: subtotals fold, columns sort, cells lead to their records. */
export function PivotView({ drawing, title, press }: View) {
  const pivot = drawing.pivot;
  const { t } = useSpeech();
  const [order, setOrder] = useState<Order | null>(null);
  const [folded, setFolded] = useState<Set<string>>(new Set());
  const lines = useMemo(() => (pivot ? arranged(pivot.lines, order, folded) : []), [pivot, order, folded]);
  if (!pivot) return null;
  const fold = (way: string) => {
    const next = new Set(folded);
    if (!next.delete(way)) next.add(way);
    setFolded(next);
  };
  const sort = (at: number) => setOrder(order?.at === at ? (order.down ? { at, down: false } : null) : { at, down: true });
  return (
    <Wide title={title}>
      <table className="lc-plain lc-cross">
        <Head pivot={pivot} order={order} sort={sort} total={t("total")} />
        <tbody>
          {lines.map(({ line, way, branch }) => (
            <tr key={way} className={branch ? "lc-subtotal" : undefined}>
              <th scope="row" style={{ paddingInlineStart: (line.depth - 1) * 18 }}>
                {branch && (
                  <button type="button" className="lc-fold" aria-expanded={!folded.has(way)} aria-label={t(folded.has(way) ? "unfold" : "fold", { name: line.name })} onClick={() => fold(way)}>
                    {folded.has(way) ? <CaretRightOutlined /> : <CaretDownOutlined />}
                  </button>
                )}
                {line.name}
              </th>
              <Cells pivot={pivot} line={line} press={press} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{pivot.grand.name}</th>
            <Cells pivot={pivot} line={pivot.grand} press={press} />
          </tr>
        </tfoot>
      </table>
      {pivot.capped && <p className="lc-quiet">{t("capped", { count: pivot.lines.length })}</p>}
    </Wide>
  );
}

function Head({ pivot, order, sort, total }: { pivot: Pivot; order: Order | null; sort: (at: number) => void; total: string }) {
  const many = pivot.measures.length > 1;
  const groups = [...pivot.columns.map((column) => column.names.join(" / ")), pivot.columns.length > 0 ? total : ""];
  const state = (at: number) => (order?.at === at ? (order.down ? "descending" : "ascending") : undefined);
  const button = (at: number, words: string) => (
    <button type="button" className="lc-sort" onClick={() => sort(at)}>
      {words}
      {order?.at === at && <span aria-hidden="true">{order.down ? " ↓" : " ↑"}</span>}
    </button>
  );
  const measured = many || pivot.columns.length === 0;
  return (
    <thead>
      {pivot.columns.length > 0 && (
        <tr>
          <th rowSpan={measured ? 2 : 1} scope="col" aria-sort={state(-1)}>
            {button(-1, pivot.heads.join(" / "))}
          </th>
          {groups.map((words, index) =>
            measured ? (
              <th key={index} colSpan={pivot.measures.length} scope="colgroup" className="lc-group">
                {words}
              </th>
            ) : (
              <th key={index} scope="col" className="lc-right" aria-sort={state(index)}>
                {button(index, words)}
              </th>
            ),
          )}
        </tr>
      )}
      {measured && (
        <tr>
          {pivot.columns.length === 0 && (
            <th scope="col" aria-sort={state(-1)}>
              {button(-1, pivot.heads.join(" / "))}
            </th>
          )}
          {groups.map((_, group) =>
            pivot.measures.map((measure, index) => {
              const at = group * pivot.measures.length + index;
              return (
                <th key={`${group}.${measure.name}`} scope="col" className="lc-right" aria-sort={state(at)}>
                  {button(at, measure.title)}
                </th>
              );
            }),
          )}
        </tr>
      )}
    </thead>
  );
}

function Cells({ pivot, line, press }: { pivot: Pivot; line: PivotLine; press: View["press"] }) {
  const dark = useDark();
  const cell = (each: PivotCell | null, key: Key, at: number) => (
    <td key={at} className="lc-right" style={each?.ground ? heated(each.ground, dark) : undefined}>
      {each &&
        (press && each.number ? (
          <button type="button" className="lc-pressed-cell" onClick={() => press({ key })}>
            {each.text}
          </button>
        ) : (
          each.text
        ))}
    </td>
  );
  return (
    <>
      {line.cells.map((group, column) => (
        <Fragment key={column}>{group.map((each, at) => cell(each, { ...line.key, ...pivot.columns[column]?.key }, at))}</Fragment>
      ))}
      {line.totals.map((each, at) => cell(each, line.key, at))}
    </>
  );
}
