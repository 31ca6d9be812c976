import { go, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { namedBy, placed } from "./named";
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
  /** What the field is for that it is about first; left out where it is about none. */
  field?: string;
  noField?: string;
}

interface Props {
  place: string;
  words: Words;
  taken: string[];
  fieldsOf?: (form: string | undefined) => Field[];
  /** What it is made of, where it is published at once; else it is nobody's before it is. */
  made?: (wish: Wish, title: Json) => Node;
  close: () => void;
}

/** What a new document is called by the sort that is designed at a place. */
const KINDS: Record<string, string> = { tables: "table", scores: "score", messages: "message", "pools/design": "pool" };
const NO_FIELDS = (): Field[] => [];

/** A new document of rules about a form, and about one of its fields first; it is opened in its designer at `place`. */
export function Begin({ place, words, taken, fieldsOf = NO_FIELDS, made, close }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [wish, setWish] = useState<Wish>();
  const about = Form.useWatch("form", form);
  const fields = fieldsOf(about);
  const begin = (wanted: Wish) => (made ? setWish(wanted) : go(placed(place, wanted.name, { title: wanted.title, form: wanted.form })));
  if (wish && made) {
    const values = { documents: { [`rules/${wish.name}.json`]: made(wish, app.languages.length > 1 ? { [locale]: wish.title } : wish.title) } };
    return <Publishing title={`${words.what}: ${wish.title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setWish(undefined)} done={() => (close(), go(placed(place, wish.name)))} />;
  }
  return (
    <Modal open title={words.what} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={begin} onValuesChange={namedBy(form, KINDS[place] ?? "part", (name) => taken.includes(name))}>
        <Form.Item name="title" label={words.title} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: words.title }) }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(words.taken)) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="form" label={t("tableAbout")} rules={[{ required: true, message: t("required", { name: t("tableAbout") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} options={Object.entries(app.forms).map(([value, each]) => ({ value, label: w(each.title) || value }))} onChange={() => form.setFieldValue("field", undefined)} />
        </Form.Item>
        {words.field !== undefined && (
          <Form.Item name="field" label={words.field} extra={about && fields.length === 0 ? words.noField : undefined} rules={[{ required: true, message: t("required", { name: words.field }) }]}>
            <Select showSearch={{ optionFilterProp: "label" }} disabled={!about} options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
