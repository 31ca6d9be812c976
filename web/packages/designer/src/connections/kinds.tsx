import { go, link, useSpeech } from "@lowcode/kit";
import { useTypeName } from "@lowcode/runtime/connections/known";
import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { namedBy } from "../named";
import type { ConnectionPalette } from "./page";

/** A kind, or what one begins with. */
interface Chosen {
  type: string;
  of?: string;
  title: string;
}

/** Every kind of connection, with what it needs; one that is pressed is begun. */
export function Kinds({ palette, taken }: { palette: ConnectionPalette; taken: string[] }) {
  const { t, w } = useSpeech();
  const typeName = useTypeName();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const groups = Object.entries(palette.words.groups).map(([group, words]) => ({ group, words, kinds: palette.kinds.filter((each) => each.group === group) })).filter((each) => each.kinds.length > 0);
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <a href={link(["connections"])}>{t("connections")}</a>
          <h1>{t("connectionNew")}</h1>
        </div>
        <p className="lc-quiet">{t("connectionKinds")}</p>
      </header>
      {groups.map(({ group, words, kinds }) => (
        <section key={group} className="lc-connection-kinds" aria-label={w(words)}>
          <h2>{w(words)}</h2>
          <div>
            {kinds.filter((each) => !palette.presets.some((preset) => preset.begin["type"] === each.name)).map((each) => (
              <button key={each.name} type="button" onClick={() => setChosen({ type: each.name, title: typeName(each.name) })}>
                <b>{typeName(each.name)}</b>
                <span className="lc-quiet">{w(each.help)}</span>
              </button>
            ))}
            {palette.presets.filter((each) => kinds.some((kind) => kind.name === each.begin["type"])).map((each) => (
              <button key={`preset ${each.name}`} type="button" onClick={() => setChosen({ type: String(each.begin["type"]), of: each.name, title: w(each.title) })}>
                <b>{w(each.title)}</b>
                <span className="lc-quiet">{w(each.help)}</span>
              </button>
            ))}
          </div>
        </section>
      ))}
      {chosen && <Begin chosen={chosen} taken={taken} close={() => setChosen(null)} />}
    </div>
  );
}

/** A new connection: what it is called. It is nobody's before it is published. */
function Begin({ chosen, taken, close }: { chosen: Chosen; taken: string[]; close: () => void }) {
  const { type, of, title } = chosen;
  const { t } = useSpeech();
  const [form] = Form.useForm<{ title: string; name: string }>();
  const begin = (wish: { title: string; name: string }) => go(link(["connections", "design", wish.name], { type, of, title: wish.title }));
  return (
    <Modal open title={t("connectionNewOf", { name: title })} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={begin} onValuesChange={namedBy(form, of ?? type, (name) => taken.includes(name))}>
        <Form.Item name="title" label={t("connectionTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("connectionTitle") }) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(t("connectionTaken"))) : Promise.resolve()) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
