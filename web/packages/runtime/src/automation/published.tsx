import { Badge, Failure, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { PublishedVersion } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Publishing } from "./publication";

/** Who published what and when; the last one can be taken back. */
export function Published() {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [undoing, setUndoing] = useState(false);
  const query = useQuery({ queryKey: ["rules", "versions"], queryFn: () => client.run<{ items: PublishedVersion[] }>("app.versions", {}) });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  if (query.data.items.length === 0) return <Nothing title={t("none")} />;
  return (
    <div className="lc-rules">
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
      {undoing && <Publishing title={t("publishUndo")} label={t("publishUndo")} danger look={{ operation: "app.plan_undo", values: {} }} act={{ operation: "app.undo", values: {} }} close={() => setUndoing(false)} done={() => setUndoing(false)} />}
    </div>
  );
}
