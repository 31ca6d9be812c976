import { Failure, link, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Action, Incident } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { ActionForm, MoreActions } from "../tasks/act";

/** What is stuck: where, why, and the ways out. */
export function Incidents() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const query = useQuery({ queryKey: ["flows", "incidents"], queryFn: () => client.run<{ items: Incident[]; actions: Action[] }>("flows.incidents", {}) });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  if (query.data.items.length === 0) return <Nothing title={t("noIncidents")} />;
  return (
    <div className="lc-rules">
      <p className="lc-quiet">{t("incidentsHint")}</p>
      {query.data.actions.length > 0 && <div><MoreActions actions={query.data.actions} plain /></div>}
      <ul className="lc-sheet lc-runs">
        {query.data.items.map((each) => <Stuck key={each.id} found={each} />)}
      </ul>
    </div>
  );
}

function Stuck({ found }: { found: Incident }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [chosen, choose] = useState<Action | null>(null);
  const { record } = found;
  return (
    <li className="lc-run">
      <div className="lc-rule-head">
        <strong>{w(found.flow.title)} · {found.title}</strong>
        <span className="lc-grow" />
        {app.forms[record.form] && <a href={link(["records", record.form, record.id])}>{t("openRecord")}</a>}
      </div>
      <div className="lc-rule-foot">
        <span>{found.subject}</span>
        <span>{t("stuckSince")} <When at={found.at} /></span>
      </div>
      {found.problems.map((each) => <div key={each.code} className="lc-rule-why">{each.message}</div>)}
      <div className="lc-incident-ways">
        {found.actions.map((each, at) => (
          <Button key={at} size="small" type={at === 0 ? "primary" : "default"} danger={each.danger} onClick={() => choose(each)}>{w(each.title)}</Button>
        ))}
      </div>
      {chosen && <ActionForm action={chosen} close={() => choose(null)} />}
    </li>
  );
}
