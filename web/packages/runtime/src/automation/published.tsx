import { Badge, Failure, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Indexing, PublishedVersion } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { DocumentDrawer } from "./document";
import { Publishing } from "./publication";

/** So often it is looked how far indexing has come. */
const EVERY = 2000;

/** Of which forms what is searched is being indexed since something was published. */
function Standing() {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const query = useQuery({ queryKey: ["records", "indexing"], queryFn: () => client.run<{ items: Indexing[] }>("records.indexing", {}), refetchInterval: (state) => (state.state.data?.items.length ? EVERY : false) });
  return (query.data?.items ?? []).map((each) => (
    <div key={each.form} className="lc-batch">
      <span className="lc-quiet">{t("indexing", { form: w(each.title), done: each.done, total: each.total })}</span>
      <Progress percent={each.total === 0 ? 0 : Math.min(99, Math.floor((100 * each.done) / each.total))} size="small" status="active" aria-label={w(each.title)} />
    </div>
  ));
}

/** Who published what and when; the last one can be taken back. */
export function Published() {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [undoing, setUndoing] = useState(false);
  const [writing, setWriting] = useState(false);
  const query = useQuery({ queryKey: ["rules", "versions"], queryFn: () => client.run<{ items: PublishedVersion[] }>("app.versions", {}) });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  return (
    <div className="lc-rules">
      <div className="lc-actions">
        <Button onClick={() => setWriting(true)}>{t("publishDocument")}</Button>
      </div>
      <Standing />
      {query.data.items.length === 0 && <Nothing title={t("none")} />}
      <ol className="lc-sheet lc-runs">
        {query.data.items.map((each) => (
          <li key={each.version} className="lc-run">
            <div className="lc-rule-head">
              <strong>{t("versionNumber", { number: each.version })}</strong>
              {each.in_use && <Badge color="green">{t("versionInUse")}</Badge>}
              {each.undone_at && each.undoes === null && <Badge color="gray">{t("versionUndone")}</Badge>}
              <span className="lc-grow" />
              <When at={each.at} />
            </div>
            <div className="lc-rule-foot">
              <span>{each.by ?? t("versionFolder")}</span>
              <span className="lc-grow" />
              {each.in_use && each.published && <Button size="small" type="link" onClick={() => setUndoing(true)}>{t("publishUndo")}</Button>}
            </div>
            {each.undoes !== null ? (
              <p>{t("versionUndoes", { number: each.undoes })}</p>
            ) : each.changes.length > 0 && (
              <ul className="lc-planned">{each.changes.map((one, at) => <li key={at}>{w(one.words)}</li>)}</ul>
            )}
          </li>
        ))}
      </ol>
      {writing && <DocumentDrawer close={() => setWriting(false)} />}
      {undoing && <Publishing title={t("publishUndo")} label={t("publishUndo")} danger look={{ operation: "app.plan_undo", values: {} }} act={{ operation: "app.undo", values: {} }} close={() => setUndoing(false)} done={() => setUndoing(false)} />}
    </div>
  );
}
