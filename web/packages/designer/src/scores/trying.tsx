import { Badge, brief, link, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Reference, ScoreCard, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { ScoreParts } from "@lowcode/runtime/detail/score";
import { inputOf } from "@lowcode/runtime/widgets/inputs";
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import { ExpressionInput } from "../expression";
import type { Node } from "../tree";
import { useRested } from "../work";
import { bandsOf } from "./card";

interface Result {
  record: number;
  label: string | null;
  points: string | null;
  band: string | null;
  had: string | null;
  band_had: string | null;
  contributions: ScoreCard["contributions"];
}

interface Tried {
  looked_at: number;
  results: Result[];
  bands: Record<string, number>;
  bands_had: Record<string, number>;
}

const PAUSE = 500;

/** What the card as it stands would give a record, or a set: who would change band. */
export function ScoreTrying() {
  const { client, app } = useRuntime();
  const { document, findings } = useDesign();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [by, setBy] = useState<"set" | "record">("set");
  const [record, setRecord] = useState<Reference | null>(null);
  const [where, setWhere] = useState("");
  const rested = useRested(JSON.stringify([document, where]), PAUSE);
  const form = app.forms[String(document["form"] ?? "")];
  const faulty = findings.length > 0;
  const ready = !faulty && (by === "set" || record !== null);
  const [wanted, condition] = JSON.parse(rested) as [Node, string];
  const asked: { document: Node; record?: number; where?: string } = { document: wanted, ...(by === "record" && record ? { record: record.id } : condition.trim() ? { where: condition } : {}) };
  const found = useQuery({
    queryKey: ["score-try", asked],
    queryFn: ({ signal }) => client.run<Tried>("rules.try_score", asked, { signal }),
    enabled: ready,
    // Meanwhile the answer before, where it was about the same record, or about a set as well.
    placeholderData: (before, query) => ((query?.queryKey[1] as typeof asked | undefined)?.record === asked.record ? before : undefined),
    gcTime: 30_000,
    staleTime: Infinity,
    retry: false,
  });
  const answer = ready && !found.error ? found.data : undefined;
  const RecordInput = inputOf("link");
  return (
    <section className="lc-design-inspector lc-table-try" aria-label={t("tableTry")}>
      <Segmented block size="small" value={by} onChange={setBy} options={[{ value: "set", label: t("scoreTrySet") }, { value: "record", label: t("tableTryRecord") }]} />
      {by === "record" && form ? (
        <div className="lc-design-option">
          <label className="lc-design-label" htmlFor="score-try-record">{w(form.title)}</label>
          <RecordInput id="score-try-record" narrow={narrow} field={{ name: "record", type: "link", to: form.name } as Field} value={record} onChange={(value: unknown) => setRecord(value as Reference | null)} />
        </div>
      ) : (
        <div className="lc-design-option">
          <div className="lc-design-label">{t("scoreTryWhere")}</div>
          <ExpressionInput label={t("scoreTryWhere")} path={["when"]} value={where} change={setWhere} />
        </div>
      )}
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {ready && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {answer && (by === "record" ? answer.results[0] && <One result={answer.results[0]} /> : <Several tried={answer} form={String(document["form"])} />)}
    </section>
  );
}

function useBands() {
  const { document } = useDesign();
  const { t, w } = useSpeech();
  const bands = bandsOf(document).map(({ band }) => ({ name: String(band["name"]), title: w(band["title"] as Text) || String(band["name"]) })).reverse();
  return { bands, called: (name: string | null) => (name ? (bands.find((each) => each.name === name)?.title ?? name) : t("blank")) };
}

const plain = (points: string | null) => (points === null ? "—" : String(Number(points)));

function One({ result }: { result: Result }) {
  const { called } = useBands();
  const { t } = useSpeech();
  return (
    <div role="status">
      <h3 className="lc-score-now">{plain(result.points)} <Badge color="blue">{called(result.band)}</Badge></h3>
      <p className="lc-quiet">{t("scoreHad", { points: plain(result.had), band: called(result.band_had) })}</p>
      <ScoreParts contributions={result.contributions} />
    </div>
  );
}

function Several({ tried, form }: { tried: Tried; form: string }) {
  const { bands, called } = useBands();
  const { t } = useSpeech();
  const names = [...new Set([...bands.map((each) => each.name), ...Object.keys(tried.bands), ...Object.keys(tried.bands_had)])];
  const moved = tried.results.filter((each) => each.band !== each.band_had);
  const others = tried.results.filter((each) => each.band === each.band_had && Number(each.points) !== Number(each.had)).length;
  return (
    <div role="status">
      <p>{t("scoreLooked", { count: tried.looked_at })}</p>
      {bands.length > 0 && (
        <table className="lc-score-counts">
          <thead><tr><th>{t("scoreBands")}</th><th>{t("scoreNow")}</th><th>{t("scoreThen")}</th></tr></thead>
          <tbody>{names.map((name) => <tr key={name}><td>{called(name)}</td><td>{tried.bands_had[name] ?? 0}</td><td>{tried.bands[name] ?? 0}</td></tr>)}</tbody>
        </table>
      )}
      <h3>{moved.length === 0 ? t("scoreNobodyMoves") : t("scoreMoves", { count: moved.length })}</h3>
      {others > 0 && <p className="lc-quiet">{t("scoreOnlyPoints", { count: others })}</p>}
      <ul className="lc-score-moves">
        {moved.map((each) => (
          <li key={each.record}>
            <a href={link(["records", form, each.record])}>{each.label ?? each.record}</a>
            <span>{plain(each.had)} → {plain(each.points)} · {called(each.band_had)} → {called(each.band)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
