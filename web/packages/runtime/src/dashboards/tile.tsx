import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { Nothing, useSpeech } from "@lowcode/kit";
import type { Key, Tile } from "@lowcode/protocol";
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { PeriodOf } from "./period";
import { ResultView } from "./result";

/** One report on a board. */
export function TileView({ tile, filters, pressed }: { tile: Tile; filters: Record<string, unknown>; pressed?: (key: Key) => void }) {
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
