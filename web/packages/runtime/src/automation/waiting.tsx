import { brief, Failure, instant, link, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { WaitLine } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRuntime } from "../runtime";

/** Records on their way through rules that wait: since when, when each goes on, and an end before the time. */
export function Waiting() {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const queries = useQueryClient();
  const { message } = App.useApp();
  const query = useQuery({ queryKey: ["rules", "waiting"], queryFn: () => client.run<{ items: WaitLine[] }>("rules.waiting", { limit: 500 }) });
  const end = async (line: WaitLine) => {
    try {
      await client.run("rules.end_waits", { rule: line.rule, record: line.record });
      await queries.invalidateQueries({ queryKey: ["rules"] });
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={6} />;
  if (query.data.items.length === 0) return <Nothing title={t("noWaiting")} />;
  return (
    <ul className="lc-sheet lc-runs">
      {query.data.items.map((line) => (
        <li key={line.id} className="lc-run">
          <div className="lc-rule-head">
            <span>{w(line.title)}</span>
            <Button size="small" onClick={() => void end(line)}>{t("endWait")}</Button>
          </div>
          <div className="lc-rule-foot">
            {line.form && <a href={link(["records", line.form, line.record])}>{w(app.forms[line.form]?.title)} #{line.record}</a>}
            <span>{t("startedAt")} <When at={line.started_at} /></span>
            <span>{t("goesOn")} {instant(line.due_at)}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
