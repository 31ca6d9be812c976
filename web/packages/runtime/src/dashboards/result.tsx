import { brief, go, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Drill, Key, Result } from "@lowcode/protocol";
import { App } from "antd";
import { lazy, Suspense } from "react";
import { useRuntime } from "../runtime";
import { cellText, dimensionsOf, keyOf } from "./cells";
import type { Pressed } from "./chart";
import { COMPONENTS } from "./kinds";
import { ResultTable } from "./table";

const ChartView = lazy(() => import("./chart"));

/** A result in the shape its report asks for. */
export function ResultView({ result, filters, asTable, pressed }: { result: Result; filters?: Record<string, unknown>; asTable?: boolean; pressed?: (key: Key) => void }) {
  const { t, w } = useSpeech();
  const drill = useDrill(result, filters);
  const { chart, drawing } = result;
  const title = w(result.title);
  const act = pressed ?? drill;
  const press = act && ((mark: Pressed) => act(mark.key ?? keyOf(result, result.rows[mark.row ?? 0] ?? [])));
  const Component = chart && !asTable ? COMPONENTS[chart.type] : undefined;
  if (result.rows.length === 0 && chart?.type !== "kpi") return <Nothing small title={t("emptyChart")} />;
  if (Component && drawing) return <Component result={result} drawing={drawing} title={title} press={press} />;
  if (asTable || !drawing?.option) return <ResultTable result={result} title={title} drill={drill && ((row) => drill(keyOf(result, row)))} />;
  return (
    <Suspense fallback={<Waiting />}>
      <ChartView drawing={drawing} title={title} press={press} />
    </Suspense>
  );
}

/** Goes from a mark of a report to the records behind it. */
export function useDrill(result: Result, filters: Record<string, unknown> | undefined): ((key: Key) => void) | undefined {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  if (result.drill === false) return undefined;
  return (key) => {
    client.run<Drill>("reports.run", { report: result.report, filters, drill: key }).then(
      (answer) => {
        const words = dimensionsOf(result).filter((column) => column.name in key).map((column) => cellText(column, cellOf(result, column.name, key[column.name]), speech, app.currency));
        go(link(["records", answer.form], { where: answer.where || "true", title: answer.title || [speech.w(result.title), ...words].join(" · ") }));
      },
      (error: unknown) => void message.error(brief(error, speech)),
    );
  };
}

/** The cell that a value of a key came from: with its label, where it is a record. */
function cellOf(result: Result, name: string, value: unknown): unknown {
  const place = result.columns.findIndex((column) => column.name === name);
  const cell = result.rows.map((row) => row[place]).find((each) => typeof each === "object" && each !== null && "id" in each && each.id === value);
  return cell ?? value;
}
