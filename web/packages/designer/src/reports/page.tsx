import { Designed } from "../opened";
import { isNode, type Json, type Node } from "../tree";
import type { Documents } from "../work";
import { PLACE } from "./begin";
import { ReportDesk } from "./desk";
import { ReportsList } from "./list";
import { measureTitle } from "./report";
import type { ReportPalette } from "./subject";

export const TYPES: readonly string[] = ["report", "dataset", "funnel"];

/** The designer of one report, dataset or funnel, or all there are. */
export default function ReportDesignerPage({ name }: { name?: string }) {
  return <Designed<ReportPalette> name={name} place={PLACE} folder="reports" type={TYPES} formless palette="reports.palette" words={{ list: "designReports", gone: "reportGone" }} list={<ReportsList />} begin={begun} desk={(found) => <ReportDesk {...found} />} />;
}

/** What a new one says: a report counts the records first; a funnel follows the first state there is; what was explored
 * becomes a cross table. */
function begun(palette: ReportPalette, form: string, { query, documents }: { query: URLSearchParams; documents: Documents }): Node {
  const kind = query.get("kind") ?? "report";
  const count: Json = { name: "count", title: measureTitle(palette.languages, "COUNT", undefined), expression: "COUNT()" };
  if (kind === "funnel") return { type: "funnel", field: palette.subjects.find((each) => each.sort === "history" && each.parent === form)?.name.split(".")[1] ?? "" };
  if (kind === "dataset") return { type: "dataset", measures: [count] };
  const list = (key: string) => (query.get(key) ?? "").split(",").filter((each) => each !== "");
  const [rows, columns, measures] = [list("rows"), list("columns"), list("measures")];
  const pivot: Node = { type: "pivot", ...(columns.length > 0 && { columns }), ...(query.get("heat") === "true" && { heat: true }) };
  const from = query.get("from");
  if (from !== null) return copied(documents[`reports/${from}.json`], [...rows, ...columns], measures, pivot);
  const dataset = query.get("dataset");
  if (dataset === null) return { measures: [count] };
  const known = palette.datasets.find((each) => each.name === dataset);
  const numbers = measures.length > 0 ? measures : (known?.measures ?? []).slice(0, rows.length > 0 ? undefined : 1).map((each) => each.name);
  return { dataset, ...(rows.length + columns.length > 0 && { dimensions: [...rows, ...columns], chart: pivot }), measures: numbers };
}

/** A report that was explored, by the dimensions and measures that were chosen. */
function copied(text: string | undefined, dimensions: string[], measures: string[], chart: Node): Node {
  const written: unknown = text === undefined ? null : JSON.parse(text);
  if (!isNode(written)) return { type: "report", measures: [] };
  const { name: _name, title: _title, chart: _chart, sort: _sort, forecast: _forecast, limit: _limit, ...rest } = written;
  const called = (each: Json) => (isNode(each) ? String(each["name"] ?? each["measure"]) : String(each));
  const all = (key: string) => (Array.isArray(written[key]) ? written[key] : []);
  const groups = dimensions.flatMap((name) => all("dimensions").filter((each) => called(each) === name));
  return { ...rest, ...(dimensions.length > 0 && { dimensions: groups }), ...(measures.length > 0 && { measures: withSources(all("measures"), measures, called) }), chart };
}

/** The measures that were chosen, and those they are made of. */
function withSources(all: Json[], chosen: string[], called: (each: Json) => string): Json[] {
  const wanted = new Set(chosen);
  const needs = (each: Json) => (isNode(each) ? [String(each["of"] ?? ""), ...(String(each["formula"] ?? "").match(/\b[a-z][a-z0-9_]*\b/g) ?? [])] : []);
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const each of all) if (wanted.has(called(each))) for (const name of needs(each)) if (all.some((one) => called(one) === name)) wanted.add(name);
  }
  return all.filter((each) => wanted.has(called(each)));
}
