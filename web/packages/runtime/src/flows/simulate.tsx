import { Badge, Failure, go, link, Nothing, Person, recordLink, Sketch, useNarrow, usePlace, useSpeech } from "@lowcode/kit";
import type { Field, FlowGraph, Foreseen, ForeseenStep, Form, Instance, Otherwise, Reference, Step, Values } from "@lowcode/protocol";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, Select } from "antd";
import { useState, type ReactNode } from "react";
import { blank, calculated, written } from "../fields";
import { useRuntime } from "../runtime";
import { Unless } from "../tasks/coming";
import { nodeTitle, outcomeColor, outcomeText, stepText } from "../tasks/words";
import { inputOf } from "../widgets/inputs";
import { Graph } from "./graph";

const NOT_HERE = ["lines", "attachment", "image", "state", "json", "serial"];

/** What would happen (穿越时空): a flow for a record and a person, or the rest of one that runs; nothing of it remains. */
export default function SimulatePage() {
  const { t } = useSpeech();
  const place = usePlace();
  const instance = Number(place.query.get("instance"));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t(instance ? "aheadTitle" : "simulate")}</h1>
        </div>
        <p className="lc-quiet">{t(instance ? "aheadHint" : "simulateHint")}</p>
      </header>
      {instance ? <Rest key={instance} instance={instance} /> : <Beginning />}
    </div>
  );
}

/** What is still to come of an instance. */
function Rest({ instance }: { instance: number }) {
  const { client } = useRuntime();
  const [answers, answer] = useState<Record<string, string>>({});
  const found = useQuery({ queryKey: ["flows", "ahead", instance, answers], queryFn: () => client.run<Foreseen>("flows.ahead", { instance, answers }), placeholderData: keepPreviousData });
  const walked = useQuery({ queryKey: ["flows", "instance", instance], queryFn: () => client.run<{ items: Instance[] }>("flows.history", { instance }) });
  const own = walked.data?.items[0];
  return <Told found={found} answers={answers} answer={answer} walked={own?.steps} record={own?.record && { form: own.record.form, reference: { id: own.record.id, label: own.record.label } }} />;
}

/** A flow from its start. */
function Beginning() {
  const { app, client } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const { query } = usePlace();
  const [answers, answer] = useState<Record<string, string>>({});
  const [values, change] = useState<Values>({});
  const flows = Object.entries(app.flows ?? {}).filter(([, each]) => each.form !== undefined && app.forms[each.form] && (!query.get("form") || each.form === query.get("form")));
  const name = query.get("flow") ?? (flows.length === 1 ? flows[0]![0] : undefined);
  const flow = name === undefined ? undefined : app.flows?.[name];
  const form = app.forms[flow?.form ?? query.get("form") ?? ""];
  const id = Number(query.get("record")) || undefined;
  const [record, setRecord] = useState<Reference | null>(null);
  const [person, setPerson] = useState<Reference | null>(null);
  const RecordInput = inputOf("link");
  const there = (given: Record<string, string | undefined>) => go(link(["simulate"], { flow: name, form: query.get("form") ?? undefined, record: query.get("record") ?? undefined, ...given }));
  const asked = { flow: name, id, answers, values, ...(person ? { person: person.id } : {}) };
  const known = useQuery({ queryKey: ["record", form?.name, id, "label"], queryFn: () => client.get(form!.name, id!), enabled: form !== undefined && id !== undefined && record?.id !== id });
  const shown = record?.id === id ? record : known.data ? { id: known.data.id, label: known.data._label } : null;
  const found = useQuery({ queryKey: ["flows", "simulate", asked], queryFn: () => client.run<Foreseen>("flows.simulate", asked), enabled: name !== undefined && id !== undefined, placeholderData: keepPreviousData });
  if (flows.length === 0) return <Nothing title={t("noFlows")} />;
  return (
    <>
      <section className="lc-sheet lc-trial">
        <div className="lc-simulate-asked">
          <Asked name={t("simulateFlow")} id="simulate-flow">
            <Select id="simulate-flow" showSearch={{ optionFilterProp: "label" }} value={name} placeholder={t("migrationFlow")} options={flows.map(([key, each]) => ({ value: key, label: w(each.title) }))} onChange={(value: string) => { answer({}); change({}); there({ flow: value, ...(app.flows?.[value]?.form === flow?.form ? {} : { record: undefined }) }); }} />
          </Asked>
          {form && (
            <Asked name={w(form.title)} id="simulate-record">
              <RecordInput key={form.name} id="simulate-record" narrow={narrow} field={{ name: "record", type: "link", to: form.name } as Field} value={shown} onChange={(value: unknown) => { setRecord(value as Reference | null); there({ record: value ? String((value as Reference).id) : undefined }); }} />
            </Asked>
          )}
          {app.pages?.flows && <Starter person={person} choose={setPerson} />}
        </div>
        {form && id !== undefined && <Changes form={form} values={values} change={change} />}
      </section>
      {id === undefined || name === undefined ? <Nothing title={t("simulateChoose")} /> : <Told found={found} answers={answers} answer={answer} record={form && shown ? { form: form.name, reference: shown } : undefined} />}
    </>
  );
}

function Asked({ name, id, children }: { name: string; id: string; children: ReactNode }) {
  return (
    <div className="lc-simulate-one">
      <label htmlFor={id}>{name}</label>
      {children}
    </div>
  );
}

/** Who starts it: oneself, or for an administrator anybody. */
function Starter({ person, choose }: { person: Reference | null; choose: (person: Reference | null) => void }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const Input = inputOf("member");
  return (
    <Asked name={t("simulatePersonMe")} id="simulate-person">
      <Input id="simulate-person" narrow={narrow} field={{ name: "person", type: "member" } as Field} value={person} onChange={(value: unknown) => choose(value as Reference | null)} />
    </Asked>
  );
}

/** What the record would be changed to first. */
function Changes({ form, values, change }: { form: Form; values: Values; change: (values: Values) => void }) {
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const fields = form.fields.filter((field) => !field.system && !calculated(field) && !field.read_only && !NOT_HERE.includes(field.type));
  const changed = fields.filter((field) => field.name in values);
  const others = fields.filter((field) => !(field.name in values));
  return (
    <div className="lc-simulate-asked">
      {changed.map((field) => {
        const Input = inputOf(field.type);
        return (
          <Asked key={field.name} name={w(field.title) || field.name} id={`simulate-${field.name}`}>
            <Input id={`simulate-${field.name}`} narrow={narrow} field={field} value={values[field.name]} onChange={(value: unknown) => change({ ...values, [field.name]: blank(value) ? null : written(field, value) })} />
          </Asked>
        );
      })}
      <Asked name={t("simulateChange")} id="simulate-change">
        <Select id="simulate-change" showSearch={{ optionFilterProp: "label" }} value={null} placeholder={t("choose")} options={others.map((field) => ({ value: field.name, label: w(field.title) || field.name }))} onChange={(name: string | null) => name && change({ ...values, [name]: null })} />
      </Asked>
    </div>
  );
}

interface Answering {
  answers: Record<string, string>;
  answer: (answers: Record<string, string>) => void;
}

function Told({ found, record, walked = [], ...answering }: { found: { data?: Foreseen; error: unknown; refetch: () => void }; record?: { form: string; reference: Reference }; walked?: Step[] } & Answering) {
  const { t, w, locale } = useSpeech();
  if (found.error) return <Failure error={found.error} retry={() => found.refetch()} />;
  if (!found.data) return <Sketch rows={8} />;
  const { steps, state, incidents, otherwise = [], repeats } = found.data;
  const people: Record<string, string[]> = {};
  for (const step of [...walked, ...steps]) for (const each of step.people ?? []) people[step.node] = [...new Set([...(people[step.node] ?? []), each.person.label])];
  return (
    <div className="lc-simulate">
      <section className="lc-sheet lc-simulate-steps">
        <h2>
          {t("simulateEnds")} <Badge color={outcomeColor(state)}>{outcomeText(state, locale)}</Badge>
          {record && <a href={recordLink(record.form, record.reference.id)}>{record.reference.label}</a>}
        </h2>
        {incidents.map((each, at) => (
          <Alert key={at} type="error" message={t("simulateStops")} description={each.problems.map((problem) => problem.message).join(" ")} />
        ))}
        {otherwise.filter(({ node }) => steps.every((each) => each.node !== node)).map((each) => <Unless key={each.node} otherwise={each} />)}
        <ol>
          {steps.filter((step) => !step.ends_part).filter((step, at) => step.kind !== "join" || steps.slice(at + 1).every((later) => later.node !== step.node)).map((step, at) => (
            <StepAhead key={at} step={step} graph={found.data!} otherwise={otherwise.filter(({ node }) => node === step.node)} {...answering} />
          ))}
        </ol>
        {repeats && <p className="lc-quiet">{t("flowRepeats", { step: w(repeats) })}</p>}
        {steps.length === 0 && <p className="lc-quiet">{t("aheadNone")}</p>}
      </section>
      <section className="lc-sheet">
        <Graph graph={found.data} people={people} />
      </section>
    </div>
  );
}

function StepAhead({ step, graph, otherwise, answers, answer }: { step: ForeseenStep; graph: FlowGraph; otherwise: Otherwise[] } & Answering) {
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const title = nodeTitle(step.title, speech);
  const ways = waysOf(step, graph, speech);
  return (
    <li className={`lc-flow-step lc-flow-${step.state}`}>
      <div className="lc-simulate-step">
        <div className="lc-flow-head">
          <strong>{title}</strong>
          {step.state === "failed" && <Badge color="red">{stepText("failed", locale)}</Badge>}
        </div>
        {step.people.map((each) => (
          <div key={each.person.id} className="lc-flow-person">
            <Person name={each.person.label} size={20} />
            <span className="lc-quiet">{[each.behalf && t("onBehalf", { name: each.behalf.label }), w(each.why)].filter(Boolean).join(" · ")}</span>
          </div>
        ))}
        {step.reasons.map((each, at) => <div key={at} className="lc-quiet lc-simulate-why">{w(each)}</div>)}
        {step.awaits?.map(({ text }, at) => <div key={at} className="lc-quiet lc-simulate-why">{w(text)}</div>)}
        {otherwise.map((each) => <Unless key={each.node} otherwise={each} />)}
        {ways.length > 1 && <Select size="small" aria-label={`${t("simulateAnswer")}: ${title}`} value={answers[step.node] ?? (ways.find((each) => each.value === step.exit) ?? ways[0]!).value} options={ways} onChange={(value: string) => answer({ ...answers, [step.node]: value })} />}
      </div>
    </li>
  );
}

/** What may be answered at a step: people agree or do not, a wait ends by one of its ways. */
function waysOf(step: ForeseenStep, graph: FlowGraph, speech: ReturnType<typeof useSpeech>): { value: string; label: string }[] {
  if (step.kind === "approve" && step.people.length > 0) return [{ value: "approve", label: speech.t("approved") }, { value: "reject", label: speech.t("rejected") }];
  if (step.kind !== "wait" && step.kind !== "flow") return [];
  const called = (id: string) => {
    const node = graph.nodes.find((each) => each.id === id);
    return node ? nodeTitle(node.title, speech) : id;
  };
  return graph.arrows.filter((arrow) => arrow.from === step.node).map((arrow) => ({ value: arrow.exit, label: `→ ${called(arrow.to)}` }));
}
