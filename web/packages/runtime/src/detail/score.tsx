import { Badge, Failure, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Form, ScoreCard } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { shown } from "../automation/told";
import { useRuntime } from "../runtime";

/** Why a record has its scores: what each part gave, for what reasons, and how they moved. */
export function Scores({ form, id }: { form: Form; id: number }) {
  return <>{(form.scores ?? []).map((each) => <Score key={each.card} card={each.card} id={id} />)}</>;
}

function Score({ card, id }: { card: string; id: number }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const query = useQuery({ queryKey: ["score", card, id], queryFn: () => client.run<ScoreCard>("rules.score", { card, record: id, changes: 8 }) });
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={4} />;
  const { data } = query;
  if (data.points === null) return <Nothing small title={t("scoreNone")} />;
  return (
    <section className="lc-score">
      <h3>
        {w(data.title)} <strong className="lc-score-points">{Number(data.points)}</strong> {data.band && <Badge color="blue">{w(data.band.title)}</Badge>}
      </h3>
      <ScoreParts contributions={data.contributions} />
      {data.changes.length > 0 && (
        <>
          <h4>{t("scoreMoved")}</h4>
          <ul className="lc-score-changes">
            {data.changes.map((each, at) => <li key={at}>{each.former === null ? "—" : Number(each.former)} → {each.points === null ? "—" : Number(each.points)} <When at={each.at} /></li>)}
          </ul>
        </>
      )}
    </section>
  );
}

/** What each part gave, with its reasons. */
export function ScoreParts({ contributions }: Pick<ScoreCard, "contributions">) {
  const { t, w } = useSpeech();
  const most = Math.max(1, ...contributions.map((each) => Math.abs(Number(each.points))));
  return (
    <ul className="lc-score-parts">
      {contributions.map((each) => {
        const points = Number(each.points);
        return (
          <li key={each.part}>
            <span className="lc-score-part">{w(each.title)} <span className="lc-quiet">{t(`sort_${each.sort}`)}</span></span>
            <span className="lc-score-bar" aria-hidden="true"><span className={points < 0 ? "lc-score-less" : "lc-score-more"} style={{ width: `${(100 * Math.abs(points)) / most}%` }} /></span>
            <span className="lc-number">{points > 0 ? `+${points}` : points}</span>
            {each.reasons.map((reason, at) => <span key={at} className="lc-score-why">{reasonOf(reason, t, w)}</span>)}
          </li>
        );
      })}
    </ul>
  );
}

function reasonOf(reason: Record<string, unknown>, t: ReturnType<typeof useSpeech>["t"], w: ReturnType<typeof useSpeech>["w"]): string {
  if ("likelihood" in reason) return `${t("likelihood", { percent: `${Math.round(Number(reason["likelihood"]) * 100)}%` })} · ${shown(reason["log_odds"], w)}`;
  if ("events" in reason) return `${t("events", { count: Number(reason["events"]) })}${reason["newest"] ? ` · ${shown(reason["newest"], w)}` : ""}`;
  return [reason["note"] ? shown(reason["note"], w) : (reason["case"] ?? reason["expression"]), shown(reason["values"], w)].filter((each) => each && each !== "—").join(" · ");
}
