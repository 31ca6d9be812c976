import { brief, go, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Drill, Key, Result } from "@lowcode/protocol";
import { App } from "antd";
import { lazy, Suspense } from "react";
import { useRuntime } from "../runtime";
import { cellOf, cellText, dimensionsOf, keyOf } from "./cells";
import type { Pressed } from "./chart";
import { useDescent, type Descent } from "./descent";
import { COMPONENTS } from "./kinds";
import { ResultTable } from "./table";

const CHART = () => import("./chart");
const ChartView = lazy(CHART);

/** Begins to fetch what draws charts, while the numbers are on their way. */
export function drawSoon(): void {
  CHART().catch(() => undefined); // a chart asks again, and says what is wrong
}

interface ResultProps {
  result: Result;
  filters?: Record<string, unknown>;
  asTable?: boolean;
  pressed?: (key: Key) => void;
}

/** A result in the shape its report asks for; a press goes down its hierarchies first, then to the records. */
export function ResultView({ result: top, ...rest }: ResultProps) {
  const { result, path, down, trail, instead } = useDescent(top, rest.filters);
  const shown = instead || <Shown result={result} path={path} down={down} {...rest} />;
  if (!trail) return shown;
  return (
    <div className="lc-descended">
      {trail}
      <div className="lc-descended-body">{shown}</div>
    </div>
  );
}

/** The result where somebody has come to. */
export function Shown({ result, filters, asTable, pressed, path, down }: ResultProps & Pick<Descent, "path" | "down">) {
  const { t, w } = useSpeech();
  const records = useDrill(result, filters, path);
  const drill = records && ((key: Key) => void (down(key) || records(key)));
  const { chart, drawing } = result;
  const title = w(result.title);
  const act = pressed ?? drill;
  const press = act && ((mark: Pressed) => act(mark.key ?? keyOf(result, result.rows[mark.row ?? 0] ?? [])));
  const Component = chart && !asTable ? COMPONENTS[chart.type] : undefined;
  if (result.rows.length === 0 && chart?.type !== "kpi") return <Nothing small title={t("emptyChart")} />;
  if (Component && drawing) return <Component result={result} drawing={drawing} title={title} press={press} />;
  const table = <ResultTable result={result} title={title} drill={act && ((row) => act(keyOf(result, row)))} />;
  if (asTable || !drawing?.option) return table;
  return (
    <Suspense fallback={<Waiting />}>
      <ChartView drawing={drawing} title={title} press={press} instead={table} />
    </Suspense>
  );
}

/** Goes from a mark of a report to the records behind it. */
export function useDrill(result: Result, filters: Record<string, unknown> | undefined, path: Descent["path"] = {}): ((key: Key) => void) | undefined {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  if (result.drill === false) return undefined;
  return (key) => {
    client.run<Drill>("reports.run", { report: result.report, filters, path, drill: key }).then(
      (answer) => {
        const words = dimensionsOf(result).filter((column) => column.name in key).map((column) => cellText(column, cellOf(result, column.name, key[column.name]), speech, app.currency));
        go(link(["records", answer.form], { where: answer.where || "true", title: answer.title || [speech.w(result.title), ...words].join(" · ") }));
      },
      (error: unknown) => void message.error(brief(error, speech)),
    );
  };
}
