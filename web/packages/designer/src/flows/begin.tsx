import { go, link, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Form, Input, Modal, Select } from "antd";
import { namedBy } from "../named";
import type { Node } from "../tree";

interface Wish {
  title: string;
  name: string;
  form: string;
}

/** A flow that does nothing yet: begun by hand, and at its end. */
export function blankFlow(name: string, form: string, title: string, locale: string, label?: string | null): Node {
  return {
    name,
    title: { [locale]: title },
    form,
    start: { on: "manual" },
    ...(label ? { subject: { [locale]: `${title} {{ ${label} }}` } } : {}),
    nodes: [
      { id: "start", type: "start", to: "end" },
      { id: "end", type: "end", outcome: "approved" },
    ],
  };
}

/** A new flow: what it is called and which records it accompanies. It is nobody's before it is published. */
export function BeginFlow({ taken }: { taken: string[] }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const forms = Object.entries(app.forms).map(([value, each]) => ({ value, label: w(each.title) || value }));
  const begin = (wish: Wish) => go(link(["flows", "design", wish.name], { form: wish.form, title: wish.title }));
  return (
    <Modal open title={t("flowNew")} onCancel={() => go(link(["flows"]))} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={begin} onValuesChange={namedBy(form, "flow", (name) => taken.includes(`flows/${name}.json`))}>
        <Form.Item name="title" label={t("flowTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("flowTitle") }) }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(`flows/${value}.json`) ? Promise.reject(new Error(t("flowTaken"))) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="form" label={t("flowForm")} rules={[{ required: true, message: t("required", { name: t("flowForm") }) }]}>
          <Select showSearch optionFilterProp="label" options={forms} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
