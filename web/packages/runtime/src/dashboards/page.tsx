import { Failure, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Dashboard, Result } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Filters } from "./filters";
import { ResultView } from "./result";
import { TileView } from "./tile";

/** References of filters go out as ids. */
const sent = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "object" && value !== null && "id" in value ? value.id : value]));

/** Reports on a grid of twelve columns. */
export default function DashboardPage({ name }: { name: string }) {
  const { client } = useRuntime();
  const { w } = useSpeech();
  const narrow = useNarrow();
  const [values, setValues] = useState<Record<string, unknown>>({});
  const filters = sent(values);
  const query = useQuery({ queryKey: ["records", "dashboard", name, filters], queryFn: () => client.run<Dashboard>("reports.dashboard", { dashboard: name, filters }), placeholderData: (before) => before });
  const { app } = useRuntime();
  const title = w(query.data?.title ?? app.dashboards?.[name]?.title);
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{title}</h1>
          <span className="lc-grow" />
          {query.data?.filters && query.data.filters.length > 0 && <Filters filters={query.data.filters} values={values} change={setValues} />}
        </div>
      </header>
      {query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Sketch rows={10} />
      ) : (
        <div className={narrow ? "lc-tiles lc-tiles-narrow" : "lc-tiles"} aria-busy={query.isFetching}>
          {query.data.tiles.map((tile, index) => (
            <div
              key={`${tile.report}${index}`}
              className={`lc-tile-place lc-tile-place-${tile.result?.chart?.type ?? "table"}`}
              style={narrow ? undefined : { gridColumn: `${tile.x + 1} / span ${tile.w}`, gridRow: `${tile.y + 1} / span ${tile.h}` }}
            >
              <TileView tile={tile} filters={filters} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** One report on a page of its own. */
export function ReportPage({ name }: { name: string }) {
  const { client, app } = useRuntime();
  const { w } = useSpeech();
  const query = useQuery({ queryKey: ["records", "report", name], queryFn: () => client.run<Result>("reports.run", { report: name }) });
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{w(query.data?.title ?? app.reports?.[name]?.title)}</h1>
        </div>
      </header>
      {query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Sketch rows={8} />
      ) : (
        <div className="lc-sheet lc-report">
          {query.data.chart && query.data.chart.type !== "table" && (
            <div className="lc-report-chart">
              <ResultView result={query.data} />
            </div>
          )}
          {query.data.chart?.type !== "kpi" && <ResultView result={query.data} asTable />}
        </div>
      )}
    </div>
  );
}
