import { brief, Failure, go, link, Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { Carried, FlowLine } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Select } from "antd";
import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";
import { useFlows } from "./overview";

/** Instances of older versions carried over: seen first, then chosen, then done. */
export function Migration({ flow }: { flow?: string }) {
  const { t, w } = useSpeech();
  const flows = useFlows();
  if (flows.error) return <Failure error={flows.error} retry={() => void flows.refetch()} />;
  if (!flows.data) return <Sketch rows={6} />;
  const line = flows.data.items.find((each) => each.flow === flow);
  const options = flows.data.items.map((each) => ({ value: each.flow, label: each.older > 0 ? `${w(each.title)} (${t("flowsOlder", { count: each.older })})` : w(each.title) }));
  return (
    <div className="lc-rules">
      <div className="lc-sheet lc-trial">
        <p className="lc-quiet">{t("migrationHint")}</p>
        <div className="lc-trial-asked">
          <Select showSearch optionFilterProp="label" aria-label={t("migrationFlow")} placeholder={t("migrationFlow")} value={flow} onChange={(value: string) => go(link(["flows", "migration"], { flow: value }))} options={options} />
        </div>
      </div>
      {line && <Carrying key={line.flow} line={line} />}
    </div>
  );
}

function Carrying({ line }: { line: FlowLine }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [nodes, setNodes] = useState<Record<string, string>>({});
  const [again, setAgain] = useState(false);
  const [left, setLeft] = useState<Set<number>>(new Set());
  const [busy, setBusy] = useState(false);
  const asked = { flow: line.flow, nodes, ask_again: again };
  const preview = useQuery({ queryKey: ["flows", "migration", asked], queryFn: () => client.run<{ items: Carried[] }>("flows.preview_migration", asked), placeholderData: (before) => before });
  const [unknown, setUnknown] = useState<Record<string, string>>({});
  useEffect(() => {
    const found = (preview.data?.items ?? []).flatMap((each) => each.problems.flatMap(({ node, title }) => (node ? [[node, title ?? node]] : [])));
    setUnknown((known) => ({ ...known, ...Object.fromEntries(found) }));
  }, [preview.data]);
  if (preview.error) return <Failure error={preview.error} retry={() => void preview.refetch()} />;
  if (!preview.data) return <Sketch rows={4} />;
  const { items } = preview.data;
  if (items.length === 0) return <Nothing title={t("migrationNone")} />;
  const fitting = items.filter((each) => each.problems.length === 0 && !left.has(each.instance)).map((each) => each.instance);
  const apply = async () => {
    setBusy(true);
    try {
      const done = await client.run<{ items: Carried[] }>("flows.migrate", { ...asked, instances: fitting });
      void message.success(t("migrationDone", { count: done.items.filter((each) => each.done).length }));
      await queries.invalidateQueries({ queryKey: ["flows"] });
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {Object.keys(unknown).length > 0 && (
        <section className="lc-sheet lc-trial">
          <h3>{t("migrationMap")}</h3>
          {Object.entries(unknown).map(([node, title]) => (
            <label key={node} className="lc-parameter">
              <span>{title}</span>
              <Select allowClear aria-label={`${t("migrationNew")}: ${title}`} placeholder={t("migrationNew")} value={nodes[node]} onChange={(value?: string) => setNodes(without(nodes, node, value))} options={line.nodes.map((each) => ({ value: each.name, label: each.title }))} />
            </label>
          ))}
        </section>
      )}
      <ul className="lc-sheet lc-runs">
        {items.map((each) => (
          <Candidate key={each.instance} found={each} line={line} taken={!left.has(each.instance)} take={(taken) => setLeft(toggled(left, each.instance, !taken))} />
        ))}
      </ul>
      <div className="lc-actions lc-migration-foot">
        <Checkbox checked={again} onChange={(event) => setAgain(event.target.checked)}>{t("migrationAskAgain")}</Checkbox>
        <span className="lc-grow" />
        <Button type="primary" disabled={fitting.length === 0} loading={busy} onClick={() => void apply()}>{t("migrationApply", { count: fitting.length })}</Button>
      </div>
    </>
  );
}

function Candidate({ found, line, taken, take }: { found: Carried; line: FlowLine; taken: boolean; take: (taken: boolean) => void }) {
  const { t } = useSpeech();
  const fits = found.problems.length === 0;
  const called = (node: string) => line.nodes.find((each) => each.name === node)?.title ?? node;
  return (
    <li className="lc-run">
      <div className="lc-rule-head">
        <Checkbox checked={fits && taken} disabled={!fits} onChange={(event) => take(event.target.checked)}>{found.subject || found.record.label}</Checkbox>
        <a href={link(["records", found.record.form, found.record.id])}>{t("openRecord")}</a>
      </div>
      {found.at.map((each, at) => (
        <div key={at} className="lc-rule-foot">
          <span>{t("standsAt")} {called(each.node)}</span>
          {each.people.length > 0 && <span>{t("askedThen")} {each.people.map((person) => person.label).join(", ")}</span>}
        </div>
      ))}
      {found.problems.map((each, at) => <div key={at} className="lc-rule-why">{each.detail}</div>)}
    </li>
  );
}

function without(nodes: Record<string, string>, node: string, value?: string): Record<string, string> {
  const { [node]: _, ...rest } = nodes;
  return value === undefined ? rest : { ...rest, [node]: value };
}

function toggled(known: Set<number>, id: number, on: boolean): Set<number> {
  const found = new Set(known);
  if (on) found.add(id);
  else found.delete(id);
  return found;
}
