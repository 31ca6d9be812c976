import { DownloadOutlined } from "@ant-design/icons";
import { Failure, go, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import { address, type Explored } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Select, Switch } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { ResultView } from "./result";

interface Chosen {
  rows: string[];
  columns: string[];
  measures: string[];
  heat: boolean;
}

/** Dimensions and measures combined by whoever looks, as a cross table. */
export default function ExplorePage({ name }: { name: string }) {
  const { client, app, session } = useRuntime();
  const { t, w, locale } = useSpeech();
  const subjects = { ...app.datasets, ...(name && app.reports?.[name] ? { [name]: app.reports[name] } : {}) };
  const subject = name || Object.keys(subjects)[0] || "";
  const [chosen, setChosen] = useState<Chosen>({ rows: [], columns: [], measures: [], heat: false });
  const asked = { report: subject, ...chosen };
  const query = useQuery({ queryKey: ["records", "explore", locale, asked], queryFn: () => client.run<Explored>("reports.explore", asked), placeholderData: (before) => before, enabled: subject !== "" });
  if (subject === "") return <Nothing title={t("explore")} hint={t("emptyChart")} />;
  const choices = query.data?.choices ?? [];
  const options = (role: string, without: string[] = []) => choices.filter((each) => each.role === role && !without.includes(each.name)).map((each) => ({ value: each.name, label: w(each.title) || each.name }));
  const rows = chosen.rows.length > 0 ? chosen.rows : (query.data?.chart?.["rows"] as string[] | undefined) ?? [];
  const file = address(`reports/${subject}/file`, { rows: rows.join(","), columns: chosen.columns.join(","), measures: chosen.measures.join(",") });
  const kept = link(["reports", "design"], { ...(app.datasets?.[subject] ? { dataset: subject } : { from: subject }), rows: rows.join(","), columns: chosen.columns.join(","), measures: chosen.measures.join(","), heat: chosen.heat ? "true" : "" });
  const field = (label: string, value: string[], list: { value: string; label: string }[], put: (next: string[]) => void, most?: number, blank: "all" | "none" = "all") => (
    <label className="lc-explore-field">
      <span className="lc-quiet">{label}</span>
      <Select mode="multiple" aria-label={label} value={value} options={list} onChange={put} maxCount={most} showSearch={{ optionFilterProp: "label" }} placeholder={t(blank)} />
    </label>
  );
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("explore")}</h1>
          <span className="lc-grow" />
          {session.actor.administrator === true && <Button href={kept}>{t("reportForEverybody")}</Button>}
          <Button icon={<DownloadOutlined />} href={file}>
            {t("asWorkbook")}
          </Button>
        </div>
        <div className="lc-explore">
          <label className="lc-explore-field">
            <span className="lc-quiet">{t("exploreOf")}</span>
            <Select aria-label={t("exploreOf")} value={subject} options={Object.entries(subjects).map(([each, { title }]) => ({ value: each, label: w(title) || each }))} onChange={(each: string) => go(link(["explore", each]))} />
          </label>
          {field(t("exploreRows"), rows, options("dimension", chosen.columns), (next) => setChosen({ ...chosen, rows: next }), 6)}
          {field(t("exploreColumns"), chosen.columns, options("dimension", rows), (next) => setChosen({ ...chosen, rows, columns: next }), 3, "none")}
          {field(t("exploreMeasures"), chosen.measures, options("measure"), (next) => setChosen({ ...chosen, measures: next }))}
          <label className="lc-explore-switch">
            <Switch size="small" checked={chosen.heat} onChange={(heat) => setChosen({ ...chosen, heat })} aria-label={t("exploreHeat")} /> {t("exploreHeat")}
          </label>
        </div>
      </header>
      {query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : !query.data ? <Sketch rows={8} /> : <div className="lc-sheet lc-report" aria-busy={query.isFetching}><ResultView result={query.data} /></div>}
    </div>
  );
}
