import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { brief, link, Sketch, useSpeech } from "@lowcode/kit";
import { Problem, type Drill, type Explored, type Key, type Result } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useDescent, type Descent } from "@lowcode/runtime/dashboards/descent";
import { PeriodOf } from "@lowcode/runtime/dashboards/period";
import { Shown } from "@lowcode/runtime/dashboards/result";
import { useQuery } from "@tanstack/react-query";
import { App, Segmented, Select } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import { pathOf, type Node } from "../tree";
import { useRested } from "../work";
import { dimensionsOf, measuresOf, nameOf } from "./report";
import { useSaid } from "./said";
import { useReporting } from "./subject";

const PAUSE = 500;

/** Whether there is anything to ask for yet. */
const whole = (document: Node): boolean => (document["type"] === "funnel" ? document["field"] !== undefined && document["field"] !== "" : measuresOf(document).length > 0 && (document["type"] === "report" || dimensionsOf(document).length > 0));

/** What the report as it stands shows, with the records of whoever looks, or of somebody else. */
export function ResultOf() {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const { document, findings } = useDesign();
  const { palette, checked } = useReporting();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const [login, setLogin] = useState<string>();
  const [table, setTable] = useState(false);
  const [combined, setCombined] = useState<{ rows: string[]; columns: string[] }>({ rows: [], columns: [] });
  const wanted = useRested(document, PAUSE);
  const faulty = findings.length > 0;
  // What is not looked at yet is not asked for: it would be refused where something is wrong with it.
  const ready = whole(wanted) && !faulty && checked && wanted === document;
  const isSet = wanted["type"] === "dataset";
  const names = dimensionsOf(wanted).map(nameOf);
  const asked = { document: wanted, login, ...(isSet && { rows: combined.rows.filter((each) => names.includes(each)), columns: combined.columns.filter((each) => names.includes(each)) }) };
  const found = useQuery({ queryKey: ["report-try", locale, asked], queryFn: ({ signal }) => client.run<Result | Explored>("reports.try", asked, { signal }), enabled: ready, placeholderData: (before) => before, gcTime: 30_000, staleTime: Infinity, retry: false });
  const result = whole(wanted) ? found.data : undefined;
  const behind = async (key: Key, path: Descent["path"]) => {
    try {
      const answer = await client.run<Drill>("reports.try", { document: wanted, path, drill: key });
      window.open(link(["records", answer.form], { where: answer.where || "true", title: w(result?.title) }), "_blank", "noopener");
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  const refused = found.error instanceof Problem && found.error.errors.length > 0 ? found.error.errors.map((each) => each.detail).join("\n") : found.error ? brief(found.error, speech) : null;
  return (
    <section className="lc-report-result" aria-label={t("reportResult")} aria-busy={found.isFetching}>
      <header className="lc-design-row">
        <Segmented size="small" aria-label={t("reportResult")} value={table ? "table" : "chart"} options={[{ value: "chart", icon: <BarChartOutlined />, label: t("reportChart") }, { value: "table", icon: <TableOutlined />, label: t("reportTable") }]} onChange={(next) => setTable(next === "table")} />
        <span className="lc-grow" />
        <Select size="small" allowClear aria-label={t("reportAs")} className="lc-report-as" placeholder={t("reportAs")} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} value={login ?? null} options={palette.people.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(next?: string | null) => setLogin(next ?? undefined)} />
      </header>
      {isSet && <Combining combined={combined} change={setCombined} names={names} />}
      {!whole(document) && <p className="lc-quiet lc-report-none">{t(document["type"] === "funnel" ? "reportFunnelNone" : document["type"] === "dataset" ? "reportDatasetNone" : "reportNone")}</p>}
      {faulty && <FirstWrong />}
      {!faulty && refused !== null && <p className="lc-design-wrong" role="alert">{refused}</p>}
      {!result && !faulty && whole(wanted) && (found.isFetching || !checked) && <Sketch rows={8} />}
      {result && refused === null && (
        <>
          <div className="lc-report-head">
            <h2>{w(document["title"] as string) || w(result.title)}</h2>
            <PeriodOf result={result} />
          </div>
          <div className={found.isPlaceholderData || faulty ? "lc-report-drawn lc-design-older" : "lc-report-drawn"}>
            <Descending key={JSON.stringify(asked)} result={result} asTable={table} values={{ document: wanted, login }} behind={isSet || result.drill === false ? undefined : behind} />
          </div>
          <p className="lc-quiet" role="status">{t(result.capped ? "reportCapped" : "reportRowCount", { count: result.rows.length })}{login === undefined ? "" : ` · ${t("reportSeenBy", { name: w(palette.people.find((each) => each.name === login)?.title) || login })}`}</p>
        </>
      )}
    </section>
  );
}

/** The report, and further down its hierarchies: a press goes to the next level, and from the last one to the records. */
function Descending({ result: top, asTable, values, behind }: { result: Result; asTable: boolean; values: Record<string, unknown>; behind: ((key: Key, path: Descent["path"]) => Promise<void>) | undefined }) {
  const { result, path, down, trail, instead } = useDescent(top, undefined, { operation: "reports.try", values });
  return (
    <>
      {trail}
      {instead || <Shown result={result} asTable={asTable} pressed={behind && ((key) => void (down(key) || behind(key, path)))} path={path} down={down} />}
    </>
  );
}

/** A dataset is looked at by some of its dimensions, as its reports and whoever explores it will. */
function Combining({ combined, change, names }: { combined: { rows: string[]; columns: string[] }; change: (next: { rows: string[]; columns: string[] }) => void; names: string[] }) {
  const { t } = useSpeech();
  const said = useSaid();
  const pick = (key: "rows" | "columns", label: string, most: number) => <Select size="small" mode="multiple" aria-label={label} placeholder={label} maxCount={most} value={combined[key].filter((each) => names.includes(each))} options={names.filter((each) => !combined[key === "rows" ? "columns" : "rows"].includes(each)).map((value) => ({ value, label: said.column(value) }))} onChange={(next) => change({ ...combined, [key]: next })} />;
  return <div className="lc-report-combining">{pick("rows", t("exploreRows"), 6)}{pick("columns", t("exploreColumns"), 3)}</div>;
}

/** What is wrong first, with the way to it. */
function FirstWrong() {
  const { findings, choose } = useDesign();
  const { t } = useSpeech();
  const first = findings[0]!;
  const path = pathOf(first.pointer);
  const column = (path[0] === "dimensions" || path[0] === "measures") && typeof path[1] === "number" ? path.slice(0, 2) : null;
  return (
    <div role="alert" className="lc-report-wrong">
      <p>{t("reportMend")}</p>
      <p className="lc-design-wrong">{first.message} {first.hint} {column && <button type="button" className="lc-design-fold" onClick={() => choose(column)}>{t("reportToMistake")}</button>}</p>
    </div>
  );
}
