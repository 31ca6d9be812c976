import { brief, go, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Drill, Result } from "@lowcode/protocol";
import { App } from "antd";
import { lazy, Suspense } from "react";
import { useRuntime } from "../runtime";
import { cellText, dimensionsOf, keyOf } from "./cells";
import { Kpi } from "./kpi";
import { ResultTable } from "./table";

const ChartView = lazy(() => import("./chart"));

/** A result in the shape its report asks for. */
export function ResultView({ result, filters, asTable }: { result: Result; filters?: Record<string, unknown>; asTable?: boolean }) {
  const { t, w } = useSpeech();
  const drill = useDrill(result, filters);
  const chart = result.chart;
  const title = w(result.title);
  if (chart?.type === "kpi" && !asTable) return <Kpi result={result} drill={drill} />;
  if (result.rows.length === 0) return <Nothing small title={t("emptyChart")} />;
  if (!chart || chart.type === "table" || asTable) return <ResultTable result={result} title={title} drill={drill} />;
  return (
    <Suspense fallback={<Waiting />}>
      <ChartView result={result} chart={chart} title={title} drill={drill} />
    </Suspense>
  );
}

/** Goes from a mark of a report to the records behind it. */
function useDrill(result: Result, filters: Record<string, unknown> | undefined): ((row: unknown[]) => void) | undefined {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  if (result.drill === false) return undefined;
  return (row) => {
    client.run<Drill>("reports.run", { report: result.report, filters, drill: keyOf(result, row) }).then(
      (answer) => {
        const words = dimensionsOf(result).map((column) => cellText(column, row[result.columns.indexOf(column)], speech, app.currency));
        go(link(["records", answer.form], { where: answer.where || "true", title: answer.title || [speech.w(result.title), ...words].join(" · ") }));
      },
      (error: unknown) => void message.error(brief(error, speech)),
    );
  };
}
