import { Badge, go, link, usePlace, useSpeech } from "@lowcode/kit";
import type { RuleLine } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useRules } from "@lowcode/runtime/automation/rules";
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Segmented, Select } from "antd";
import { useMemo, useState } from "react";
import { Listed } from "../listed";
import { namedBy } from "../named";
import type { Documents } from "../work";
import type { RulePalette } from "./about";
import { Face } from "./faces";

/** The rules of the app, what sets each off, and a new one. */
export function RulesList() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { query } = usePlace();
  const found = useRules();
  const own = useMemo(() => found.data && { items: found.data.items.filter((each) => each.switchable) }, [found.data]);
  const describe = (each: RuleLine) => (
    <>
      {w(app.forms[each.form ?? ""]?.title) || each.form || t("application")} · {t(`trigger_${each.trigger}`)}{" "}
      {each.paused ? <Badge color="red">{t("paused")}</Badge> : !each.armed && <Badge color="gray">{t("disarmed")}</Badge>}
    </>
  );
  const words = { title: t("designRules"), hint: t("designRulesHint"), none: t("rulesNone"), begin: t("ruleNew") };
  return <Listed place="rules" begins={query.get("new") === "1"} words={words} found={{ data: own, error: found.error, refetch: found.refetch }} nameOf={(each) => each.rule} describe={describe} beginning={(_, close) => <BeginRule rules={own?.items ?? []} close={close} />} />;
}

interface Wish {
  title: string;
  name: string;
  form?: string;
  on: string;
  copy?: string;
}

/** A new rule: from nothing, from another one, or from a ready-made scenario. It is nobody's before it is published. */
export function BeginRule({ rules, close }: { rules: RuleLine[]; close: () => void }) {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const [form] = Form.useForm<Wish>();
  const [from, setFrom] = useState<"nothing" | "copy">("nothing");
  const on = Form.useWatch("on", form) ?? "created";
  const palette = useQuery({ queryKey: ["palette", "rules.rule_palette"], queryFn: () => client.run<RulePalette>("rules.rule_palette", {}), staleTime: 60_000 });
  const documents = useQuery({ queryKey: ["design", "documents"], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), staleTime: 0 });
  const taken = (name: string) => `rules/${name}.json` in (documents.data?.documents ?? {});
  const begin = ({ title, name, form: about, on: trigger, copy }: Wish) => go(link(["rules", name], from === "copy" ? { copy: copy ?? "", title } : { ...(about ? { form: about } : {}), on: trigger, title }));
  return (
    <Modal open title={t("ruleNew")} onCancel={close} cancelText={t("cancel")} okText={t("designBegin")} onOk={() => form.submit()}>
      <div className="lc-ruled-from">
        <Segmented value={from} onChange={setFrom} options={[{ value: "nothing", label: t("ruleFromNothing") }, { value: "copy", label: t("ruleFromCopy") }]} />
        <Button type="link" href={link(["automation", "library"])}>{t("ruleFromScenario")}</Button>
      </div>
      <Form form={form} layout="vertical" initialValues={{ on: "created" }} onFinish={begin} onValuesChange={namedBy(form, "rule", taken)}>
        <Form.Item name="title" label={t("ruleTitle")} rules={[{ required: true, whitespace: true, max: 80, message: t("required", { name: t("ruleTitle") }) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
        <Form.Item name="name" label={t("templateName")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,47}$/, message: t("templateNameWrong") }, { validator: (_, value: string) => (taken(value) ? Promise.reject(new Error(t("ruleTaken"))) : Promise.resolve()) }]}>
          <Input onPressEnter={() => form.submit()} />
        </Form.Item>
        {from === "copy" ? (
          <Form.Item name="copy" label={t("ruleFromCopy")} rules={[{ required: true, message: t("required", { name: t("ruleFromCopy") }) }]}>
            <Select showSearch={{ optionFilterProp: "label" }} options={rules.map((each) => ({ value: each.rule, label: w(each.title) || each.rule }))} />
          </Form.Item>
        ) : (
          <>
            <Form.Item name="form" label={t("ruleForm")} rules={[{ required: on !== "schedule", message: t("required", { name: t("ruleForm") }) }]}>
              <Select showSearch={{ optionFilterProp: "label" }} allowClear options={Object.values(app.forms).map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />
            </Form.Item>
            <Form.Item name="on" label={t("ruleWhen")}>
              <Select options={(palette.data?.triggers ?? []).map((each) => ({ value: each.name, label: <><Face name={each.name} /> {w(each.title)}</> }))} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
