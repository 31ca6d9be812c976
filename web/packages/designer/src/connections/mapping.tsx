import { DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Field, Form } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Value } from "@lowcode/runtime/form/value";
import { Button, Select } from "antd";
import { use, type ReactNode } from "react";
import { DesignContext, useDesign, type Offer } from "../design";
import { ExpressionInput } from "../expression";
import { Labelled, More } from "../flows/asking";
import { at, isNode, pointerOf, put, type Json, type Node, type Path } from "../tree";

/** What a field gets of a sample: what its expression says, or why it says nothing. */
export interface Got {
  value?: Json;
  error?: string;
}

interface Props {
  path: Path;
  form: Form | undefined;
  label: string;
  hint: string;
  /** What expressions may name here. */
  parts: Offer[];
  got?: Record<string, Got>;
  saved?: Node;
}

/** Fields a record gets, each by an expression over what came in, and what the sample makes of it. */
export function Mapping({ path, form, label, hint, parts, got = {}, saved = {} }: Props) {
  const design = use(DesignContext)!;
  const { t, w } = useSpeech();
  const found = at(design.document, path);
  const node = isNode(found) ? found : {};
  const fieldOf = (name: string) => form?.fields.find((each) => each.name === name);
  const title = (name: string) => w(fieldOf(name)?.title) || name;
  const free = (form?.fields ?? []).filter((each) => !each.read_only && !(each.name in node)).map((each) => each.name);
  const likely = (name: string) => parts.find((each) => each.path.split(".").pop() === name)?.path ?? "";
  return (
    <DesignContext value={{ ...design, palette: { ...design.palette, variables: [...parts, ...design.palette.variables] } }}>
      <Section title={label} at={[pointerOf(path)]}>
        {Object.keys(node).length === 0 && <p className="lc-quiet">{hint}</p>}
        {Object.keys(node).map((name) => (
          <Labelled key={name} label={title(name)} path={[...path, name]} deed={<Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title(name) })} onClick={() => design.change([...path, name], undefined)} />}>
            <ExpressionInput label={`${label}: ${title(name)}`} path={[...path, name]} value={String(node[name])} change={(next) => design.change([...path, name], next)} />
            <Result field={fieldOf(name)} got={got[name]} saved={saved[name]} />
          </Labelled>
        ))}
        <More words={label} called={t("intakeField")} names={free} title={title} add={(name) => design.change(path, put(node, [name], likely(name)))} />
      </Section>
    </DesignContext>
  );
}

/** What the sample makes of a field: as it is saved, else as it is said. */
function Result({ field, got, saved }: { field: Field | undefined; got: Got | undefined; saved: Json | undefined }) {
  const { t } = useSpeech();
  if (got?.error !== undefined) return <div className="lc-design-wrong">{got.error}</div>;
  if (got === undefined) return null;
  return (
    <div className="lc-intake-got lc-quiet">
      {t("intakeGets")} {saved !== undefined && field ? <Value field={field} value={saved} /> : got.value === null || got.value === undefined ? "–" : <code>{typeof got.value === "string" ? got.value : JSON.stringify(got.value)}</code>}
    </div>
  );
}

/** A part of the desk with its name, and what is wrong with it as a whole. */
export function Section({ title, hint, at: places = [], children }: { title: string; hint?: string; at?: string[]; children: ReactNode }) {
  const { findings } = useDesign();
  const wrong = findings.filter((each) => places.includes(each.pointer));
  return (
    <fieldset className="lc-flow-part">
      <legend>{title}</legend>
      {hint && <p className="lc-quiet">{hint}</p>}
      {children}
      {wrong.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </fieldset>
  );
}

/** A choice among what there is, at a place of the document. */
export function Pick({ path, label, options, required = false, usual, whole }: { path: Path; label: string; options: { value: string; label: string }[]; required?: boolean; usual?: string; whole?: (next: string | undefined) => void }) {
  const { document, change } = useDesign();
  const value = at(document, path);
  const put = whole ?? ((next: string | undefined) => change(path, next ?? (required ? "" : undefined)));
  return (
    <Labelled label={label} path={path} required={required}>
      <Select showSearch aria-label={label} allowClear={!required} placeholder={usual} optionFilterProp="label" value={typeof value === "string" && value !== "" ? value : null} options={options} onChange={(next: string | undefined) => put(next)} />
    </Labelled>
  );
}

/** The forms of the app by their titles, and the fields of one. */
export function useForms(): { forms: { value: string; label: string }[]; fieldsOf: (form: string, types?: string[]) => { value: string; label: string }[] } {
  const { app } = useRuntime();
  const { palette } = useDesign();
  const { w } = useSpeech();
  return {
    forms: (palette.names?.["form"] ?? []).map((each) => ({ value: each.value, label: w(each.title) || each.value })),
    fieldsOf: (form, types) => (app.forms[form]?.fields ?? []).filter((each) => !types || types.includes(each.type)).map((each) => ({ value: each.name, label: w(each.title) || each.name })),
  };
}
