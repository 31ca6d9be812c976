import { BarChartOutlined, EditOutlined, TableOutlined } from "@ant-design/icons";
import { link, Nothing, useSpeech } from "@lowcode/kit";
import type { Key, Tile } from "@lowcode/protocol";
import { Button, Tooltip } from "antd";
import { lazy, Suspense, useState } from "react";
import { useRuntime } from "../runtime";
import { PeriodOf } from "./period";
import { ResultView } from "./result";

const Markdown = lazy(async () => ({ default: (await import("../widgets/markdown")).Markdown }));

/** What a tile is to whoever lays it out: the kind of its chart, or what it is else. */
export const kindOf = (tile: Tile): string => (tile.heading !== undefined ? "heading" : tile.text !== undefined ? "text" : (tile.result?.chart?.type ?? "table"));

/** What stands at a place of a board. */
export function TileView(props: { tile: Tile; filters: Record<string, unknown>; pressed?: (key: Key) => void }) {
  const { w } = useSpeech();
  const { tile } = props;
  if (tile.heading !== undefined) return <h2 className="lc-tile-heading">{w(tile.heading)}</h2>;
  if (tile.text !== undefined) return <section className="lc-tile lc-tile-text"><Words text={w(tile.text)} /></section>;
  return <ReportTile {...props} />;
}

/** A text of a board, in Markdown. */
export function Words({ text }: { text: string }) {
  return (
    <Suspense fallback={null}>
      <Markdown text={text} />
    </Suspense>
  );
}

function ReportTile({ tile, filters: chosen, pressed }: { tile: Tile; filters: Record<string, unknown>; pressed?: (key: Key) => void }) {
  const filters = tile.filters ?? chosen;
  const { session } = useRuntime();
  const { t, w } = useSpeech();
  const [table, setTable] = useState(false);
  const kind = tile.result?.chart?.type;
  const drawn = tile.result?.drawing?.option !== undefined;
  const title = w(tile.title) || w(tile.result?.title) || tile.report;
  return (
    <section className={kind === "kpi" ? "lc-tile lc-tile-kpi" : "lc-tile"} aria-label={title} data-report={tile.report}>
      <header>
        <h2>{title}</h2>
        <PeriodOf result={tile.result} />
        {session.actor.administrator === true && tile.report !== undefined && (
          <Tooltip title={t("reportChange")}>
            <Button type="text" size="small" className="lc-tile-change" icon={<EditOutlined />} aria-label={`${t("reportChange")} ${title}`} href={link(["reports", "design", tile.report])} />
          </Tooltip>
        )}
        {drawn && (
          <Tooltip title={t(table ? "showChart" : "showTable")}>
            <Button type="text" size="small" icon={table ? <BarChartOutlined /> : <TableOutlined />} aria-label={t(table ? "showChart" : "showTable")} aria-pressed={table} onClick={() => setTable(!table)} />
          </Tooltip>
        )}
      </header>
      <div className="lc-tile-body">{tile.result ? <ResultView result={tile.result} filters={filters} asTable={table} pressed={pressed} /> : <Nothing small title={t("notShown")} hint={tile.problem?.detail} />}</div>
    </section>
  );
}
