import { go, link, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { namedBy } from "./named";
import type { Json, Node } from "./tree";

export interface Wish {
  title: string;
  name: string;
  form: string;
  field: string;
}

interface Words {
  what: string;
  title: string;
  taken: string;
  field: string;
  noField?: string;
}

/** A new document of rules about a form, and about one of its fields first: what it is called, and then what it is made
 * of (`made`); it is published at once, and opened in its designer at `place`. */
export function Begin({ place, words, taken, fieldsOf, made, close }: { place: string; words: Words; taken: string[]; fieldsOf: (form: string | undefined) => Field[]; made: (wish: Wish, title: Json) => Node; close: () => void }) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [wish, setWish] = useState<Wish>();
  const about = Form.useWatch("form", form);
  const fields = fieldsOf(about);
  if (wish) {
    const values = { documents: { [`rules/${wish.name}.json`]: made(wish, app.languages.length > 1 ? { [locale]: wish.title } : wish.title) } };
    return <Publishing title={`${words.what}: ${wish.title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setWish(undefined)} done={() => (close(), go(link([place, wish.name])))} />;
  }
  return (
    <Modal open title={words.what} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={setWish} onValuesChange={namedBy(form, place === "tables" ? "table" : "score", (name) => taken.includes(name))}>
        <Form.Item name="title" label={words.title} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: words.title }) }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(words.taken)) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="form" label={t("tableAbout")} rules={[{ required: true, message: t("required", { name: t("tableAbout") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} options={Object.entries(app.forms).map(([value, each]) => ({ value, label: w(each.title) || value }))} onChange={() => form.setFieldValue("field", undefined)} />
        </Form.Item>
        <Form.Item name="field" label={words.field} extra={about && fields.length === 0 ? words.noField : undefined} rules={[{ required: true, message: t("required", { name: words.field }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} disabled={!about} options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
