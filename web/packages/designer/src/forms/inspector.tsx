import { DeleteOutlined, EyeInvisibleOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, Collapse, Input, InputNumber, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { Options } from "../controls";
import { findingsOf, optionWords, useDesign } from "../design";
import { resolved, type Schema } from "../schema";
import { at, isNode, pointerOf, same, type Node, type Path } from "../tree";
import { becomes, isPublished, isTaken, laidOut, optionsOf, rename, retyped, spanOf, takeOff } from "./fields";

interface Props {
  /** The form as the app has it: fields that stand in it keep their names. */
  written: Node;
  rename: (document: Node, path: Path) => void;
}

const FIRST = ["title", "help"];
const PLAIN = ["required", "unique", "read_only"];
const WHEN = ["visible_when", "required_when", "read_only_when"];
const MORE = ["search", "index", "history", "hidden", "mask", "encrypted", "privacy"];
const ELSEWHERE = [...FIRST, ...PLAIN, ...WHEN, ...MORE, "name", "id", "was", "type", "default", "fields", "$schema", "format"];
const OF_FORM = ["title", "plural", "label", "help", "icon"];

/** What the chosen field, section or part may say, or the form itself: made of the closed models. */
export function FormInspector({ written, rename: renamed }: Props) {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { chosen, document, palette } = design;
  const root = palette.schema;
  const thing = chosen ? at(laidOut(document), chosen) : undefined;
  if (!chosen || !isNode(thing)) {
    return (
      <section className="lc-design-inspector" aria-label={t("designForm")}>
        <header><h2>{t("designForm")}</h2></header>
        <p className="lc-quiet"><code>{String(document["name"])}</code></p>
        <Findings path={null} />
        <Options schema={picked(root, OF_FORM)} path={[]} />
      </section>
    );
  }
  if (chosen[0] === "layout") return <OfPart path={chosen} part={thing} />;
  const type = String(thing["type"]);
  const schema = fieldSchema(root, type);
  const kind = palette.kinds.find((each) => each.name === type);
  const name = String(thing["name"]);
  const column = chosen.length > 2;
  return (
    <section className="lc-design-inspector" aria-label={t("formField")} key={pointerOf(chosen)}>
      <header>
        <h2>{w(kind?.title) || type}</h2>
        {!column && <Button size="small" type="text" icon={<EyeInvisibleOutlined />} aria-label={t("formTakeOff")} title={t("formTakeOff")} onClick={() => renamed(takeOff(document, name), chosen)} />}
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("formDelete")} title={t("formDelete")} onClick={() => design.drop(chosen)} />
      </header>
      <Findings path={chosen} />
      {schema && (
        <>
          <Options schema={picked(schema, FIRST)} path={chosen} />
          <Code written={written} path={chosen} name={name} label={t("formCode")} change={(next) => renamed(rename(document, chosen, next), chosen)} />
          <Kind written={written} field={thing} path={chosen} />
          <Options schema={left(schema)} path={chosen} />
          <Options schema={picked(schema, PLAIN)} path={chosen} />
          <Default field={thing} path={chosen} />
          {!column && <Width name={name} />}
          <Collapse ghost size="small" items={[{ key: "when", label: t("formConditions"), children: <Options schema={picked(schema, WHEN)} path={chosen} /> }, { key: "more", label: t("formMore"), children: <Options schema={picked(schema, MORE)} path={chosen} /> }]} />
        </>
      )}
    </section>
  );
}

/** Lines, notices, sections and tabs. */
function OfPart({ path, part }: { path: Path; part: Node }) {
  const { palette, drop } = useDesign();
  const { t } = useSpeech();
  const [key, model]: [TextKey, string] = "sections" in part ? ["formTab", "TabDefinition"] : "fields" in part ? ["formSection", "SectionDefinition"] : "divider" in part ? ["formDivider", "DividerDefinition"] : "notice" in part ? ["formNotice", "NoticeDefinition"] : ["formButton", "ButtonDefinition"];
  const schema = resolved({ $ref: `#/$defs/${model}` }, palette.schema);
  return (
    <section className="lc-design-inspector" aria-label={t(key)} key={pointerOf(path)}>
      <header>
        <h2>{t(key)}</h2>
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("formDelete")} title={t("formDelete")} onClick={() => drop(path)} />
      </header>
      <Findings path={path} />
      <Options schema={schema} path={path} skip={["fields", "sections"]} />
    </section>
  );
}

/** What something is called by: chosen while it is new, and kept once it was published. What names it goes along, so a
 * name is taken over when it is typed to its end, and none that another has. */
export function Code({ written, path, name, label, change }: { written: Node; path: Path; name: string; label: string; change: (name: string) => void }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  const [typed, setTyped] = useState<string | null>(null);
  const taken = typed !== null && isTaken(document, path, typed);
  const take = () => {
    if (typed && typed !== name && !taken) change(typed);
    setTyped(null);
  };
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}</div>
      {isPublished(document, written, path) ? <code>{name}</code> : <Input aria-label={label} value={typed ?? name} status={taken ? "error" : undefined} onChange={(event) => setTyped(event.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "_"))} onBlur={take} onPressEnter={() => !taken && take()} />}
      {taken && <div className="lc-design-wrong" role="alert">{t("formCodeTaken", { name: typed })}</div>}
    </div>
  );
}

/** Another kind of the same field: what values it has are carried over, as far as they convert, when it is published. */
function Kind({ written, field, path }: { written: Node; field: Node; path: Path }) {
  const { name: form, palette, change } = useDesign();
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [asking, setAsking] = useState(false);
  const latest = useRef({ field, path, change });
  latest.current = { field, path, change };
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  const type = String(field["type"]);
  const kinds = palette.kinds.filter((each) => becomes(type, each.name));
  if (kinds.length < 2) return null;
  /** What its records say becomes the options of a field of choices: else none of it would convert. */
  const values = async (): Promise<Node[] | null> => {
    const name = String(field["name"]);
    const stored = Array.isArray(written["fields"]) && path.length === 2 ? written["fields"].find((each) => isNode(each) && each["name"] === name) : undefined;
    if (!isNode(stored) || field["options"] !== undefined || field["states"] !== undefined) return null;
    try {
      return optionsOf(await client.run<{ value: unknown; count: number }[]>("records.groups", { type: form, by: name }));
    } catch {
      return null; // a field whose values are not counted, or are not for this person's eyes
    }
  };
  const put = async (next: string) => {
    const kind = palette.kinds.find((each) => each.name === next);
    if (!kind) return;
    setAsking(true);
    const options = CHOICES.has(next) ? await values() : null;
    if (!here.current) return; // another one was chosen meanwhile
    setAsking(false);
    const now = latest.current;
    if (now.field["name"] !== field["name"]) return;
    now.change(now.path, retyped(now.field, options ? { ...kind.begin, options } : kind.begin, Object.keys(fieldSchema(palette.schema, next)?.properties ?? {})));
  };
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{t("formKind")}</div>
      <Select aria-label={t("formKind")} showSearch={{ optionFilterProp: "label" }} value={type} loading={asking} options={kinds.map((each) => ({ value: each.name, label: w(each.title) }))} onChange={(next: string) => void put(next)} />
    </div>
  );
}

const CHOICES: ReadonlySet<string> = new Set(["select", "multi_select"]);
const NUMBERS = ["number", "integer", "money", "percent", "rating", "duration"];

/** What a new record has in the field: a value of its kind, or an expression that begins with `=`. */
function Default({ field, path }: { field: Node; path: Path }) {
  const { palette, change } = useDesign();
  const { t, w } = useSpeech();
  const own: Path = [...path, "default"];
  const value = at(field, ["default"]);
  const type = String(field["type"]);
  const label = w(optionWords(palette, "default"));
  const chosen = (next: string | undefined) => change(own, next === undefined || next === "" ? undefined : next);
  if (["formula", "rollup", "serial", "lines", "completeness", "password", "secret"].includes(type)) return null;
  const options = Array.isArray(field["options"]) ? field["options"].filter(isNode) : [];
  return (
    <div className="lc-design-option">
      <div className="lc-design-label" title={t("formDefaultHint")}>{label}</div>
      {type === "boolean" ? (
        <Select aria-label={label} allowClear value={typeof value === "boolean" ? String(value) : undefined} options={["true", "false"].map((each) => ({ value: each, label: t(each === "true" ? "yes" : "no") }))} onChange={(next?: string) => change(own, next === undefined ? undefined : next === "true")} />
      ) : type === "select" ? (
        <Select aria-label={label} allowClear value={typeof value === "string" ? value : undefined} options={options.map((each) => ({ value: String(each["name"]), label: w((each["title"] as string) ?? String(each["name"])) }))} onChange={chosen} />
      ) : NUMBERS.includes(type) && typeof value !== "string" ? (
        <InputNumber aria-label={label} value={typeof value === "number" ? value : null} onChange={(next) => change(own, next ?? undefined)} />
      ) : (
        <Input aria-label={label} placeholder={t("formDefaultHint")} value={value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value)} onChange={(event) => chosen(event.target.value)} />
      )}
    </div>
  );
}

function Width({ name }: { name: string }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = spanOf(document, name);
  if (!found || found.columns < 2) return null;
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{t("formWidth")}</div>
      <Select aria-label={t("formWidth")} value={Math.min(found.span, found.columns)} options={Array.from({ length: found.columns }, (_, at) => ({ value: at + 1, label: at + 1 === found.columns ? t("formWholeRow") : `${at + 1} / ${found.columns}` }))} onChange={(span: number) => change(found.path, span === 1 ? name : { field: name, span })} />
    </div>
  );
}

function Findings({ path }: { path: Path | null }) {
  const design = useDesign();
  const inner = (each: { pointer: string }) => path !== null && design.blocks.some((way) => !same(way, path) && way.length > path.length && each.pointer.startsWith(pointerOf(way)));
  const found = findingsOf(design, path).filter((each) => !inner(each));
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}

/** A model with some of its options only, in this order. */
const picked = (schema: Schema, names: string[]): Schema => ({ ...schema, properties: Object.fromEntries(names.filter((name) => schema.properties?.[name]).map((name) => [name, schema.properties![name]!])) });

/** What is a kind's own. */
const left = (schema: Schema): Schema => picked(schema, Object.keys(schema.properties ?? {}).filter((name) => !ELSEWHERE.includes(name)));

function fieldSchema(root: Schema, type: string): Schema | undefined {
  const way = root.properties?.["fields"]?.items?.discriminator?.mapping[type];
  return way ? resolved({ $ref: way }, root) : undefined;
}
