import { Failure, link, Nothing, Sketch, Strip, useUpright, useSpeech, type Leaf } from "@lowcode/kit";
import type { Form, Instance, StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect } from "react";
import { Star } from "../favourites/star";
import { Around } from "../presence/around";
import { Closed } from "../form/closed";
import { blank, fieldOf, manyOf } from "../fields";
import { useForm, useRuntime } from "../runtime";
import { Progress } from "../tasks/progress";
import { visited } from "../search/recent";
import { widgetOf } from "../widgets";
import { Actions } from "./actions";
import { Log } from "../automation/log";
import { Facts } from "./facts";
import { Related } from "./related";
import { Scores } from "./score";
import { StagePanel } from "./stage";
import { States } from "./states";
import { Timeline } from "./timeline";
import { listOf } from "../grid/left_list";

/** One record with everything around it. */
export default function RecordPage({ name, id }: { name: string; id: number }) {
  const { client, session } = useRuntime();
  const { t, w } = useSpeech();
  const form = useForm(name);
  const found = useQuery({ queryKey: ["record", name, id], queryFn: () => client.get(name, id), enabled: form !== undefined });
  useEffect(() => {
    if (!found.data) return;
    visited(session.actor.id, name, id);
  }, [found.data, session, name, id]);
  if (!form) return <Nothing page title={t("pageMissing")} hint={t("pageMissingHint")} action={<Button href={link([])}>{t("home")}</Button>} />;
  if (found.error) return <Failure page error={found.error} retry={() => void found.refetch()} instead={<Button href={link(["records", name])}>{t("toList", { name: w(manyOf(form)) })}</Button>} />;
  if (!found.data) return <Sketch rows={10} />;
  return <Detail form={form} record={found.data} />;
}

function Detail({ form, record }: { form: Form; record: StoredRecord }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const upright = useUpright();
  const state = form.fields.find((field) => field.type === "state" && field.name in record);
  const timeline = form.detail?.timeline !== false && <Timeline form={form} record={record} />;
  const wanted = form.detail?.related;
  const relations = (form.relations ?? []).filter((each) => (wanted ? wanted.includes(each.name) : true) && app.forms[each.form]);
  const flows = useFlows(form, record);
  const tabs: Leaf[] = [
    { key: "details", label: t("details"), children: <div className="lc-panel"><Facts form={form} record={record} /></div> },
    ...relations.map((relation) => ({
      key: relation.name,
      label: w(relation.title) || w(manyOf(app.forms[relation.form]!)),
      children: <div className="lc-panel"><Related form={form} relation={relation} target={app.forms[relation.form]!} record={record} /></div>,
    })),
    ...(flows.length > 0 ? [{ key: "flows", label: t("approval"), children: <div className="lc-panel">{flows.map((instance) => <Progress key={instance.id} instance={instance} />)}</div> }] : []),
    ...((form.scores?.length ?? 0) > 0 ? [{ key: "scores", label: t("score"), children: <div className="lc-panel"><Scores form={form} id={record.id} /></div> }] : []),
    ...(app.pages?.automation ? [{ key: "rules", label: t("rulesHere"), children: <div className="lc-panel"><Log form={form.name} record={record.id} /></div> }] : []),
    ...(upright && timeline ? [{ key: "timeline", label: t("timeline"), children: <div className="lc-panel">{timeline}</div> }] : []),
  ];
  return (
    <div className="lc-page lc-detail">
      <header className="lc-head lc-detail-head">
        <div className="lc-crumbs">
          <nav aria-label={t("back")} className="lc-crumb">
            <a href={listOf(form.name, link(["records", form.name]))}>{w(manyOf(form))}</a>
          </nav>
          <Around form={form} record={record} />
        </div>
        <div className="lc-head-title">
          <h1>{record._label}</h1>
          <Star of={{ form: form.name, record: record.id, view: null }} name={record._label} />
          <span className="lc-grow" />
          <Actions form={form} record={record} />
        </div>
        <Header form={form} record={record} apart={state?.name} />
        {state && <States form={form} field={state} record={record} />}
        <Closed record={record} />
        {state && <StagePanel form={form} field={state} record={record} />}
      </header>
      <div className="lc-detail-body">
        <div className="lc-detail-main">
          <Strip leaves={tabs} label={record._label} />
        </div>
        {!upright && timeline && (
          <aside className="lc-detail-side lc-panel" aria-label={t("timeline")}>
            <h2 className="lc-side-title">{t("timeline")}</h2>
            {timeline}
          </aside>
        )}
      </div>
    </div>
  );
}

function useFlows(form: Form, record: StoredRecord): Instance[] {
  const { client, app } = useRuntime();
  const some = (form.flows?.length ?? 0) > 0 || Object.values(app.flows ?? {}).some((flow) => flow.form === form.name);
  const found = useQuery({ queryKey: ["flows", form.name, record.id], queryFn: () => client.run<{ items: Instance[] }>("flows.history", { form: form.name, id: record.id }), enabled: some });
  return found.data?.items ?? [];
}

/** `apart`: the state that the bar below shows with the way it is on. */
function Header({ form, record, apart }: { form: Form; record: StoredRecord; apart: string | undefined }) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const names = (form.detail?.header ?? []).filter((name) => name !== apart);
  const fields = names.map((name) => ({ name, field: fieldOf(app, form, name) })).filter(({ field, name }) => field && name in record);
  if (fields.length === 0) return null;
  return (
    <dl className="lc-header-facts">
      {fields.map(({ name, field }) => {
        const { Show } = widgetOf(field!.type);
        return (
          <div key={name}>
            <dt>{w(field!.title)}</dt>
            <dd>{blank(record[name]) ? <span className="lc-blank">—</span> : <Show field={field!} value={record[name]} dense />}</dd>
          </div>
        );
      })}
    </dl>
  );
}
