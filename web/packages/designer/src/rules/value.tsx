import { DeleteOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import type { Field, Form, Text } from "@lowcode/protocol";
import { shown } from "@lowcode/runtime/fields";
import { Button, DatePicker, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { at, isNode, pointerOf, type Path } from "../tree";
import { Labelled, useRule, Wrong } from "./about";
import { dayWritten, plainIn, quoted, textIn } from "./clauses";

/** How a plain value of a field is entered; nothing where none can be written. */
type Entered = "choice" | "number" | "boolean" | "date" | "text" | null;

const ENTERED: Record<string, Entered> = {
  select: "choice", state: "choice", integer: "number", number: "number", percent: "number", money: "number", rating: "number", slider: "number", boolean: "boolean", date: "date",
  text: "text", long_text: "text", email: "text", phone: "text", url: "text", serial: "text", barcode: "text", currency: "text", rich_text: "text",
};

export const enteredOf = (field: Field | undefined): Entered => (field ? (ENTERED[shown(field).type] ?? null) : null);

export const optionsOf = (field: Field | undefined): readonly { name: string; title?: Text }[] => (field ? (shown(field).states ?? shown(field).options ?? []) : []);

/** What stands for a moment, a person or nothing, by the kind of field it suits. */
const USUAL: { text: string; words: TextKey; types: string[] }[] = [
  { text: "TODAY()", words: "ruleToday", types: ["date"] },
  { text: "NOW()", words: "ruleNow", types: ["datetime"] },
  { text: "ME()", words: "ruleMe", types: ["user", "member"] },
];

interface Props {
  field: Field | undefined;
  text: string;
  change: (text: string) => void;
  label: string;
  path: Path;
  /** Whether it may be nothing. */
  empty?: boolean;
}

/** A value for a field, or to compare a field with: entered as such a field is, one of the usual ones, or worked out. */
export function ValueInput({ field, text, change, label, path, empty = false }: Props) {
  const { findings } = useDesign();
  const { t, w } = useSpeech();
  const { about, ofRule, itself } = useRule();
  const entered = enteredOf(field);
  const to = field && shown(field).type === "link" ? field.to : undefined;
  const usual = [
    ...(to !== undefined && to === about ? [{ text: "id", label: t("ruleWhichItself") }] : []),
    ...(to !== undefined && to === ofRule && about !== ofRule ? [{ text: "this", label: w(itself) }] : []),
    ...USUAL.filter((each) => field && each.types.includes(shown(field).type)).map((each) => ({ text: each.text, label: t(each.words) })),
    ...(empty ? [{ text: "blank", label: t("ruleNothing") }] : []),
  ];
  const plain = plainIn(text);
  const fits = text === "" || (plain !== undefined && suits(entered, plain));
  const [free, setFree] = useState(false);
  const known = usual.find((each) => each.text === text.trim());
  const sort = !free && known ? known.text : !free && entered !== null && fits ? "value" : "free";
  const pointer = pointerOf(path);
  const wrong = findings.some((each) => each.pointer === pointer);
  const sorts = [
    ...(entered !== null ? [{ value: "value", label: t("partValue") }] : []),
    ...usual.map((each) => ({ value: each.text, label: each.label })),
    { value: "free", label: t("ruleWorkedOut") },
  ];
  const turn = (next: string) => {
    setFree(next === "free");
    if (next === "value") change(entered === "text" ? '""' : "");
    else if (next !== "free") change(next);
  };
  return (
    <div className="lc-ruled-value">
      {sorts.length > 1 && <Select className="lc-ruled-sort" popupMatchSelectWidth={false} aria-label={t("ruleSort", { name: label })} value={sort} options={sorts} onChange={turn} />}
      {sort === "value" && <Entry field={field!} entered={entered!} text={text} change={change} label={label} wrong={wrong} />}
      {sort === "free" && <ExpressionInput label={label} path={path} wrong={wrong} value={text} change={change} />}
    </div>
  );
}

const suits = (entered: Entered, plain: unknown): boolean => entered === "number" ? typeof plain === "number" : entered === "boolean" ? typeof plain === "boolean" : entered === "date" ? typeof plain === "string" && /^\d{4}-\d\d-\d\d$/.test(plain) : entered !== null && typeof plain === "string";

function Entry({ field, entered, text, change, label, wrong }: { field: Field; entered: Exclude<Entered, null>; text: string; change: (text: string) => void; label: string; wrong: boolean }) {
  const { t, w } = useSpeech();
  const plain = plainIn(text);
  const status = wrong ? "error" : undefined;
  switch (entered) {
    case "choice":
      return <Select className="lc-fill" aria-label={label} status={status} placeholder={t("choose")} showSearch={{ optionFilterProp: "label" }} value={textIn(text) || null} options={known(optionsOf(field), textIn(text) ? [textIn(text)!] : [], w)} onChange={(next: string | null) => next !== null && change(quoted(next))} />;
    case "number":
      return <InputNumber className="lc-fill" aria-label={label} status={status} value={typeof plain === "number" ? plain : null} onChange={(next) => change(next === null ? "" : String(next))} />;
    case "boolean":
      return <Select className="lc-fill" aria-label={label} status={status} placeholder={t("choose")} value={typeof plain === "boolean" ? String(plain) : null} options={[{ value: "true", label: t("yes") }, { value: "false", label: t("no") }]} onChange={(next: string | null) => next !== null && change(next)} />;
    case "date":
      return <DatePicker className="lc-fill" aria-label={label} status={status} placeholder={t("choose")} value={typeof plain === "string" && plain !== "" ? dayjs(plain) : null} onChange={(day) => change(day ? dayWritten(day.format("YYYY-MM-DD")) : "")} />;
    default:
      return <Input aria-label={label} status={status} value={typeof plain === "string" ? plain : ""} onChange={(event) => change(quoted(event.target.value))} />;
  }
}

/** Options by title; names that are none of them stay and are shown as they are. */
const known = (options: readonly { name: string; title?: Text }[], named: readonly string[], w: (text: Text | undefined) => string) => [
  ...options.map((each) => ({ value: each.name, label: w(each.title) || each.name })),
  ...named.filter((each) => !options.some((one) => one.name === each)).map((each) => ({ value: each, label: each })),
];

/** Several options of a field, as texts in quotes. */
export function SeveralOptions({ field, texts, change, label }: { field: Field | undefined; texts: string[]; change: (texts: string[]) => void; label: string }) {
  const { t, w } = useSpeech();
  const names = texts.flatMap((each) => textIn(each) || []);
  return <Select mode={optionsOf(field).length > 0 ? "multiple" : "tags"} className="lc-fill" aria-label={label} placeholder={t("choose")} showSearch={{ optionFilterProp: "label" }} value={names} options={known(optionsOf(field), names, w)} onChange={(next: string[]) => change(next.map(quoted))} />;
}

/** Kinds of fields that nothing can be set to here. */
const UNSET = new Set(["formula", "rollup", "serial", "lines"]);

/** Fields of a form with the values they get. */
export function FieldValues({ path, form, label, required = false }: { path: Path; form: Form | undefined; label: string; required?: boolean }) {
  const { document, change } = useDesign();
  const { t, w } = useSpeech();
  const found = at(document, path);
  const given = isNode(found) ? Object.keys(found).filter((each) => !each.startsWith("x-")) : [];
  const fieldOf = (name: string) => form?.fields.find((each) => each.name === name);
  const title = (name: string) => w(fieldOf(name)?.title) || name;
  const settable = (form?.fields ?? []).filter((each) => !given.includes(each.name) && !UNSET.has(each.type) && (each.system !== true || each.name === "owner"));
  const away = (name: string) => change(path, given.length === 1 && !required ? undefined : Object.fromEntries(Object.entries(isNode(found) ? found : {}).filter(([each]) => each !== name)));
  const adding = t("ruleAddField");
  return (
    <fieldset className="lc-flow-part lc-ruled-values">
      <legend>{label}</legend>
      <Wrong path={path} />
      {given.map((name) => (
        <Labelled key={name} label={title(name)} path={[...path, name]} deed={<Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title(name) })} onClick={() => away(name)} />}>
          <ValueInput empty field={fieldOf(name)} label={title(name)} path={[...path, name]} text={String((found as Record<string, unknown>)[name] ?? "")} change={(next) => change([...path, name], next)} />
        </Labelled>
      ))}
      <Select showSearch={{ optionFilterProp: "label" }} aria-label={adding} placeholder={adding} value={null} disabled={settable.length === 0} options={settable.map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(name: string | null) => name !== null && change([...path, name], "")} />
    </fieldset>
  );
}
