import { Badge, brief, Failure, link, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { RuleLine } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { useConditionSaid } from "../use_said";
import { Publishing } from "./publication";
import { TablesOf } from "./tables";

export function useRules() {
  const { client } = useRuntime();
  return useQuery({ queryKey: ["rules"], queryFn: () => client.run<{ items: RuleLine[] }>("rules.list", {}) });
}

/** Every rule: what it is about, what sets it off, how it stands, what it did lately. */
export function Rules({ rule = "" }: { rule?: string }) {
  const { app, session } = useRuntime();
  const { t, w } = useSpeech();
  const rules = useRules();
  const [sought, setSought] = useState(rule);
  if (rules.error) return <Failure error={rules.error} retry={() => void rules.refetch()} />;
  if (!rules.data) return <Sketch rows={8} />;
  if (rules.data.items.length === 0) return <Nothing title={t("rulesNone")} hint={t("rulesNoneHint")} action={<Button href={link(["automation", "library"])}>{t("library")}</Button>} />;
  const found = rules.data.items.filter((each) => `${w(each.title)} ${each.rule} ${w(app.forms[each.form ?? ""]?.title)}`.toLowerCase().includes(sought.toLowerCase()));
  const forms = [...new Set(found.map((each) => each.form ?? ""))];
  return (
    <div className="lc-rules">
      <div className="lc-rules-head">
        <Input.Search allowClear className="lc-rules-search" placeholder={t("search")} aria-label={t("search")} value={sought} onChange={(event) => setSought(event.target.value)} />
        {session.actor.administrator && <Button type="primary" href={link(["rules"], { new: "1" })}>{t("ruleNew")}</Button>}
      </div>
      {forms.map((form) => (
        <section key={form} className="lc-sheet lc-rules-group">
          <h2>{w(app.forms[form]?.title) || form || t("application")}</h2>
          <ul>
            {found.filter((each) => (each.form ?? "") === form).map((each) => <Line key={each.rule} line={each} />)}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({ line }: { line: RuleLine }) {
  const { app, session } = useRuntime();
  const { t, w } = useSpeech();
  const said = useConditionSaid();
  const { done = 0, stopped = 0 } = line.lately;
  return (
    <li className="lc-rule">
      <div className="lc-rule-head">
        <a href={link(["automation", "log"], { rule: line.rule })}>{w(line.title)}</a>
        {line.paused ? <Badge color="red">{t("paused")}</Badge> : <Badge color={line.armed ? "green" : "gray"}>{t(line.armed ? "armed" : "disarmed")}</Badge>}
      </div>
      <div className="lc-rule-foot">
        <span>{t(`trigger_${line.trigger}`)}</span>
        {line.when && <span title={line.when}>{said(line.when, app.forms[line.form ?? ""])}</span>}
        <TablesOf kind="rules" name={line.rule} />
        <span className="lc-grow" />
        <span className="lc-rule-more">
        <span>{t("lately")}: {done > 0 ? t("timesDone", { count: done }) : t("never")}{stopped > 0 && `, ${t("timesStopped", { count: stopped })}`}</span>
        {line.last && <When at={line.last} />}
        {line.tried && <a href={link(["automation", "backtest"], { rule: line.rule })}>{t("backtest")}</a>}
        {line.armed && <Pausing line={line} />}
        {line.switchable && session.actor.administrator && <a href={link(["rules", line.rule])} aria-label={`${t("ruleChange")} ${w(line.title)}`}>{t("ruleChange")}</a>}
        {line.switchable && <Switching line={line} />}
        </span>
      </div>
      {line.paused && <div className="lc-rule-why">{line.paused}</div>}
    </li>
  );
}

interface Changed {
  path: string;
  document: object;
}

/** Arming and disarming change the rule's document: it is published like any other. */
function Switching({ line }: { line: RuleLine }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const { message } = App.useApp();
  const [changed, setChanged] = useState<Changed>();
  const label = t(line.armed ? "disarm" : "arm");
  const begin = () => client.run<Changed>("rules.switched", { rule: line.rule, armed: !line.armed }).then(setChanged, (error: unknown) => void message.error(brief(error, speech)));
  const close = () => setChanged(undefined);
  const documents = changed && { [changed.path]: changed.document };
  return (
    <>
      <Button size="small" type="link" onClick={() => void begin()}>{label}</Button>
      {documents && <Publishing title={`${label}: ${w(line.title)}`} label={label} look={{ operation: "app.plan", values: { documents } }} act={{ operation: "app.publish", values: { documents } }} close={close} done={close} />}
    </>
  );
}

function Pausing({ line }: { line: RuleLine }) {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { message, modal } = App.useApp();
  const ask = async (operation: string, values: object) => {
    try {
      await client.run(operation, { rule: line.rule, ...values });
      await queries.invalidateQueries({ queryKey: ["rules"] });
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  const pause = () => {
    let reason = "";
    modal.confirm({
      title: `${speech.t("pauseRule")}: ${speech.w(line.title)}`,
      content: <Input autoFocus aria-label={speech.t("pauseWhy")} placeholder={speech.t("pauseWhy")} onChange={(event) => (reason = event.target.value)} />,
      okText: speech.t("pauseRule"),
      cancelText: speech.t("cancel"),
      onOk: () => (reason.trim() ? ask("rules.pause", { reason: reason.trim() }) : Promise.reject(new Error())),
    });
  };
  return line.paused ? (
    <Button size="small" type="link" onClick={() => void ask("rules.resume", {})}>{speech.t("resumeRule")}</Button>
  ) : (
    <Button size="small" type="link" onClick={pause}>{speech.t("pauseRule")}</Button>
  );
}
