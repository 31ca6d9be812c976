import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { brief, languageName, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { App, Button, ColorPicker, Input, InputNumber, Select, Switch, Upload } from "antd";
import { useState, type ReactNode } from "react";
import { AsJson } from "./as_json";
import { ColorName } from "./color_name";
import { optionWords, useDesign, type Optional, type Palette } from "./design";
import { ExpressionInput } from "./expression";
import { blank, resolved, sortOf, type Schema } from "./schema";
import { SecretInput } from "./secret";
import { at, isNode, pointerOf, type Json, type Node, type Path } from "./tree";

/** Options whose values are named by something the app has. */
const KNOWN: Record<string, keyof Pick<Palette, "pictures" | "reports" | "roles" | "outputs" | "languages">> = { report: "reports", roles: "roles", outputs: "outputs", attach: "outputs", languages: "languages" };
/** What an option may name, if the app or the document has it. */
function knownOf(palette: Palette, name: string): { value: string; title: Text }[] | undefined {
  const source = KNOWN[name];
  return palette.names?.[name] ?? (source && palette[source].map((value) => ({ value, title: source === "languages" ? languageName(value) : "" })));
}

/** Said elsewhere: by the block itself, by the designer, or by where it stands. */
const APART = new Set(["type", "$schema", "format", "name", "was"]);

/** What every block may say comes behind what is its own. */
const LAST = ["when", "id"];

/** Every option of a closed model, in its order. */
export function Options({ schema, path, skip = [] }: { schema: Schema; path: Path; skip?: string[] }) {
  const { palette, apart = APART } = useDesign();
  const root = palette.schema;
  const named = palette.names !== undefined && path.length > 2; // options and states are named, fields are above
  const names = Object.keys(schema.properties ?? {}).sort((one, other) => LAST.indexOf(one) - LAST.indexOf(other)).filter((name) => (!apart.has(name) || (named && name === "name")) && !skip.includes(name) && !["blocks", "columns"].includes(sortOf(schema.properties![name]!, root)));
  return (
    <>
      {names.map((name) => (
        <Option key={name} name={name} schema={schema.properties![name]!} path={[...path, name]} required={schema.required?.includes(name) ?? false} />
      ))}
    </>
  );
}

export function Option(props: Optional) {
  const { own } = useDesign();
  return own?.(props) ?? <Plainly {...props} />;
}

function Plainly(props: Optional) {
  const { palette, findings } = useDesign();
  const { w, chinese } = useSpeech();
  const { name, schema, path } = props;
  const found = resolved(schema, palette.schema);
  const sort = sortOf(schema, palette.schema);
  const label = w(optionWords(palette, name, path));
  const pointer = pointerOf(path);
  const wrong = findings.filter((each) => each.pointer === pointer || (["words", "file", "expression", "secret"].includes(sort) && each.pointer.startsWith(`${pointer}/`)));
  const hint = !chinese && sort !== "words" && sort !== "expression" ? found.description : undefined;
  return (
    <div className={`lc-design-option lc-design-option-${sort}`} data-option={name}>
      {sort !== "object" && sort !== "list" && (
        <div className="lc-design-label" title={hint}>
          {label}
          {props.required && <span aria-hidden="true"> *</span>}
        </div>
      )}
      <Control {...props} label={label} wrong={wrong.length > 0} />
      {wrong.map((each, place) => (
        <div key={place} className={each.severity === "error" ? "lc-design-wrong" : "lc-design-warned"}>
          {each.message} {each.hint}
        </div>
      ))}
    </div>
  );
}

function Control({ name, schema, path, label, required, wrong }: Optional & { label: string; wrong: boolean }) {
  const { document, palette, change } = useDesign();
  const { w } = useSpeech();
  const root = palette.schema;
  const found = resolved(schema, root);
  const value = at(document, path);
  const choices = (values: Json[]) => values.map((each) => ({ value: each as string | number, label: w(palette.words.choices[String(each)] ?? String(each)) }));
  switch (sortOf(schema, root)) {
    case "expression":
      return <ExpressionInput label={label} path={path} wrong={wrong} value={typeof value === "string" ? value : ""} change={(next) => change(path, next === "" && !required ? undefined : next)} />;
    case "words":
      return <Spoken path={path} label={label} box={(own, text, called) => (found.format === "lowcode-text" ? <Input aria-label={called} status={wrong ? "error" : undefined} value={text} onChange={(event) => change(own, event.target.value === "" && own === path && !required ? undefined : event.target.value)} /> : <ExpressionInput mixed label={called} path={own} wrong={wrong} value={text} change={(next) => change(own, next)} />)} />;
    case "file":
      return <Spoken path={path} label={label} box={(own, file, called) => <FileName label={called} path={own} required={required} value={file} />} />;
    case "choice":
      if (found.format === "lowcode-color") return <ColorName label={label} required={required} value={typeof value === "string" ? value : null} choices={choices(found.enum!)} change={(next) => change(path, next)} />;
      return <Select aria-label={label} allowClear={!required} value={(value ?? null) as string | null} placeholder={found.default != null ? w(palette.words.choices[String(found.default)] ?? String(found.default)) : undefined} options={choices(found.enum!)} onChange={(next: string | undefined) => change(path, next ?? undefined)} />;
    case "number":
      return <InputNumber aria-label={label} min={found.minimum} max={found.maximum} value={typeof value === "number" ? value : null} placeholder={found.default != null ? String(found.default) : undefined} onChange={(next) => change(path, next ?? undefined)} />;
    case "boolean":
      return <Switch aria-label={label} size="small" checked={typeof value === "boolean" ? value : found.default === true} onChange={(next) => change(path, next === (found.default === true) && !required ? undefined : next)} />;
    case "color":
      return <ColorPicker aria-label={label} size="small" disabledAlpha allowClear={!required} value={typeof value === "string" ? value : null} onChangeComplete={(next) => change(path, next.cleared ? undefined : next.toHexString().slice(0, 7))} showText={() => (typeof value === "string" ? value : "–")} />;
    case "secret":
      return <SecretInput label={label} schema={found} path={path} required={required} wrong={wrong} />;
    case "object":
      return <Group label={label} schema={found} path={path} required={required} />;
    case "list":
      return <Listed name={name} label={label} schema={found} path={path} />;
    case "map":
      return <Pairs name={name} label={label} schema={found} path={path} />;
    case "union":
      return <Alternatives name={name} label={label} schema={found} path={path} required={required} wrong={wrong} />;
    default:
      if (palette.json?.includes(name)) return <AsJson plain label={label} value={value} change={(next) => change(path, next)} />;
      return <Name name={name} label={label} path={path} required={required} value={typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value)} />;
  }
}

interface Named {
  label: string;
  path: Path;
  required: boolean;
  value: string;
}

/** A picture of the app, or one that is uploaded for the template. */
function FileName({ label, path, required, value }: Named) {
  const { palette, change, upload } = useDesign();
  const speech = useSpeech();
  const { message } = App.useApp();
  const [sending, setSending] = useState(false);
  const put = (next: string | undefined) => change(path, next || (required ? "" : undefined));
  const send = async (file: File) => {
    setSending(true);
    try {
      put(await upload(file));
    } catch (error) {
      void message.error(brief(error, speech));
    }
    setSending(false);
  };
  const known = palette.pictures.includes(value) || value === "" ? palette.pictures : [...palette.pictures, value];
  return (
    <div className="lc-design-row">
      <Select aria-label={label} showSearch value={value || undefined} options={known.map((each) => ({ value: each, label: each.replace(/^templates\//, "") }))} onChange={put} />
      <Upload showUploadList={false} accept=".png,.jpg,.jpeg,.gif,.webp,.svg" beforeUpload={(file) => (void send(file), false)}>
        <Button icon={<UploadOutlined />} loading={sending} aria-label={speech.t("designUpload")} title={speech.t("designUpload")} />
      </Upload>
    </div>
  );
}

/** Options of a field that name another beside it, and of which type that is; null: of its own. */
const BESIDE: Record<string, string | null> = { until: null, currency_from: "currency" };

/** The fields beside one that an option of it may name. */
function besideOf(document: Node, name: string, path: Path): { value: string; title: Text }[] | undefined {
  if (!(name in BESIDE) || path[0] !== "fields") return undefined;
  const [own, list] = [at(document, path.slice(0, -1)), at(document, path.slice(0, -2))];
  if (!isNode(own) || !Array.isArray(list)) return undefined;
  const fitting = list.filter((each): each is Node => isNode(each) && each["name"] !== own["name"] && each["type"] === (BESIDE[name] ?? own["type"]));
  return fitting.map((each) => ({ value: String(each["name"]), title: (each["title"] ?? String(each["name"])) as Text }));
}

/** A text that names something: a report, a field beside this one, or whatever it is. */
function Name({ name, label, path, required, value }: Named & { name: string }) {
  const { document, palette, change } = useDesign();
  const { app } = useRuntime();
  const speech = useSpeech();
  const put = (next: string | undefined) => change(path, next === "" || next === undefined ? (required ? "" : undefined) : next);
  const called = (each: string) => (name === "report" ? speech.w(app.reports?.[each]?.title) || each : each);
  const known = (besideOf(document, name, path) ?? knownOf(palette, name))?.map(({ value: each, title }) => ({ value: each, label: speech.w(title) || called(each) }));
  if (known) return <Select aria-label={label} showSearch allowClear={!required} optionFilterProp="label" value={value || undefined} options={known} onChange={put} />;
  return <Input aria-label={label} value={value} onChange={(event) => put(event.target.value)} />;
}

/** What is said once for all languages, or once for each: words for people, or a file. */
export function Spoken({ label, path, box }: { label: string; path: Path; box: (own: Path, value: string, label: string) => ReactNode }) {
  const { document, languages, change } = useDesign();
  const { t } = useSpeech();
  const value = at(document, path);
  const apart = isNode(value);
  if (!apart)
    return (
      <div className="lc-design-words">
        {box(path, typeof value === "string" ? value : "", label)}
        {languages.length > 1 && (
          <Button type="link" size="small" onClick={() => change(path, Object.fromEntries(languages.map((each) => [each, typeof value === "string" ? value : ""])))}>
            {t("designByLanguage")}
          </Button>
        )}
      </div>
    );
  const spoken = [...new Set([...languages, ...Object.keys(value)])];
  return (
    <div className="lc-design-words">
      {spoken.map((each) => (
        <div key={each} className="lc-design-language">
          <span className="lc-quiet" aria-hidden="true">{languageName(each)}</span>
          {box([...path, each], typeof value[each] === "string" ? value[each] : "", `${label} (${each})`)}
        </div>
      ))}
    </div>
  );
}

/** A part that is opened and closed, with what may be done with it beside its name. */
export function Fold({ title, deeds, open = false, children }: { title: ReactNode; deeds?: ReactNode; open?: boolean; children: ReactNode }) {
  const [pressed, setPressed] = useState<boolean>();
  const shown = pressed ?? open;
  return (
    <div className="lc-design-group">
      <div className="lc-design-row">
        <button type="button" className="lc-design-fold" aria-expanded={shown} onClick={() => setPressed(!shown)}>
          {title}
        </button>
        {deeds}
      </div>
      {shown && children}
    </div>
  );
}

/** A part with options of its own; one that may be missing is added and taken away. */
function Group({ label, schema, path, required }: { label: string; schema: Schema; path: Path; required: boolean }) {
  const { document, palette, change, findings } = useDesign();
  const value = at(document, path);
  const pointer = pointerOf(path);
  const wrong = findings.some((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`));
  const optional = schema.default == null && !required;
  const { t } = useSpeech();
  const [begun, setBegun] = useState(false);
  if (optional && value === undefined)
    return (
      <Button size="small" icon={<PlusOutlined />} onClick={() => (setBegun(true), change(path, blank(schema, palette.schema)))}>
        {label}
      </Button>
    );
  return (
    <Fold
      open={wrong || begun}
      title={<>{label}{isNode(value) && Object.keys(value).length > 0 && <span className="lc-quiet"> · {Object.keys(value).length}</span>}</>}
      deeds={optional && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: label })} onClick={() => change(path, undefined)} />}
    >
      <Options schema={schema} path={path} />
    </Fold>
  );
}

/** A list: of names, of numbers, or of parts that are added, moved and taken away. */
function Listed({ name, label, schema, path }: { name: string; label: string; schema: Schema; path: Path }) {
  const { document, palette, change, shift } = useDesign();
  const { t, w } = useSpeech();
  const root = palette.schema;
  const inner = resolved(schema.items ?? {}, root);
  const sort = sortOf(inner, root);
  const found = at(document, path);
  const items = Array.isArray(found) ? found : [];
  const [begun, setBegun] = useState<number>();
  if (sort !== "object") {
    const chosen = inner.enum?.map((each) => ({ value: String(each), title: palette.words.choices[String(each)] ?? String(each) }));
    const known = (knownOf(palette, name) ?? chosen)?.map((each) => ({ value: each.value, label: w(each.title) || each.value }));
    const numbers = sort === "number";
    return (
      <>
        <div className="lc-design-label">{label}</div>
        <Select mode={known ? "multiple" : "tags"} showSearch={{ optionFilterProp: "label" }} aria-label={label} allowClear value={items.map(String)} options={known ?? []} onChange={(next: string[]) => change(path, next.length === 0 ? undefined : numbers ? next.map(Number).filter((each) => !Number.isNaN(each)) : next)} />
      </>
    );
  }
  const called = (item: Json): string => {
    const said = isNode(item) ? (item["title"] ?? item["label"] ?? item["value"] ?? item["text"] ?? "") : "";
    return isNode(said) ? w(said as Record<string, string>) : String(said);
  };
  return (
    <div className="lc-design-list">
      <div className="lc-design-label">{label}</div>
      {items.map((item, index) => {
        const own = [...path, index];
        const title = called(item) || t("designNumbered", { number: index + 1 });
        return (
          <Fold
            key={index}
            open={begun === index}
            title={title}
            deeds={
              <>
                <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("designUp", { name: title })} onClick={() => shift(own, path, index - 1)} />
                <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={index === items.length - 1} aria-label={t("designDown", { name: title })} onClick={() => shift(own, path, index + 2)} />
                <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(own, undefined)} />
              </>
            }
          >
            <Options schema={inner} path={own} />
          </Fold>
        );
      })}
      <Button size="small" icon={<PlusOutlined />} onClick={() => (setBegun(items.length), change([...path, items.length], begunItem(blank(inner, root), name, items)))}>
        {t("designAdd", { name: label })}
      </Button>
    </div>
  );
}

/** A new item that is called by a name gets one that is free. */
function begunItem(item: Json, list: string, items: Json[]): Json {
  if (!isNode(item) || item["name"] !== "") return item;
  const taken = new Set(items.map((each) => (isNode(each) ? each["name"] : "")));
  for (let count = items.length + 1; ; count++) if (!taken.has(`${list.replace(/s$/, "")}_${count}`)) return { ...item, name: `${list.replace(/s$/, "")}_${count}` };
}

/** What a pair may be called, where others than documents of the app have named it. */
const NAMES: Record<string, RegExp> = { headers: /^[A-Za-z0-9-]+$/, query: /^\S+$/, parameters: /^\S+$/, variables: /^\S+$/, security: /^\S+$/, values: /^\S/, lines: /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/ };

/** Names with an expression or part each. */
function Pairs({ name: option, label, schema, path }: { name: string; label: string; schema: Schema; path: Path }) {
  const { document, palette, change } = useDesign();
  const { t } = useSpeech();
  const [name, setName] = useState("");
  const found = at(document, path);
  const node = isNode(found) ? found : {};
  const inner = isNode(schema.additionalProperties as never) ? (schema.additionalProperties as Schema) : {};
  return (
    <div className="lc-design-list">
      {Object.keys(node).map((key) => (
        <div key={key} className="lc-design-pair">
          <div className="lc-design-label">
            <code>{key}</code>
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: key })} onClick={() => change([...path, key], undefined)} />
          </div>
          <Control name={key} schema={inner} path={[...path, key]} label={`${label} ${key}`} required wrong={false} />
        </div>
      ))}
      <div className="lc-design-row">
        <Input aria-label={t("designPairName", { name: label })} placeholder={t("designPairName", { name: label })} value={name} onChange={(event) => setName(event.target.value)} />
        <Button icon={<PlusOutlined />} aria-label={t("designAdd", { name: label })} disabled={!(NAMES[option] ?? /^[a-z][a-z0-9_]*$/).test(name) || name in node} onClick={() => (change([...path, name], blank(inner, palette.schema)), setName(""))} />
      </div>
    </div>
  );
}

/** One of several shapes: which, and what it says. */
function Alternatives({ name, label, schema, path, required, wrong }: { name: string; label: string; schema: Schema; path: Path; required: boolean; wrong: boolean }) {
  const { document, palette, change } = useDesign();
  const { w, t } = useSpeech();
  const root = palette.schema;
  const value = at(document, path);
  const ways = schema.anyOf!.map((each) => resolved(each, root));
  const several = ways.filter((way) => way.properties).length > 1;
  const words = (way: Schema): string => {
    if (way.const !== undefined) return w(palette.words.choices[String(way.const)] ?? String(way.const));
    const sort = sortOf(way, root);
    if (sort === "secret") return t("secretNamed");
    if (sort === "object" && several) return w(optionWords(palette, way.required?.[0] ?? ""));
    return t(sort === "list" ? "designSeveral" : sort === "object" ? "designDetailed" : sort === "number" ? "designNumber" : "designSimple");
  };
  const fits = (way: Schema): boolean => {
    if (value === undefined) return false;
    if (way.const !== undefined) return value === way.const;
    if (way.enum) return way.enum.some((each) => each === value);
    return Array.isArray(value) ? way.type === "array" : isNode(value) ? way.type === "object" && (!several || (way.required ?? []).some((each) => each in value)) : way.type === "number" || way.type === "integer" ? typeof value === "number" : typeof value === way.type;
  };
  if (ways.every((each) => (each.type === "number" || each.type === "string") && !each.enum && each.const === undefined)) {
    const put = (next: string) => change(path, next.trim() === "" ? undefined : Number.isNaN(Number(next)) ? next : Number(next));
    return <Input aria-label={label} status={wrong ? "error" : undefined} value={value === undefined ? "" : String(value)} onChange={(event) => put(event.target.value)} />;
  }
  const chosen = ways.findIndex(fits);
  const way = ways[chosen];
  return (
    <div className="lc-design-union">
      <Select aria-label={label} allowClear={!required} placeholder={t("designDefault")} value={chosen === -1 ? undefined : chosen} options={ways.map((each, place) => ({ value: place, label: words(each) }))} onChange={(place: number | undefined) => change(path, place === undefined ? undefined : blank(ways[place]!, root))} />
      {way && way.const === undefined && <Control name={name} schema={{ ...way, default: {} }} path={path} label={label} required wrong={wrong} />}
    </div>
  );
}

