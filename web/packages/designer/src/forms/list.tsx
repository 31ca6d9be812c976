import { brief, go, link, useNarrow, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { useQuery } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { Listed } from "../listed";
import { namedBy } from "../named";
import { spokenIn } from "../titles";
import type { Node } from "../tree";
import type { Documents } from "../work";
import type { FormPalette } from "./page";

const FORM = /^forms\/[a-z0-9_]+\.json$/;

/** The forms of the app, each to be designed, and a new one. */
export function FormsList() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const found = useQuery({ queryKey: ["form-design"], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), staleTime: 0 });
  const documents = found.data?.documents;
  const items = documents && Object.entries(documents).flatMap(([path, text]) => (FORM.test(path) ? [JSON.parse(text) as Node & { title: Text }] : []));
  const words = { title: t("designForms"), hint: narrow ? t("designFormOnPhone") : t("designFormsHint"), none: t("none"), begin: t("formNew") };
  const describe = (each: Node) => t("formFields", { count: Array.isArray(each["fields"]) ? each["fields"].length : 0 });
  return <Listed place="forms" fixed={narrow} words={words} found={{ data: items && { items }, error: found.error, refetch: found.refetch }} nameOf={(each) => String(each["name"])} describe={describe} beginning={(_, close) => <Begin documents={documents ?? {}} close={close} />} />;
}

interface Wish {
  title: string;
  name: string;
  roles: string[];
  menu?: number;
}

/** A new form: what it is called, who may use it and in which menu it stands; it begins with one field. */
function Begin({ documents, close }: { documents: Documents; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const [form] = Form.useForm<Wish>();
  const [wish, setWish] = useState<Wish>();
  const palette = useQuery({ queryKey: ["form-palette", ""], queryFn: () => client.run<FormPalette>("forms.palette", {}) });
  const app = JSON.parse(documents["app.json"] ?? "{}") as Node;
  const menus = Array.isArray(app["menus"]) ? (app["menus"] as Node[]) : [];
  const made = (given: Wish): Record<string, object> => {
    const title = (palette.data?.languages.length ?? 1) > 1 ? { [locale]: given.title } : given.title;
    const field = spokenIn({ name: "name", type: "text", title: { "zh-CN": "名称", en: "Name" }, required: true }, palette.data?.languages ?? []);
    const document = { name: given.name, title, label: "name", fields: [field], layout: [{ columns: 2, fields: ["name"] }], permissions: given.roles.map((role) => ({ role, can: ["create", "read", "edit", "delete"] })) };
    const changed: Record<string, object> = { [`forms/${given.name}.json`]: document };
    if (given.menu !== undefined) changed["app.json"] = { ...app, menus: menus.map((each, at) => (at === given.menu ? { ...each, items: [...(each["items"] as Node[]), { form: given.name }] } : each)) };
    return changed;
  };
  if (wish) {
    const values = { documents: made(wish) };
    return <Publishing title={`${t("formNew")}: ${wish.title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setWish(undefined)} done={() => (close(), go(link(["forms", wish.name])))} />;
  }
  return (
    <Modal open title={t("formNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()} okButtonProps={{ disabled: !palette.data }}>
      {palette.error && <p className="lc-design-wrong">{brief(palette.error, speech)}</p>}
      <Form form={form} layout="vertical" onFinish={setWish} onValuesChange={namedBy(form, "form", (name) => `forms/${name}.json` in documents)}>
        <Form.Item name="title" label={t("formTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("formTitle") }) }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (`forms/${value}.json` in documents ? Promise.reject(new Error(t("formTaken"))) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="roles" label={t("formRoles")} rules={[{ required: true, message: t("required", { name: t("formRoles") }) }]}>
          <Select mode="multiple" options={(palette.data?.roles ?? []).map((value) => ({ value, label: roleTitle(app, value, w) }))} />
        </Form.Item>
        <Form.Item name="menu" label={t("formMenu")}>
          <Select allowClear options={menus.map((each, value) => ({ value, label: w(each["title"] as string) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function roleTitle(app: Node, name: string, w: (text: string) => string): string {
  const roles = Array.isArray(app["roles"]) ? (app["roles"] as Node[]) : [];
  return w(roles.find((each) => each["name"] === name)?.["title"] as string) || name;
}
