import { Failure, go, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, List, Modal, Select } from "antd";
import { useState } from "react";

interface CardLine {
  card: string;
  title: Text;
  form: string;
  field: string;
  parts: number;
  bands: { name: string; title: Text }[];
  learned: boolean;
}

/** The score cards of the app, what each scores, and a new one. */
export function ScoresList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const [beginning, setBeginning] = useState(false);
  const found = useQuery({ queryKey: ["scores"], queryFn: () => client.run<{ items: CardLine[] }>("rules.scores", {}), staleTime: 0 });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const cards = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const begin = <Button type="primary" onClick={() => setBeginning(true)}>{t("scoreNew")}</Button>;
  const fieldOf = (each: CardLine) => w(app.forms[each.form]?.fields.find((one) => one.name === each.field)?.title) || each.field;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("designScores")}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{t("designScoresHint")}</p>
      </header>
      {cards.length === 0 ? <Nothing title={t("scoresNone")} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={cards}
          renderItem={(each) => (
            <List.Item actions={[<Button key="design" size="small" href={link(["scores", each.card])} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta
                title={w(each.title) || each.card}
                description={<><code>{each.card}</code> · {w(app.forms[each.form]?.title) || each.form} → {fieldOf(each)} · {t("scoreParts", { count: each.parts })}{each.bands.length > 0 && ` · ${each.bands.map((one) => w(one.title)).join(" / ")}`}{each.learned && <> · <a href={link(["automation", "models"])}>{t("sort_learned")}</a></>}</>}
              />
            </List.Item>
          )}
        />
      )}
      {beginning && <Begin taken={cards.map((each) => each.card)} close={() => setBeginning(false)} />}
    </div>
  );
}

interface Wish {
  title: string;
  name: string;
  form: string;
  field: string;
}

/** A new card: what it is called, the form and the field it gives points in; it begins with one part. */
function Begin({ taken, close }: { taken: string[]; close: () => void }) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [wish, setWish] = useState<Wish>();
  const about = Form.useWatch("form", form);
  const fields = (app.forms[about ?? ""]?.fields ?? []).filter((each) => ["integer", "number", "percent"].includes(each.type));
  if (wish) {
    const title = app.languages.length > 1 ? { [locale]: wish.title } : wish.title;
    const document = { name: wish.name, type: "score_card", title, form: wish.form, field: wish.field, attributes: [{ name: "part", title: { "zh-CN": "评分项", en: "Part" }, cases: [{ when: "true", points: 0 }] }] };
    const values = { documents: { [`rules/${wish.name}.json`]: document } };
    return <Publishing title={`${t("scoreNew")}: ${wish.title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setWish(undefined)} done={() => (close(), go(link(["scores", wish.name])))} />;
  }
  return (
    <Modal open title={t("scoreNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={setWish}>
        <Form.Item name="title" label={t("scoreTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("scoreTitle") }) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken.includes(value) ? Promise.reject(new Error(t("scoreTaken"))) : Promise.resolve()) }]}>
          <Input />
        </Form.Item>
        <Form.Item name="form" label={t("tableAbout")} rules={[{ required: true, message: t("required", { name: t("tableAbout") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} options={Object.entries(app.forms).map(([value, each]) => ({ value, label: w(each.title) || value }))} onChange={() => form.setFieldValue("field", undefined)} />
        </Form.Item>
        <Form.Item name="field" label={t("scoreInto")} extra={about && fields.length === 0 ? t("scoreNoField") : undefined} rules={[{ required: true, message: t("required", { name: t("scoreInto") }) }]}>
          <Select showSearch={{ optionFilterProp: "label" }} disabled={!about} options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
