import { Badge, Failure, link, Sketch, useSpeech } from "@lowcode/kit";
import type { ForecastSaid, Result } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Collapse } from "antd";
import { lazy, Suspense } from "react";
import { ResultTable } from "../dashboards/table";
import { useRuntime } from "../runtime";

const ChartView = lazy(() => import("../dashboards/chart"));

const percent = (share: string | number): string => `${(Number(share) * 100).toFixed(1)}%`;

/** Reports that are carried on: from what, how far off they were where that could be tried, and whether they help. */
export function Forecasts() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const query = useQuery({ queryKey: ["records", "forecasts"], queryFn: () => client.run<{ items: ForecastSaid[] }>("reports.forecasts", {}) });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={4} />;
  if (query.data.items.length === 0) return null;
  return (
    <section className="lc-sheet lc-learning" aria-label={t("forecasts")}>
      <h2>{t("forecasts")}</h2>
      <p className="lc-quiet">{t("forecastsHint")}</p>
      {query.data.items.map((each) => <Forecast key={each.report} said={each} />)}
    </section>
  );
}

function Forecast({ said }: { said: ForecastSaid }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const helps = said.error != null && said.naive_error != null && Number(said.error) < Number(said.naive_error);
  const grain = said.grain ? t(`grain_${said.grain}`) : "";
  return (
    <article className="lc-model">
      <div className="lc-rule-head">
        <strong>{w(said.title)}</strong>
        <span className="lc-quiet">{w(app.forms[said.form]?.title) || said.form}</span>
        {said.reason ? <Badge color="gray">{t("forecastNot")}</Badge> : said.error != null && <Badge color={helps ? "blue" : "orange"}>{t(helps ? "forecastHelps" : "forecastNoHelp")}</Badge>}
        <span className="lc-grow" />
        <Button size="small" href={link(["report", said.report])}>{t("forecastReport")}</Button>
      </div>
      {said.reason ? (
        <p>{t(said.reason === "blank-periods" ? "forecastBlank" : "forecastFew", { count: said.learned_from, least: said.least ?? 0 })}</p>
      ) : (
        <>
          <p>{t("forecastFrom", { measure: w(said.measure), count: said.learned_from, grain, periods: said.periods })} {t(said.season ? (said.trend ? "forecastBoth" : "forecastSeason") : said.trend ? "forecastTrend" : "forecastLevel")}</p>
          <p>{said.error != null && said.naive_error != null ? t("forecastTried", { tried: said.tried ?? 0, grain, error: percent(said.error), naive: percent(said.naive_error) }) : t("forecastUntried")}</p>
          <p className="lc-quiet">{t("forecastInterval", { percent: `${Math.round(said.confidence * 100)}%` })}</p>
          <Collapse ghost size="small" destroyOnHidden items={[{ key: "chart", label: t("forecastChart"), children: <Drawn report={said.report} title={w(said.title)} /> }]} />
        </>
      )}
    </article>
  );
}

/** The report with what is to come, drawn when somebody wants to see it. */
function Drawn({ report, title }: { report: string; title: string }) {
  const { client } = useRuntime();
  const { locale } = useSpeech();
  const query = useQuery({ queryKey: ["records", "report", locale, report], queryFn: () => client.run<Result>("reports.run", { report }) });
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data?.drawing) return <Sketch rows={5} />;
  return (
    <div className="lc-report-chart">
      <Suspense fallback={<Sketch rows={5} />}>
        <ChartView drawing={query.data.drawing} title={title} instead={<ResultTable result={query.data} title={title} />} />
      </Suspense>
    </div>
  );
}
