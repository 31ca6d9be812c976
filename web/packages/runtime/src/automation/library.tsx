import { Badge, brief, Failure, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Scenario } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

interface Filled {
  document: Record<string, unknown> & { name: string };
  path: string;
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
        <ul className="lc-scenarios">
          {found.map((each) => (
            <li key={each.scenario}>
              <button type="button" className="lc-scenario" onClick={() => setChosen(each)}>
                <span className="lc-rule-head"><strong>{w(each.title)}</strong>{each.installed && <Badge color="green">{t("installed")}</Badge>}</span>
                <span className="lc-quiet">{w(each.group_title)}</span>
                {each.help && <span>{w(each.help)}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {chosen && <Fitting key={chosen.scenario} scenario={chosen} close={() => setChosen(undefined)} />}
    </div>
  );
}

/** One scenario with its parameters, and the rule it makes for this app. */
function Fitting({ scenario, close }: { scenario: Scenario; close: () => void }) {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const { message } = App.useApp();
  const narrow = useNarrow();
  const [values, setValues] = useState<Record<string, string>>({});
  const made = useQuery({ queryKey: ["rules", "scenario", scenario.scenario, values], queryFn: () => client.run<Filled>("rules.scenario", { scenario: scenario.scenario, values }), placeholderData: (before) => before, retry: false });
  const text = made.data ? JSON.stringify(made.data.document, null, 2) : "";
  const command = `lowcode install ${scenario.scenario} --app ${app.name}${Object.entries(values).map(([name, value]) => ` --set ${name}=${value}`).join("")}`;
  const download = () => {
    const address = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: address, download: `${made.data?.document.name}.json` }).click();
    URL.revokeObjectURL(address);
  };
  return (
    <Drawer open onClose={close} title={w(scenario.title)} size={narrow ? "100%" : 560}>
      {scenario.help && <p>{w(scenario.help)}</p>}
      {Object.keys(scenario.parameters).length > 0 && (
        <section>
          <h3>{t("parameters")}</h3>
          {Object.entries(scenario.parameters).map(([name, each]) => (
            <label key={name} className="lc-parameter">
              <span>{w(each.title) || name}</span>
              <Input defaultValue={String(each.default ?? "")} onChange={(event) => setValues({ ...values, [name]: event.target.value })} />
            </label>
          ))}
        </section>
      )}
      {made.error && <Alert type="error" message={brief(made.error, speech)} />}
      {made.data && (made.data.findings.length === 0 ? (
        <Alert type="success" message={t("fits")} />
      ) : (
        <Alert type="warning" message={t("fitsNot")} description={<ul>{made.data.findings.map((each, at) => <li key={at}>{each.message}</li>)}</ul>} />
      ))}
      <h3>{t("ruleMade")}</h3>
      <pre className="lc-document" tabIndex={0}>{text}</pre>
      <p className="lc-quiet">{t("installHint")}</p>
      <pre className="lc-document" tabIndex={0}>{command}</pre>
      <div className="lc-actions">
        <Button type="primary" disabled={!made.data} onClick={download}>{t("downloadRule")}</Button>
        <Button onClick={() => void navigator.clipboard.writeText(command).then(() => message.success(t("ruleCopied")))}>{t("copyCommand")}</Button>
      </div>
    </Drawer>
  );
}
