import { CopyOutlined, DeleteOutlined, EditOutlined, EllipsisOutlined, ExperimentOutlined, IdcardOutlined, MailOutlined, MergeCellsOutlined, PlusOutlined, PrinterOutlined, SafetyOutlined, SendOutlined, ThunderboltOutlined } from "@ant-design/icons";
import { brief, go, link, useNarrow, useSpeech } from "@lowcode/kit";
import { address, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { lazy, Suspense, useState } from "react";
import { Follows } from "../bin/follows";
import { useUndo } from "../bin/undo";
import { changed, ofRecord, renewed } from "../changed";
import { listOf } from "../grid/left_list";
import { useRuntime } from "../runtime";
import { ActionForm } from "../tasks/act";
import { useAdds } from "./adds";
import { Foot } from "./foot";
import { Write } from "./write";

const Privacy = lazy(() => import("./privacy"));
const Merge = lazy(() => import("./merge"));

/** What can be done with a record: edit, the buttons of rules, approvals, papers, delete. */
export function Actions({ form, record }: { form: Form; record: StoredRecord }) {
  const { app, openForm } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const { press, start, remove, busy } = useActions(form, record);
  const adds = useAdds(form, record);
  const [picking, pick] = useState<NonNullable<Form["flows"]>[number] | null>(null);
  const [writing, setWriting] = useState(false);
  const [privately, setPrivate] = useState(false);
  const [merging, setMerging] = useState(false);
  const meta = record._meta;
  const buttons = (form.buttons ?? []).filter((each) => meta?.buttons?.includes(each.rule) ?? true);
  const flows = (form.flows ?? []).filter((each) => meta?.flows?.includes(each.name) ?? true);
  const simulated = Object.values(app.flows ?? {}).some((each) => each.form === form.name);
  const papers = (form.print ?? []).filter((each) => meta?.print?.includes(each.name) ?? true);
  const items = [
    ...(narrow ? buttons.map((each) => ({ key: `rule-${each.rule}`, icon: <ThunderboltOutlined />, label: w(each.title), onClick: () => press(each) })) : []),
    ...(form.messages ? [{ key: "write", icon: <MailOutlined />, label: t("writeMessage"), onClick: () => setWriting(true) }] : []),
    ...flows.map((each) => ({ key: `flow-${each.name}`, icon: <SendOutlined />, label: t("startFlow", { name: w(each.title) }), onClick: () => (each.picks?.length ? pick(each) : void start(each)) })),
    ...(simulated ? [{ key: "simulate", icon: <ExperimentOutlined />, label: t("simulate"), onClick: () => go(link(["simulate"], { form: form.name, record: String(record.id) })) }] : []),
    ...(narrow ? papers : papers.slice(1)).map((each) => ({ key: `print-${each.name}`, icon: <PrinterOutlined />, label: w(each.title), onClick: () => go(link(["print", each.name, record.id], { form: form.name })) })),
    ...(form.cards ?? []).map((each) => ({ key: `card-${each.name}`, icon: <IdcardOutlined />, label: <a href={address(`cards/${each.name}/${record.id}`)}>{t("card")}</a> })),
    ...(form.privacy ? [{ key: "privacy", icon: <SafetyOutlined />, label: t("privacy"), onClick: () => setPrivate(true) }] : []),
    ...(form.permissions["create"] ? [{ key: "copy", icon: <CopyOutlined />, label: t("copyRecord"), onClick: () => openForm({ form: form.name, copy: record.id, onSaved: (made) => go(link(["records", form.name, made.id])) }) }] : []),
    ...(form.permissions["delete"] && (meta?.can?.edit ?? form.permissions["edit"]) ? [{ key: "merge", icon: <MergeCellsOutlined />, label: t("mergeRecords"), onClick: () => setMerging(true) }] : []),
    ...((meta?.can?.delete ?? form.permissions["delete"]) ? [{ key: "delete", icon: <DeleteOutlined />, danger: true, label: t("delete"), onClick: remove }] : []),
  ];
  const editable = meta?.can?.edit ?? form.permissions["edit"];
  const editing = { "data-shortcut": "e", "aria-keyshortcuts": "e", onClick: () => openForm({ form: form.name, id: record.id }) };
  return (
    <>
      {narrow ? (
        <Foot
          form={form}
          record={record}
          items={items}
          edit={editable && (
            <button type="button" className="lc-foot-part" {...editing}>
              <EditOutlined />
              <span>{t("edit")}</span>
            </button>
          )}
        />
      ) : (
        <div className="lc-actions">
          {adds.map((each) => (
            <Button key={each.key} icon={<PlusOutlined />} onClick={() => openForm(each.open)}>
              {each.title}
            </Button>
          ))}
          {buttons.map((each) => (
            <Button key={each.rule} loading={busy === each.rule} onClick={() => press(each)}>
              {w(each.title)}
            </Button>
          ))}
          {papers.length > 0 && (
            <Button icon={<PrinterOutlined />} onClick={() => go(link(["print", papers[0]!.name, record.id], { form: form.name }))}>
              {w(papers[0]!.title)}
            </Button>
          )}
          {editable && (
            <Button type="primary" icon={<EditOutlined />} {...editing}>
              {t("edit")}
            </Button>
          )}
          {items.length > 0 && (
            <Dropdown autoFocus menu={{ items }} trigger={["click"]} placement="bottomRight">
              <Button icon={<EllipsisOutlined />} aria-label={t("actions")} />
            </Dropdown>
          )}
        </div>
      )}
      {picking && <ActionForm action={{ operation: "flows.start", title: picking.title, fixed: { flow: picking.name, id: record.id }, parameters: picking.picks ?? [], danger: false }} close={() => pick(null)} />}
      {writing && <Write form={form} record={record} close={() => setWriting(false)} />}
      {merging && (
        <Suspense fallback={null}>
          <Merge form={form} record={record} close={() => setMerging(false)} />
        </Suspense>
      )}
      {privately && (
        <Suspense fallback={null}>
          <Privacy form={form} record={record} close={() => setPrivate(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Buttons of rules that the layout puts among the facts. */
export function PlacedButtons({ form, record, rules }: { form: Form; record: StoredRecord; rules: string[] }) {
  const { w } = useSpeech();
  const { press, busy } = useActions(form, record);
  const found = (form.buttons ?? []).filter((each) => rules.includes(each.rule) && (record._meta?.buttons?.includes(each.rule) ?? true));
  return (
    <div className="lc-placed-buttons">
      {found.map((each) => (
        <Button key={each.rule} loading={busy === each.rule} onClick={() => press(each)}>
          {w(each.title)}
        </Button>
      ))}
    </div>
  );
}

function useActions(form: Form, record: StoredRecord) {
  const runtime = useRuntime();
  const { client } = runtime;
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const offer = useUndo();
  const [busy, setBusy] = useState<string | null>(null);
  const doing = async (name: string, work: () => Promise<void>) => {
    setBusy(name);
    try {
      await work();
      await changed(queries);
    } catch (error) {
      void message.error(brief(error, speech), 6);
    } finally {
      setBusy(null);
    }
  };
  type RuleButton = NonNullable<Form["buttons"]>[number];
  const run = (button: RuleButton) =>
    doing(button.rule, async () => {
      const answer = await client.run<{ message?: string; record?: { form: string; id: number } }>("rules.press", { rule: button.rule, id: record.id });
      void message.success(answer?.message || w(button.title));
      if (answer?.record) go(link(["records", answer.record.form, answer.record.id]));
    });
  const press = (button: RuleButton) => {
    if (!button.confirm) return void run(button);
    modal.confirm({ title: w(button.title), content: w(button.confirm), okText: t("confirm"), cancelText: t("cancel"), onOk: () => run(button) });
  };
  const start = (flow: NonNullable<Form["flows"]>[number]) =>
    doing(flow.name, async () => {
      await client.run("flows.start", { flow: flow.name, id: record.id });
      void message.success(t("flowStarted", { name: w(flow.title) }));
    });
  const remove = () =>
    modal.confirm({
      title: t("deleteOne", { name: record._label }),
      content: <Follows runtime={runtime} speech={speech} form={form.name} ids={[record.id]} />,
      okText: t("delete"),
      cancelText: t("cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await client.remove(form.name, record.id, record.version);
          offer(form.name, [record.id]);
          go(listOf(form.name, link(["records", form.name])));
          // Nothing is asked of what is not there any more while its page goes.
          await renewed(queries, ofRecord(form.name, record.id));
        } catch (error) {
          void message.error(brief(error, speech), 6);
        }
      },
    });
  return { press, start, remove, busy };
}
