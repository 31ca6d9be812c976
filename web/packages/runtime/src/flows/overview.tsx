import { Badge, Failure, instant, link, Nothing, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { FlowLine } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useRuntime } from "../runtime";
import { MoreActions } from "../tasks/act";
import { TablesOf } from "../automation/tables";
import { cronWords } from "../cron";

const EVERY: Record<string, TextKey> = { minutes: "everyMinutes", hours: "everyHours", days: "everyDays", weeks: "everyWeeks", months: "everyMonths", years: "everyYears" };

export function useFlows() {
  const { client } = useRuntime();
  return useQuery({ queryKey: ["flows", "list"], queryFn: () => client.run<{ items: FlowLine[] }>("flows.list", {}) });
}

/** Every flow by its form: what begins it, when next, how many run, and what needs somebody. */
export function Overview() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const flows = useFlows();
  if (flows.error) return <Failure error={flows.error} retry={() => void flows.refetch()} />;
  if (!flows.data) return <Sketch rows={6} />;
  const { items } = flows.data;
  if (items.length === 0) return <Nothing title={t("noFlows")} hint={t("noFlowsHint")} action={<Button type="primary" href={link(["flows", "design"])}>{t("flowNew")}</Button>} />;
  return (
    <div className="lc-rules">
      {[...new Set(items.map((each) => each.form))].map((form) => (
        <section key={form} className="lc-sheet lc-rules-group">
          <h2>{w(app.forms[form]?.title) || form}</h2>
          <ul>
            {items.filter((each) => each.form === form).map((each) => <Line key={each.flow} line={each} />)}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({ line }: { line: FlowLine }) {
  const { session } = useRuntime();
  const { t, w, locale } = useSpeech();
  const { schedule } = line;
  return (
    <li className="lc-rule">
      <div className="lc-rule-head">
        <strong>{w(line.title)}</strong>
        <span className="lc-flow-counts">
          {line.running > 0 && <Badge color="blue">{t("flowsRunning", { count: line.running })}</Badge>}
          {line.suspended > 0 && <Badge color="orange">{t("flowsSuspended", { count: line.suspended })}</Badge>}
          {line.stuck > 0 && <a href={link(["flows", "incidents"])}><Badge color="red">{t("flowsStuck", { count: line.stuck })}</Badge></a>}
        </span>
        <span className="lc-grow" />
        <MoreActions small actions={line.actions} />
      </div>
      <div className="lc-rule-foot">
        <span>{t(`starts_${line.on}`)}</span>
        {schedule?.cron && <span title={schedule.cron}>{cronWords(schedule.cron, locale)}</span>}
        {schedule?.at && <span>{instant(schedule.at)}</span>}
        {schedule?.every && <span>{Object.entries(schedule.every).map(([unit, count]) => (EVERY[unit] ? t(EVERY[unit], { count }) : `${count} ${unit}`)).join(" ")}</span>}
        <TablesOf kind="flows" name={line.flow} />
        {line.next && <span>{t("nextTime", { at: instant(line.next) })}</span>}
        <span className="lc-grow" />
        {session.actor.administrator && <a href={link(["flows", "design", line.flow])}>{t("design")}</a>}
        <a href={link(["simulate"], { flow: line.flow })}>{t("simulateOne")}</a>
        {line.older > 0 && <a href={link(["flows", "migration"], { flow: line.flow })}>{t("flowsOlder", { count: line.older })}</a>}
      </div>
    </li>
  );
}
