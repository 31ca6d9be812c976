import { Failure, go, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { useTables, type TableLine } from "@lowcode/runtime/automation/tables";
import { Button, Form, Input, List, Modal, Select } from "antd";
import { Fragment, useState } from "react";
import { askable } from "./known";

/** The decision tables of the app, what each is about and who asks it, and a new one. */
export function TablesList() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [beginning, setBeginning] = useState(false);
  const found = useTables();
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const tables = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const begin = <Button type="primary" onClick={() => setBeginning(true)}>{t("tableNew")}</Button>;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("designTables")}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{t("designTablesHint")}</p>
      </header>
      {tables.length === 0 ? <Nothing title={t("tablesNone")} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={tables}
          renderItem={(each) => (
            <List.Item actions={[<Button key="design" size="small" href={link(["tables", each.table])} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta
                title={w(each.title) || each.table}
                description={<><code>{each.table}</code> · {w(app.forms[each.form ?? ""]?.title) || t("application")} · {t("tableRows", { count: each.rows })} · {each.used_by.length === 0 ? t("tableUnused") : <>{t("tableUsedBy")} {each.used_by.map((one, place) => <Fragment key={`${one.kind}/${one.name}`}>{place > 0 && ", "}<User {...one} /></Fragment>)}</>}</>}
              />
            </List.Item>
          )}
        />
      )}
      {beginning && <Begin taken={tables.map((each) => each.table)} close={() => setBeginning(false)} />}
    </div>
  );
}

/** A document that asks a table: where it is looked at, if there is such a place. */
function User({ kind, name, title }: TableLine["used_by"][number]) {
  const { w } = useSpeech();
  const places: Record<string, string> = { rules: link(["automation", "rules"], { rule: name }), flows: link(["flows", "design", name]), forms: link(["forms", name]) };
  return places[kind] ? <a href={places[kind]}>{w(title)}</a> : <>{w(title)}</>;
}

interface Wish {
  title: string;
  name: string;
  form: string;
  field: string;
}

/** A new table: what it is called, what it is about and what it asks first; it begins with one column of each side. */
function Begin({ taken, close }: { taken: string[]; close: () => void }) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [wish, setWish] = useState<Wish>();
  const about = Form.useWatch("form", form);
  const fields = askable(app.forms[about ?? ""]?.fields);
  const forms = Object.entries(app.forms);
  if (wish) {
    const asked = app.forms[wish.form]?.fields.find((each) => each.name === wish.field);
    const title = app.languages.length > 1 ? { [locale]: wish.title } : wish.title;
    const document = { name: wish.name, type: "table", title, form: wish.form, hit: "FIRST", inputs: [{ name: wish.field.replaceAll(".", "_"), expression: wish.field, ...(asked?.title ? { title: asked.title } : {}) }], outputs: [{ name: "answer", type: "text", title: { "zh-CN": "结果", en: "Answer" } }], rules: [{ when: {}, then: {} }] };
    const values = { documents: { [`rules/${wish.name}.json`]: document } };
    return <Publishing title={`${t("tableNew")}: ${wish.title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setWish(undefined)} done={() => (close(), go(link(["tables", wish.name])))} />;
  }
  return (
    <Modal open title={t("tableNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={setWish}>
        <Form.Item name="title" label={t("tableTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("tableTitle") }) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(t("tableTaken"))) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="form" label={t("tableAbout")} rules={[{ required: true, message: t("required", { name: t("tableAbout") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} options={forms.map(([value, each]) => ({ value, label: w(each.title) || value }))} onChange={() => form.setFieldValue("field", undefined)} />
        </Form.Item>
        <Form.Item name="field" label={t("tableFirstInput")} rules={[{ required: true, message: t("required", { name: t("tableFirstInput") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} disabled={!about} options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
