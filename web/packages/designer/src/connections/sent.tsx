import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMutation } from "@tanstack/react-query";
import { Button, Collapse, Input, Select, Switch } from "antd";
import { useState } from "react";
import { AsJson } from "../as_json";
import { useDesign } from "../design";
import { isNode, type Json, type Node } from "../tree";
import { Section } from "./mapping";
import { objectOf } from "./sample";

interface Sample {
  text: string;
  setText: (text: string) => void;
}

/** The body of a call: a sample, which the schema is made of. */
export function Payload({ text, setText }: Sample) {
  const { client } = useRuntime();
  const { document, change } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const sample = objectOf(text);
  const read = useMutation({ mutationFn: () => client.run<{ payload: Node }>("api.read_sample", { sample }), onSuccess: (found) => change(["payload"], found.payload) });
  const payload = document["payload"];
  return (
    <Section title={t("intakeSample")} at={["/payload"]}>
      <Input.TextArea className="lc-design-code" spellCheck={false} aria-label={t("intakeSample")} autoSize={{ minRows: 3, maxRows: 12 }} status={sample === null ? "error" : undefined} value={text} onChange={(event) => (read.reset(), setText(event.target.value))} />
      {sample === null && <div className="lc-design-wrong" role="alert">{t("intakeSampleBad")}</div>}
      {read.error && <div className="lc-design-wrong" role="alert">{brief(read.error, speech)}</div>}
      <Button disabled={sample === null || Object.keys(sample).length === 0} loading={read.isPending} onClick={() => read.mutate()}>{t("endpointRead")}</Button>
      <Collapse ghost size="small" items={[{ key: "schema", label: t("intakeSchema"), children: <AsJson key={JSON.stringify(payload ?? null)} plain label={t("intakeSchema")} value={payload} change={(next) => change(["payload"], isNode(next) && Object.keys(next).length > 0 ? next : undefined)} /> }]} />
    </Section>
  );
}

/** What a value of an address may be, and its schema. */
const TYPES: Record<string, Node> = { text: { type: "string" }, whole: { type: "integer" }, number: { type: "number" }, yes: { type: "boolean" }, date: { type: "string", format: "date" } };
const typeOf = (schema: Json | undefined): string => (isNode(schema) ? (Object.entries(TYPES).find(([, each]) => each["type"] === schema["type"] && each["format"] === schema["format"])?.[0] ?? "other") : "other");

/** The values behind `?`: a name, a type, and whether it has to be there; what else there is of a schema stays. */
export function Query() {
  const { document, findings, change } = useDesign();
  const { t } = useSpeech();
  const [name, setName] = useState("");
  const schema = isNode(document["query"]) ? document["query"] : {};
  const parts = isNode(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  const put = (properties: Node, needed: string[]) => {
    const { required: _, ...rest } = schema;
    const whole = { additionalProperties: false, ...rest, type: "object", properties, ...(needed.length > 0 && { required: needed }) };
    change(["query"], Object.keys(properties).length === 0 ? undefined : (whole as Node));
  };
  const drop = (gone: string) => put(Object.fromEntries(Object.entries(parts).filter(([each]) => each !== gone)), required.filter((each) => each !== gone));
  const good = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !(name in parts);
  const add = () => good && (put({ ...parts, [name]: { type: "string" } }, required), setName(""));
  const wrong = findings.filter((each) => each.pointer.startsWith("/query"));
  return (
    <Section title={t("endpointQuery")} hint={t("endpointQueryHint")}>
      {Object.entries(parts).map(([each, part]) => (
        <div key={each} className="lc-design-row lc-intake-set">
          <code>{each}</code>
          <Select aria-label={t("endpointTypeOf", { name: each })} value={typeOf(part)} options={[...Object.keys(TYPES), ...(typeOf(part) === "other" ? ["other"] : [])].map((value) => ({ value, label: t(`endpointType_${value}` as "endpointType_text") }))} onChange={(next: string) => TYPES[next] && put({ ...parts, [each]: TYPES[next] }, required)} />
          <label className="lc-quiet"><Switch size="small" aria-label={t("endpointNeeded", { name: each })} checked={required.includes(each)} onChange={(next) => put(parts, next ? [...required, each] : required.filter((one) => one !== each))} /> {t("endpointRequired")}</label>
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: each })} onClick={() => drop(each)} />
        </div>
      ))}
      <div className="lc-design-row">
        <Input aria-label={t("endpointQueryName")} placeholder={t("endpointQueryName")} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={add} />
        <Button icon={<PlusOutlined />} aria-label={t("endpointQueryAdd")} disabled={!good} onClick={add} />
      </div>
      {wrong.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </Section>
  );
}

/** The parts of a path that have names. */
export const partsOfPath = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((each) => each[1]!);

