import { Badge, brief, useNarrow, useSpeech } from "@lowcode/kit";
import type { AskedCondition, Backtest, Field, Reference, Values } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Conditions, Doings } from "@lowcode/runtime/automation/told";
import { Found } from "@lowcode/runtime/automation/trial";
import { inputOf } from "@lowcode/runtime/widgets/inputs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Segmented, Select } from "antd";
import { useEffect, useState } from "react";
import { useDesign } from "../design";
import { isNode, type Node } from "../tree";
import { useRested } from "../work";
import { useRule } from "./about";
import { triggersOf } from "./rule";
import { useSaid } from "./said";

interface Part {
  text: string;
  value: unknown;
  blanks: string[];
  parts: Part[];
}

interface Tried {
  matches: boolean;
  steps: { step: number; matches: boolean; reason?: string; due_at?: string | null; conditions?: AskedCondition[]; actions?: Values[] }[];
  why: Part[];
  labels: Record<string, string>;
  people: Record<string, string>;
}

const PAUSE = 500;
const SPANS = [30, 90, 365] as const;

/** What the rule as it stands would do: for a record now and why, or over what is stored of the past. Nothing is done. */
export function RuleTrying() {
  const { document } = useDesign();
  const { palette } = useRule();
  const { t } = useSpeech();
  const [by, setBy] = useState<"record" | "past">("record");
  const names = triggersOf(document, palette.triggers);
  const past = typeof document["form"] === "string" && !names.some((each) => ["button", "event", "received"].includes(each));
  return (
    <section className="lc-design-inspector lc-table-try" aria-label={t("tableTry")}>
      <Segmented block size="small" value={by} onChange={setBy} options={[{ value: "record", label: t("ruleTryNow") }, { value: "past", label: t("backtest") }]} />
      {by === "record" ? <OnRecord /> : past ? <OnPast /> : <p className="lc-quiet">{t("ruleNoPast")}</p>}
    </section>
  );
}

function OnRecord() {
  const { client, app } = useRuntime();
  const { document, findings } = useDesign();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [record, setRecord] = useState<Reference | null>(null);
  const form = app.forms[String(document["form"] ?? "")];
  const rested = useRested(JSON.stringify(document), PAUSE);
  const faulty = findings.length > 0;
  const ready = !faulty && (record !== null || form === undefined);
  const wanted = { document: JSON.parse(rested) as Node, ...(record && form ? { record: record.id } : {}) };
  const found = useQuery({ queryKey: ["rule-try", wanted], queryFn: ({ signal }) => client.run<Tried>("rules.try_rule", wanted, { signal }), enabled: ready, gcTime: 30_000, staleTime: 0, retry: false });
  const RecordInput = inputOf("link");
  return (
    <>
      {form && (
        <div className="lc-design-option">
          <label className="lc-design-label" htmlFor="rule-try-record">{w(form.title)}</label>
          <RecordInput id="rule-try-record" narrow={narrow} field={{ name: "record", type: "link", to: form.name } as Field} value={record} onChange={(value: unknown) => setRecord(value as Reference | null)} />
        </div>
      )}
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {!faulty && !ready && <p className="lc-quiet">{t("ruleTryHint")}</p>}
      {ready && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {ready && found.data && <Answer found={found.data} form={form?.name ?? ""} />}
    </>
  );
}

function Answer({ found, form }: { found: Tried; form: string }) {
  const { t } = useSpeech();
  const { when } = useMoment();
  return (
    <div role="status" className="lc-ruled-answer">
      <Badge color={found.matches ? "green" : "gray"}>{t(found.matches ? "ruleWould" : "ruleWouldNot")}</Badge>
      {found.why.map((each, place) => <Why key={place} part={each} />)}
      {found.steps.map((step) => (
        <div key={step.step}>
          {found.steps.length > 1 && <h3>{t("ruleRung", { number: step.step })} <span className="lc-quiet">{t(step.matches ? "nowWould" : "nowWouldNot")}</span></h3>}
          {step.reason && <p className="lc-quiet">{step.reason}</p>}
          {step.due_at && <p className="lc-quiet">{t("ruleDueAt", { when: when(step.due_at) })}</p>}
          {found.steps.length > 1 && step.conditions && step.conditions.length > 0 && !step.matches && <Conditions asked={step.conditions} form={form} people={found.people} labels={{}} />}
          {step.actions && step.actions.length > 0 && <Doings actions={step.actions} form={form} people={found.people} labels={{ [form]: found.labels }} />}
        </div>
      ))}
    </div>
  );
}

function useMoment() {
  const { locale } = useSpeech();
  return { when: (moment: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment)) };
}

/** A condition taken apart: what held and what did not, and which value was blank. */
function Why({ part }: { part: Part }) {
  const { t } = useSpeech();
  const said = useSaid();
  const logical = part.value === true || part.value === false || part.value === null;
  const parts = part.parts.filter((each) => each.value === true || each.value === false || each.value === null);
  const joined = parts.length > 1 && /\b(and|or)\b/i.test(part.text);
  if (joined) return <ul className="lc-ruled-why">{parts.map((each, place) => <li key={place}><Why part={each} /></li>)}</ul>;
  if (!logical) return null;
  const values = part.parts.filter((each) => /^[\w.]+$/.test(each.text) && typeof each.value !== "object");
  return (
    <div className="lc-ruled-because">
      <span className={part.value === true ? "lc-met" : "lc-unmet"}>{t(part.value === true ? "holds" : "holdsNot")}</span> <span>{said.said(part.text)}</span>
      {values.map((each, place) => <span key={place} className="lc-quiet"> · {said.said(each.text)} = {String(each.value)}</span>)}
      {part.blanks.length > 0 && <span className="lc-quiet"> · {t("ruleBlank", { names: part.blanks.map((each) => said.said(each)).join(", ") })}</span>}
    </div>
  );
}

/** What the rule would have done, replayed over the history that is kept. */
function OnPast() {
  const { client, now } = useRuntime();
  const { document, findings } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const [days, setDays] = useState<number>(SPANS[0]);
  const run = useMutation({ mutationFn: () => client.run<Backtest>("rules.backtest", { draft: document, since: new Date(now().getTime() - days * 86_400_000).toISOString() }) });
  const { reset } = run;
  useEffect(() => reset(), [document, days, reset]);
  const faulty = findings.length > 0;
  const form = isNode(document) ? String(document["form"] ?? "") : "";
  return (
    <div className="lc-ruled-past">
      <p className="lc-quiet">{t("ruleBacktestHint")}</p>
      <div className="lc-design-row">
        <Select aria-label={t("ruleStretch")} value={days} options={SPANS.map((value) => ({ value, label: t("ruleLastDays", { count: value }) }))} onChange={setDays} />
        <Button type="primary" disabled={faulty} loading={run.isPending} onClick={() => run.mutate()}>{t("backtestRun")}</Button>
      </div>
      {faulty && <p className="lc-quiet">{t("tableTryWrong")}</p>}
      {run.error && <Alert type="error" message={brief(run.error, speech)} />}
      {run.data && <div role="status"><Found found={run.data} form={form} /></div>}
    </div>
  );
}
