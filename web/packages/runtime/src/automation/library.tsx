import { Badge, brief, downloadDocument, Failure, link, Nothing, Sketch, useNarrow, useRoving, useSpeech } from "@lowcode/kit";
import type { Backtest, Scenario, ScenarioWord } from "@lowcode/protocol";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Publishing } from "./publication";
import { Found } from "./trial";
import { Words } from "./words";

const NAME = /^[a-z][a-z0-9_]*$/;

interface Filled {
  document: Record<string, unknown> & { name: string; form?: string; on?: Record<string, unknown> };
  path: string;
  taken: boolean;
  words: ScenarioWord[];
  findings: { code: string; pointer: string; message: string; hint: string }[];
}

/** Ready-made rules: searched by words and group, filled in for this app, looked at, taken along. */
export function Library() {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [sought, setSought] = useState("");
  const [group, setGroup] = useState<string>();
  const [chosen, setChosen] = useState<Scenario>();
  const query = useQuery({ queryKey: ["rules", "library", sought], queryFn: () => client.run<Scenario[]>("rules.scenarios", { words: sought }), placeholderData: (before) => before });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Sketch rows={8} />;
  const groups = new Map(query.data.map((each) => [each.group, w(each.group_title)]));
  const found = query.data.filter((each) => group === undefined || each.group === group);
  return (
    <div className="lc-rules">
      <div className="lc-library-asked">
        <Input.Search allowClear placeholder={t("librarySearch")} aria-label={t("librarySearch")} onSearch={setSought} onChange={(event) => event.target.value === "" && setSought("")} />
        <Select allowClear aria-label={t("all")} placeholder={t("all")} value={group} onChange={(value?: string) => setGroup(value)} options={[...groups].map(([value, label]) => ({ value, label }))} />
        <span className="lc-quiet">{t("libraryCount", { count: found.length })}</span>
      </div>
      {found.length === 0 ? (
        <Nothing title={t("none")} />
      ) : (
        <Scenarios found={found} choose={setChosen} />
      )}
      {chosen && <Fitting key={chosen.scenario} scenario={chosen} close={() => setChosen(undefined)} />}
    </div>
  );
}

/** Two hundred cards are one stop of the Tab key. */
function Scenarios({ found, choose }: { found: Scenario[]; choose: (each: Scenario) => void }) {
  const { t, w } = useSpeech();
  const list = useRoving<HTMLUListElement>(".lc-scenario");
  return (
    <ul ref={list} className="lc-scenarios">
      {found.map((each) => (
        <li key={each.scenario}>
          <button type="button" className="lc-scenario" onClick={() => choose(each)}>
            <span className="lc-rule-head"><strong>{w(each.title)}</strong>{each.installed && <Badge color="green">{t("installed")}</Badge>}</span>
            <span className="lc-quiet">{w(each.group_title)}</span>
            {each.help && <span>{w(each.help)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** One scenario with its parameters, the rule it makes for this app, what it would have done lately; and installed. */
function Fitting({ scenario, close }: { scenario: Scenario; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [names, setNames] = useState<Record<string, string>>({});
  const [values, setValues] = useState<Record<string, string>>({});
  const [name, setName] = useState(scenario.installed ? `${scenario.scenario}_2` : scenario.scenario);
  const [armed, setArmed] = useState(true);
  const [publishing, setPublishing] = useState(false);
  const made = useFilled(scenario.scenario, values, names, name);
  const documents = made.data && { [made.data.path]: armed ? made.data.document : { ...made.data.document, enabled: false } };
  const fits = made.data?.findings.length === 0;
  const installed = () => {
    const chosen = (made.data?.words ?? []).filter((each) => each.name !== null && (!each.same || each.word in names));
    if (chosen.length > 0) void client.run("rules.remember_words", { names: Object.fromEntries(chosen.map((each) => [each.word, each.name])) });
    close();
  };
  return (
    <Drawer open onClose={close} title={w(scenario.title)} size={narrow ? "100%" : 560}>
      <div className="lc-library-one">
      {scenario.help && <p>{w(scenario.help)}</p>}
      <section>
        <h3>{t("parameters")}</h3>
        {Object.entries(scenario.parameters).map(([key, each]) => (
          <label key={key} className="lc-parameter">
            <span>{w(each.title) || key}</span>
            <Input defaultValue={String(each.default ?? "")} onChange={(event) => setValues({ ...values, [key]: event.target.value })} />
          </label>
        ))}
        <label className="lc-parameter">
          <span>{t("ruleName")}</span>
          <Input value={name} status={NAME.test(name) && !made.data?.taken ? "" : "error"} onChange={(event) => setName(event.target.value)} />
        </label>
      </section>
      {made.data && <Words words={made.data.words} given={names} give={setNames} />}
      {!NAME.test(name) && <Alert type="error" message={t("ruleNameWrong")} />}
      {made.data?.taken && <Alert type="warning" message={t("ruleNameTaken")} />}
      {made.error && <Alert type="error" message={brief(made.error, speech)} />}
      {made.data && (fits ? (
        <Alert type="success" message={t("fits")} />
      ) : (
        <Alert type="warning" message={t("fitsNot")} description={<ul>{made.data.findings.map((each, at) => <li key={at}>{each.message}</li>)}</ul>} />
      ))}
      {made.data && fits && <Past key={JSON.stringify(made.data.document)} draft={made.data.document} form={made.data.document.form ?? ""} trigger={made.data.document.on} />}
      <h3>{t("ruleMade")}</h3>
      <pre className="lc-document" tabIndex={0}>{made.data ? JSON.stringify(made.data.document, null, 2) : ""}</pre>
      <Checkbox checked={armed} onChange={(event) => setArmed(event.target.checked)}>{t("installArmed")}</Checkbox>
      <div className="lc-actions">
        <Button type="primary" disabled={!fits || made.data?.taken || !NAME.test(name)} onClick={() => setPublishing(true)}>{t("installRule")}</Button>
        <Button disabled={!made.data || made.data.taken || !NAME.test(name)} href={link(["rules", name], { scenario: scenario.scenario, filled: JSON.stringify({ values, names }) })}>{t("ruleInDesigner")}</Button>
        <Button disabled={!made.data} onClick={() => made.data && downloadDocument(made.data.document)}>{t("downloadRule")}</Button>
      </div>
      </div>
      {publishing && documents && <Publishing title={`${t("installRule")}: ${w(scenario.title)}`} label={t("installRule")} look={{ operation: "app.plan", values: { documents } }} act={{ operation: "app.publish", values: { documents } }} close={() => setPublishing(false)} done={installed} />}
    </Drawer>
  );
}

function useFilled(scenario: string, values: Record<string, string>, names: Record<string, string>, name: string) {
  const { client } = useRuntime();
  return useQuery({
    queryKey: ["rules", "scenario", scenario, values, names, name],
    queryFn: () => client.run<Filled>("rules.scenario", { scenario, values, names, ...(NAME.test(name) ? { name } : {}) }),
    placeholderData: (before: Filled | undefined) => before,
    retry: false,
  });
}

/** What a draft would have done in the last thirty days. Buttons and events from outside have no past to replay. */
function Past({ draft, form, trigger }: { draft: object; form: string; trigger?: Record<string, unknown> }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const run = useMutation({ mutationFn: () => client.run<Backtest>("rules.backtest", { draft }) });
  if (form === "" || trigger === undefined || "button" in trigger || "event" in trigger) return null;
  return (
    <section className="lc-past">
      <Button loading={run.isPending} onClick={() => run.mutate()}>{t("tryOnPast")}</Button> <span className="lc-quiet">{t("tryOnPastHint")}</span>
      {run.error && <Alert type="error" message={brief(run.error, speech)} />}
      {run.data && <Found found={run.data} form={form} />}
    </section>
  );
}
