import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Select } from "antd";
import { Options } from "../controls";
import { useDesign, type Offer } from "../design";
import { More } from "../flows/asking";
import { picked } from "../flows/schemas";
import { at, isNode, put, type Node, type Path } from "../tree";
import { TryLetter } from "./letter";
import { Mapping, Pick, Section, useForms } from "./mapping";

/** What may be said of a letter. */
const MAIL: Offer[] = [
  { path: "mail.subject", title: { "zh-CN": "主题", en: "Subject" }, type: "text" },
  { path: "mail.text", title: { "zh-CN": "正文", en: "Text" }, type: "text" },
  { path: "mail.sender", title: { "zh-CN": "发件人地址", en: "Address of the sender" }, type: "text" },
  { path: "mail.sender_name", title: { "zh-CN": "发件人姓名", en: "Name of the sender" }, type: "text" },
  { path: "mail.at", title: { "zh-CN": "时间", en: "When it was sent" }, type: "datetime" },
];

/** A mailbox: where it is, whose letters belong where, and what a letter becomes. */
export function MailboxParts() {
  const { app } = useRuntime();
  const { document, palette } = useDesign();
  const { t, w } = useSpeech();
  const { forms, fieldsOf } = useForms();
  const form = String(document["form"] ?? "");
  const apart = typeof document["url"] === "string";
  const people = Array.isArray(document["people"]) ? document["people"].filter(isNode) : [];
  return (
    <div className="lc-intake">
      <div>
        <Options schema={picked(palette.schema, ["title", "enabled", "url", ...(apart ? ["user", "password", "folder"] : [])])} path={[]} />
        <Options schema={picked(palette.schema, ["every"])} path={[]} />
        <Section title={t("intakePeople")} hint={t("intakePeopleHint")} at={["/people"]}>
          {people.map((each, place) => <Searched key={place} path={["people", place]} found={each} made={form} last={people.length === 1} />)}
          <Add count={people.length} />
        </Section>
        <Section title={t("intakeThread")}>
          <Pick path={["form"]} label={w(palette.words.options["form"])} options={forms} required />
          <Pick path={["files"]} label={w(palette.words.options["files"])} options={fieldsOf(form, ["attachment", "image"])} />
        </Section>
        <Mapping path={["values"]} form={app.forms[form]} label={t("intakeMapping")} hint={t("intakeMappingMail")} parts={MAIL} />
      </div>
      <div>
        <TryMailbox document={document} />
        <TryLetter />
      </div>
    </div>
  );
}

/** One place where a sender is looked for, and what the new record gets of whom it is. */
function Searched({ path, found, made, last }: { path: Path; found: Node; made: string; last: boolean }) {
  const { document, palette, change, shift } = useDesign();
  const { t, w } = useSpeech();
  const { forms, fieldsOf } = useForms();
  const place = Number(path[1]);
  const about = String(found["form"] ?? "");
  const title = forms.find((each) => each.value === about)?.label ?? t("designNumbered", { number: place + 1 });
  const sets = isNode(found["sets"]) ? found["sets"] : {};
  const sources = [{ value: "id", label: t("intakeItself") }, ...fieldsOf(about)];
  const fields = fieldsOf(made);
  const named = (name: string) => fields.find((each) => each.value === name)?.label ?? name;
  const drop = (name: string) => change([...path, "sets"], Object.keys(sets).length === 1 ? undefined : (at(put(document, [...path, "sets", name], undefined), [...path, "sets"]) as Node));
  return (
    <fieldset className="lc-flow-part">
      <legend>
        {title}
        <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: title })} onClick={() => shift(path, ["people"], place - 1)} />
        <Button size="small" type="text" icon={<DeleteOutlined />} disabled={last} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
      </legend>
      <Pick path={[...path, "form"]} label={t("intakePeopleForm")} options={forms} required />
      <Pick path={[...path, "by"]} label={w(palette.words.options["by"])} options={fieldsOf(about, ["email", "text"])} required />
      {Object.keys(sets).length > 0 && <div className="lc-design-label">{t("intakeLink")}</div>}
      {Object.keys(sets).map((name) => (
        <div key={name} className="lc-design-row lc-intake-set">
          <span>{named(name)}</span>
          <Select showSearch aria-label={`${t("intakeLink")}: ${named(name)}`} optionFilterProp="label" value={String(sets[name]) || null} options={sources} onChange={(next: string) => change([...path, "sets", name], next)} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: named(name) })} onClick={() => drop(name)} />
        </div>
      ))}
      <More words={t("intakeLink")} called={t("intakeField")} names={fields.map((each) => each.value).filter((each) => !(each in sets))} title={named} add={(name) => change([...path, "sets"], { ...sets, [name]: "id" })} />
    </fieldset>
  );
}

function Add({ count }: { count: number }) {
  const { change } = useDesign();
  const { t } = useSpeech();
  return <Button size="small" icon={<PlusOutlined />} onClick={() => change(["people", count], { form: "", by: "" })}>{t("intakePeopleAdd")}</Button>;
}

interface Looked {
  done: boolean;
  folder: string | null;
  letters: number | null;
  error: string | null;
}

/** Whether the mailbox can be looked into, as it stands on the desk. */
function TryMailbox({ document }: { document: Node }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const looked = useMutation({ mutationFn: () => client.run<Looked>("api.try_mailbox", { document }) });
  const secret = isNode(document["url"]);
  const ready = secret ? at(document, ["url", "secret"]) !== "" : Boolean(document["user"]) && at(document, ["password", "secret"]) !== "";
  const found = looked.data;
  const said = looked.error ? brief(looked.error, speech) : (found?.error ?? undefined);
  return (
    <Section title={t("mailboxTry")}>
      <Button disabled={!ready} title={ready ? undefined : t("mailboxTryMissing")} loading={looked.isPending} onClick={() => looked.mutate()}>{t("mailboxTry")}</Button>
      <div aria-live="polite">
        {!looked.isPending && found?.done && <Alert type="success" showIcon title={t("mailboxWorks", { folder: found.folder ?? "", letters: found.letters ?? 0 })} />}
        {!looked.isPending && said && <Alert type="error" showIcon title={t("mailboxFails")} description={said} />}
      </div>
    </Section>
  );
}
