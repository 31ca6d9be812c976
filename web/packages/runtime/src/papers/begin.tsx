import { brief, go, link, useNarrow, useSpeech } from "@lowcode/kit";
import { App, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import type { Template } from "./templates";

interface Wish {
  form: string;
  title: string;
  name: string;
  like?: string;
}

/** A new template: for which form, what it is called; it begins with the fields and rows of the form, as a draft. */
export function Begin({ templates, close }: { templates: Template[]; close: () => void }) {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [form] = Form.useForm<Wish>();
  const [busy, setBusy] = useState(false);
  const chosen = Form.useWatch("form", form);
  const others = templates.filter((each) => each.source === "app" && each.kind === "blocks" && each.form === chosen);
  const begin = async ({ form: of, title, name, like }: Wish) => {
    setBusy(true);
    try {
      const made = await client.run<{ document: object; taken: boolean }>("printing.begin", { form: of, title, name, like });
      if (made.taken) form.setFields([{ name: "name", errors: [t("designTaken")] }]);
      else {
        await client.run("printing.save_draft", { document: made.document });
        go(link(["templates", name]));
      }
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
    setBusy(false);
  };
  return (
    <Modal open title={t("designNew")} width={narrow ? "100%" : 480} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} confirmLoading={busy} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={(wish) => void begin(wish)} onValuesChange={(changed: Partial<Wish>) => {
          if (!changed.form) return;
          form.setFieldValue("like", undefined);
          if (!form.isFieldTouched("name")) form.setFieldValue("name", `${changed.form}_paper`);
        }}>
        <Form.Item name="form" label={t("templateForm")} rules={[{ required: true, message: t("required", { name: t("templateForm") }) }]}>
          <Select showSearch optionFilterProp="label" options={Object.values(app.forms).map((each) => ({ value: each.name, label: w(each.title) }))} />
        </Form.Item>
        {others.length > 0 && (
          <Form.Item name="like" label={t("designLike")}>
            <Select allowClear placeholder={t("designFresh")} options={others.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
          </Form.Item>
        )}
        <Form.Item name="title" label={t("templateTitle")} rules={[{ required: true, whitespace: true, max: 200, message: t("required", { name: t("templateTitle") }) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }]}>
          <Input />
        </Form.Item>
      </Form>
    </Modal>
  );
}
