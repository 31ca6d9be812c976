import { Badge, brief, Failure, instant, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { LearnedModel, LearningCard } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Collapse } from "antd";
import { useRuntime } from "../runtime";
import { Forecasts } from "./forecasts";

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Scores that are learned from the past: what from, how far off, and who lets which of them count. */
export function Models() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const query = useQuery({ queryKey: ["rules", "learning"], queryFn: () => client.run<{ items: LearningCard[] }>("rules.learning", {}) });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  return (
    <div className="lc-rules">
      {query.data.items.length === 0 ? <Nothing small title={t("modelsNone")} /> : query.data.items.map((each) => <Card key={each.card} card={each} />)}
      <Forecasts />
    </div>
  );
}

function Card({ card }: { card: LearningCard }) {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const { message } = App.useApp();
  const queries = useQueryClient();
  const models = useQuery({ queryKey: ["rules", "models", card.card], queryFn: () => client.run<{ items: LearnedModel[] }>("rules.models", { card: card.card }) });
  const learn = useMutation({ mutationFn: () => client.run("rules.learn", { card: card.card }), onSuccess: () => queries.invalidateQueries({ queryKey: ["rules"] }), onError: (error) => void message.error(brief(error, speech)) });
  const enough = card.records >= card.least;
  return (
    <section className="lc-sheet lc-learning">
      <div className="lc-rule-head">
        <h2>{w(card.title)}</h2>
        <span className="lc-quiet">{w(app.forms[card.form]?.title) || card.form}</span>
        <span className="lc-grow" />
        <Button type="primary" disabled={!enough} loading={learn.isPending} onClick={() => learn.mutate()}>{t("modelLearn")}</Button>
      </div>
      <dl className="lc-learning-facts">
        <div><dt>{t("modelOutcome")}</dt><dd><code>{card.outcome}</code></dd></div>
        <div><dt>{t("modelSettled")}</dt><dd><code>{card.settled}</code></dd></div>
      </dl>
      <p>{t(card.records >= card.most ? "modelFromMost" : "modelFrom", { count: card.records })}{!enough && <span className="lc-bad"> {t("modelNeeds", { least: card.least, each: card.least_each })}</span>}</p>
      <p className="lc-quiet">{t("modelLearnHint")}</p>
      {models.error && <Failure small error={models.error} retry={() => void models.refetch()} />}
      {models.data?.items.map((each) => <Learned key={each.number} card={card} model={each} />)}
    </section>
  );
}

/** One model: its error in plain words, and the press that lets it count. */
function Learned({ card, model }: { card: LearningCard; model: LearnedModel }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const { report } = model;
  const better = report.brier < report.brier_of_base_rate;
  const adopt = async (number: number) => {
    try {
      await client.run("rules.adopt_model", { card: card.card, number });
      await queries.invalidateQueries({ queryKey: ["rules"] });
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  const ask = () => {
    const label = t(model.in_use ? "modelWithdraw" : "modelAdopt");
    const words = model.in_use ? "modelWithdrawAsk" : report.of_use ? "modelAdoptAsk" : "modelAdoptWeak";
    modal.confirm({ title: `${label}: ${t("modelNumber", { number: model.number })}`, content: t(words), okText: label, cancelText: t("cancel"), onOk: () => adopt(model.in_use ? 0 : model.number) });
  };
  const stood = model.in_use ? "modelInUse" : model.given_up_at ? "modelGivenUp" : "modelNotUsed";
  return (
    <article className="lc-model">
      <div className="lc-rule-head">
        <strong>{t("modelNumber", { number: model.number })}</strong>
        <Badge color={model.in_use ? "green" : "gray"}>{t(stood)}</Badge>
        <Badge color={report.of_use ? "blue" : "orange"}>{t(report.of_use ? "modelOfUse" : "modelOfNoUse")}</Badge>
        <span className="lc-grow" />
        <Button size="small" onClick={ask}>{t(model.in_use ? "modelWithdraw" : "modelAdopt")}</Button>
      </div>
      <p>{t("modelRecords", { count: report.examples, won: report.with_outcome, rate: percent(report.base_rate) })}</p>
      <p>{t("modelOrder", { percent: percent(report.area) })}</p>
      <p>{t(better ? "modelBetter" : "modelWorse", { error: report.brier.toFixed(3), base: report.brier_of_base_rate.toFixed(3), percent: percent(1 - report.brier / report.brier_of_base_rate) })}</p>
      <p className="lc-quiet">
        {t("modelLearnedBy", { who: model.by ?? "—", when: instant(model.at) })}
        {model.adopted_at && ` · ${t("modelAdoptedBy", { who: model.adopted_by ?? "—", when: instant(model.adopted_at) })}`}
      </p>
      <Collapse
        ghost
        size="small"
        items={[
          { key: "effects", label: t("modelEffects"), children: <ul className="lc-planned">{model.effects.map((each, at) => <li key={at}>{w(each.attribute)}: <code>{each.case}</code> — {t("modelMore", { times: each.odds })}</li>)}</ul> },
          { key: "calibration", label: t("modelCalibration"), children: <Calibration report={report} /> },
        ]}
      />
    </article>
  );
}

/** Ten equal parts, from the least likely to the most: what was said of them and what came. */
function Calibration({ report }: { report: LearnedModel["report"] }) {
  const { t } = useSpeech();
  return (
    <table className="lc-calibration">
      <thead><tr><th>{t("modelSaid")}</th><th>{t("modelCame")}</th><th /></tr></thead>
      <tbody>
        {report.calibration.map((each, at) => (
          <tr key={at}>
            <td>{percent(each.said)}</td>
            <td>{percent(each.came)}</td>
            <td><span className="lc-calibration-bar"><i style={{ width: percent(each.came) }} /><b style={{ left: percent(each.said) }} /></span></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
