import { useSpeech } from "@lowcode/kit";
import { Tooltip } from "antd";
import { Options } from "../controls";
import { useDesign } from "../design";
import { Wrong } from "../rules/about";
import { sortOf } from "../schema";
import { Picture } from "./pictures";
import { acrossKey, chartSchema, chartType, dimensionsOf, measuresOf, withChart } from "./report";
import { useReporting, type ChartKind } from "./subject";

/** The kinds of charts as pictures by group; one that does not fit says what is missing. */
export function Charts({ only }: { only?: readonly string[] }) {
  const { document, palette, change } = useDesign();
  const { palette: reports, looked } = useReporting();
  const { t, w } = useSpeech();
  const funnel = document["type"] === "funnel";
  const now = funnel ? String(document["chart"] ?? "loss_funnel") : chartType(document);
  const choose = (kind: string) => (funnel ? change(["chart"], kind) : change([], withChart(document, palette.schema, kind)));
  const kinds = reports.charts.filter((each) => !only || only.includes(each.name));
  const groups = [...new Set(kinds.map((each) => each.group))];
  const why = (kind: ChartKind) => (funnel ? null : (looked?.charts?.[kind.name] ?? null));
  return (
    <div className="lc-report-charts" role="radiogroup" aria-label={t("reportChart")}>
      {groups.map((group) => (
        <div key={group} className="lc-report-kinds">
          {groups.length > 1 && <span className="lc-quiet">{w(palette.words.groups[group]) || group}</span>}
          <div>
            {kinds.filter((each) => each.group === group).map((kind) => {
              const reason = why(kind);
              const title = w(kind.title);
              return (
                <Tooltip key={kind.name} title={reason === null ? title : `${title}: ${w(reason)}`}>
                  <button type="button" role="radio" aria-checked={now === kind.name} aria-disabled={reason !== null || undefined} aria-label={reason === null ? title : `${title}: ${w(reason)}`} data-chart={kind.name} className="lc-report-kind" onClick={() => reason === null && choose(kind.name)}>
                    <Picture kind={kind.name} />
                    <span>{title}</span>
                  </button>
                </Tooltip>
              );
            })}
          </div>
        </div>
      ))}
      <Misfit kind={reports.charts.find((each) => each.name === now)} why={why} />
      <Wrong path={["chart"]} within />
    </div>
  );
}

/** What the chart that is chosen misses. */
function Misfit({ kind, why }: { kind: ChartKind | undefined; why: (kind: ChartKind) => ChartKind["title"] | null }) {
  const { w } = useSpeech();
  const reason = kind && why(kind);
  return kind && reason !== null && reason !== undefined ? <p className="lc-design-warned" role="status">{w(kind.title)}: {w(reason)}</p> : null;
}

/** A chart of more dimensions than so many has no axis that one of them runs along. */
const MOST = 3;

/** What the chart that is chosen may say besides what its wells do. */
export function ChartOptions() {
  const { document, palette } = useDesign();
  const { palette: reports } = useReporting();
  const schema = chartSchema(palette.schema, chartType(document));
  if (!schema) return null;
  const key = acrossKey(document, palette.schema);
  const most = reports.charts.find((each) => each.name === chartType(document))?.most ?? 0;
  const [groups, numbers] = [dimensionsOf(document).length, measuresOf(document).length];
  const spared = (name: string): boolean => {
    if (["type", "series", "columns", "rows"].includes(name)) return true;
    if (name === "x") return groups < 2 || key !== null || most > MOST;
    return (name === "y" || name === "target_measure") && numbers < 2;
  };
  const skip = Object.keys(schema.properties ?? {}).filter(spared);
  const left = Object.keys(schema.properties ?? {}).filter((each) => !skip.includes(each) && sortOf(schema.properties![each]!, palette.schema) !== "other");
  return left.length === 0 ? null : <Options schema={schema} path={["chart"]} skip={skip} />;
}
