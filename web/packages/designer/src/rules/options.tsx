import { useSpeech } from "@lowcode/kit";
import type { Field, Form, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { shown } from "@lowcode/runtime/fields";
import { Input, Segmented, Select } from "antd";
import { useMemo, type ReactNode } from "react";
import { AsJson } from "../as_json";
import { Options, Spoken } from "../controls";
import { DesignContext, optionWords, useDesign, type Optional } from "../design";
import { Asking } from "../flows/asking";
import { picked } from "../flows/schemas";
import { offersOf } from "../offers";
import { resolved, type Schema } from "../schema";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import { AboutRule, doneAt, Elsewhere, Labelled, useMeant, useRule } from "./about";
import { ConditionBuilder } from "./condition";
import { Lined } from "./lined";
import { People, PeopleNumbers, usePeople, useRoles } from "./people";
import { ClockInput, SpanInput } from "./times";
import { FieldValues } from "./value";

/** Options that are said by the designer itself. */
export const APART: ReadonlySet<string> = new Set(["type", "$schema"]);

const CONDITIONS = new Set(["when", "where", "exit", "becomes"]);
const PEOPLE = "PersonDocument";

/** The models that a schema may be, by name. */
function modelsOf(schema: Schema | undefined): string[] {
  if (!schema) return [];
  const own = schema.$ref?.split("/").pop();
  return [...(own ? [own] : []), ...(schema.anyOf ?? []).flatMap(modelsOf), ...(schema.type === "array" ? modelsOf(schema.items) : [])];
}

/** What of a rule is drawn in a way of its own: people, spans, conditions, fields, and what the app has by name. */
export function ownOption(option: Optional): ReactNode | undefined {
  const { name, schema, path } = option;
  const models = modelsOf(schema);
  if (schema.enum || schema.format) return CONDITIONS.has(name) ? <Asked option={option} /> : undefined;
  if (models.includes("SpanDocument")) return <Worded option={option}>{(label) => <SpanInput {...option} label={label} />}</Worded>;
  if (models.includes(PEOPLE)) return <People {...option} />;
  if (schemaPattern(schema)?.startsWith("^([01]")) return <Worded option={option}>{(label) => <ClockInput {...option} label={label} />}</Worded>;
  if (CONDITIONS.has(name)) return <Asked option={option} />;
  if (name === "values" || name === "set") return path.length > 1 && givesFields(schema) ? <Given option={option} /> : undefined;
  if (name === "lines" && path.length > 1) return <Lined {...option} />;
  if (name === "rows" && path[path.length - 1] === "rows" && path.includes("lines")) return <Worded option={option}>{(label) => <Sources option={option} label={label} />}</Worded>;
  if (name === "for_each" && path.length > 1 && models.includes("WhichOptions")) return <ForEach path={path} />;
  if (name === "among") return <Among option={option} />;
  if (name === "weights" || name === "people") return <PeopleNumbers name={name} path={path} />;
  if (name === "many") return <Worded option={option}>{(label) => <Labelled label={label} path={path}><Spoken path={path} label={label} box={(own, text, called) => <Texted path={own} text={text} label={called} whole={own === path} />} /></Labelled>}</Worded>;
  if (name in FIELDS || name === "link" || name === "relation") return models.length === 0 && path.length > 1 ? <Worded option={option}>{(label) => <Fielded option={option} label={label} />}</Worded> : undefined;
  if (name === "into" && givesTexts(schema)) return <Answers path={path} />;
  if (NAMED.has(name) && !FREE.has(`${String(path[path.length - 2])}.${name}`)) return namesOne(schema) ? <Worded option={option}>{(label) => <Named option={option} label={label} />}</Worded> : undefined;
  return undefined;
}

const schemaPattern = (schema: Schema): string | undefined => schema.pattern ?? schema.anyOf?.find((each) => each.pattern)?.pattern;
const givesFields = (schema: Schema): boolean => [schema, ...(schema.anyOf ?? [])].some((each) => typeof each.additionalProperties === "object" && each.additionalProperties.format === "lowcode-expression");
const givesTexts = (schema: Schema): boolean => typeof schema.additionalProperties === "object" && schema.additionalProperties.type === "string";
const namesOne = (schema: Schema): boolean => [schema, ...(schema.anyOf ?? [])].some((each) => each.type === "string" && !each.enum && !each.format) || [schema, ...(schema.anyOf ?? [])].some((each) => each.type === "array" && each.items?.type === "string" && !each.items.enum);

/** Options that name fields, and of which types where only those serve. */
const FIELDS: Record<string, readonly string[] | null> = { field: null, fields: null, keep: ["user", "member"], word_field: ["select", "text"], person: ["user", "member"], into: ["attachment"] };

/** Options that name something of the app. */
const NAMED = new Set(["form", "table", "message", "pool", "card", "rule", "flow", "template", "webhook", "channel", "channels", "connector", "intake", "analyser", "role", "roles", "user", "users", "band", "output", "state", "language"]);

/** Names that nothing else has: they are written. */
const FREE = new Set(["signal.message", "assign.pool"]);

function Worded({ option, children }: { option: Optional; children: (label: string) => ReactNode }) {
  const { palette } = useDesign();
  const { w } = useSpeech();
  return <>{children(w(optionWords(palette, option.name, option.path)))}</>;
}

function Texted({ path, text, label, whole }: { path: Path; text: string; label: string; whole: boolean }) {
  const { change } = useDesign();
  return <Input aria-label={label} value={text} onChange={(event) => change(path, event.target.value === "" && whole ? undefined : event.target.value)} />;
}

/** A condition: of the rule's record, or of the records that are meant beside it. */
function Asked({ option: { name, path } }: { option: Optional }) {
  const { document, palette } = useDesign();
  const { t, w } = useSpeech();
  const { palette: known, ofRule } = useRule();
  const parent = path.slice(0, -1);
  const beside = useMeant(parent);
  const said = at(document, parent);
  const table = isNode(said) && typeof said["table"] === "string" ? known.known["table"]?.find((each) => each.name === said["table"])?.form : undefined;
  const about = name === "where" ? (table ?? beside) : undefined;
  const [rows, source] = [useRowsOf(path), useSource(path)];
  const label = w(optionWords(palette, name, path));
  if (source && name === "where") return <OfSource rows={source}><ConditionBuilder path={path} label={label} none={t("ruleAllRows")} /></OfSource>;
  if (rows && name === "where") return <OfRows of={rows}><ConditionBuilder path={path} label={label} none={t("ruleAllRows")} /></OfRows>;
  const builder = <ConditionBuilder path={path} label={label} />;
  return about && about !== ofRule ? <Elsewhere form={about}>{builder}</Elsewhere> : builder;
}

/** Fields with the values they get: of the records that are made or changed, else of the rule's own. */
function Given({ option: { name, path, required } }: { option: Optional }) {
  const { document, palette } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const { ofRule } = useRule();
  const parent = path.slice(0, -1);
  const [meant, each] = [useMeant(parent), useMeant([...parent, "for_each"])];
  const said = at(document, parent);
  const [rows, source] = [useRowsOf(path), useSource(path)];
  const target = app.forms[name === "set" ? ofRule : (meant ?? ofRule)];
  const fields = rows?.rows ?? target;
  const values = <FieldValues required={required} path={path} form={fields} label={w(optionWords(palette, name))} />;
  if (source) return <OfSource rows={source}>{values}</OfSource>;
  if (rows && ["update", "set"].includes(doneAt(document, path) ?? "")) return <OfRows of={rows}>{values}</OfRows>;
  return each && isNode(said) && isNode(said["for_each"]) ? <Elsewhere form={each}>{values}</Elsewhere> : values;
}

/** Rows that are spoken of, and what each of them lies in: the record, or a row. */
interface Rows {
  rows: Form;
  parent: Form;
}

/** The rows that are spoken of, where it is lines that are made or changed; those in lines by the way to them. */
function useRowsOf(path: Path): Rows | undefined {
  const { document } = useDesign();
  const { app } = useRuntime();
  const { ofRule } = useRule();
  const place = path.lastIndexOf("lines");
  const beside = path.slice(0, Math.max(place, 0));
  const meant = useMeant(beside);
  const made = at(document, beside);
  const form = place === -1 || !isNode(made) ? undefined : app.forms[meant ?? (doneAt(document, path) === "set" ? ofRule : "")];
  return form && rowsIn(form, String(path[place + 1]).split("."));
}

function rowsIn(form: Form, way: string[]): Rows | undefined {
  let found: Rows | undefined;
  for (const name of way) {
    const parent = found?.rows ?? form;
    const lines = parent.fields.find((each) => each.name === name);
    if (!lines?.fields) return undefined;
    found = { rows: { ...form, title: lines.title ?? name, fields: lines.fields }, parent };
  }
  return found;
}

/** What is said about rows: expressions name their fields, those of what they lie in as `parent`, and those of the
 * rule's record as `this`. */
function OfRows({ of: { rows, parent }, children }: { of: Rows; children: ReactNode }) {
  const { app } = useRuntime();
  const { palette, ofRule, itself } = useRule();
  const design = useDesign();
  const offers = useMemo(() => {
    const offered = (form: Form) => offersOf(form.name, { ...app.forms, [form.name]: form });
    const beside = (before: string, each: Form) => offered(each).own.map((one) => ({ ...one, path: `${before}.${one.path}` }));
    const these = app.forms[ofRule];
    const own = offered(rows);
    return { ...own, linked: [...own.linked, { path: "parent", title: parent.title ?? parent.name, items: beside("parent", parent) }, ...(these ? [{ path: "this", title: itself, items: beside("this", these) }] : [])] };
  }, [rows, parent, ofRule, app, itself]);
  return (
    <DesignContext value={{ ...design, offers, palette: { ...design.palette, variables: [] } }}>
      <AboutRule palette={palette} about="" event={false} itself={itself} rows={rows} parent={parent}>{children}</AboutRule>
    </DesignContext>
  );
}

/** The rows of the rule's record that lines are made of, one for each. */
function useSource(path: Path): Form | undefined {
  const { document } = useDesign();
  const { app } = useRuntime();
  const { palette, ofRule } = useRule();
  const said = at(document, path.slice(0, -1));
  const own = app.forms[ofRule];
  if (!path.includes("lines") || !isNode(said) || typeof said["rows"] !== "string" || !own) return undefined;
  const lines = own.fields.find((each) => each.name === said["rows"]);
  return lines?.fields ? { ...own, title: lines.title ?? lines.name, fields: lines.fields } : app.forms[palette.relations[ofRule]?.[said["rows"]] ?? ""];
}

/** What is said about the rows that lines are made of: expressions name their fields. */
function OfSource({ rows, children }: { rows: Form; children: ReactNode }) {
  const { app } = useRuntime();
  const { palette, itself } = useRule();
  const design = useDesign();
  const offers = useMemo(() => offersOf(rows.name, { ...app.forms, [rows.name]: rows }), [rows, app]);
  return <DesignContext value={{ ...design, offers }}><AboutRule palette={palette} about="" event={false} itself={itself} rows={rows}>{children}</AboutRule></DesignContext>;
}

/** The lines and related records of the rule's record, of which lines are made. */
function Sources({ option, label }: { option: Optional; label: string }) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const { palette, ofRule } = useRule();
  const form = app.forms[ofRule];
  const related = Object.keys(palette.relations[ofRule] ?? {}).map((value) => ({ value, label: w(form?.relations?.find((each) => each.name === value)?.title) || value }));
  return <Choose option={option} label={label} known={[...titled((form?.fields ?? []).filter((each) => each.fields), w), ...related]} />;
}

interface Choice {
  value: string;
  label: string;
}

/** One or several of what there is; what there is not any more stays, by its name. */
function Choose({ option: { path, required }, label, known, several = false, put }: { option: Optional; label: string; known: Choice[]; several?: boolean; put?: (next: string | undefined) => void }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const named = (Array.isArray(found) ? found : found === undefined || found === "" || found === null ? [] : [found]).map(String);
  const options = [...known, ...named.filter((each) => !known.some((one) => one.value === each)).map((value) => ({ value, label: value }))];
  const write = put ?? ((next: string | undefined) => change(path, next ?? (required ? "" : undefined)));
  return (
    <Labelled label={label} path={path} required={required} within={several}>
      {several ? (
        <Select mode="multiple" aria-label={label} showSearch={{ optionFilterProp: "label" }} placeholder={t("choose")} value={named} options={options} onChange={(next: string[]) => change(path, next.length === 0 && !required ? undefined : next)} />
      ) : (
        <Select aria-label={label} showSearch={{ optionFilterProp: "label" }} allowClear={!required} placeholder={t("choose")} value={named[0] ?? null} options={options} onChange={(next?: string | null) => write(next ?? undefined)} />
      )}
    </Labelled>
  );
}

/** A field of the rule's form, or of another that is named beside it. */
function Fielded({ option, label }: { option: Optional; label: string }) {
  const { document } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const { palette, ofRule } = useRule();
  const { name, path } = option;
  const said = at(document, path.slice(0, -1));
  const own = isNode(said) && typeof said["form"] === "string" && ["person", "field"].includes(name) ? said["form"] : ofRule;
  const form = app.forms[own];
  if (name === "relation") return <Choose option={option} label={label} known={Object.keys(palette.relations[own] ?? {}).map((value) => ({ value, label: w(form?.relations?.find((each) => each.name === value)?.title) || value }))} />;
  const types = name === "link" ? ["link"] : path[path.length - 2] === "date" ? ["date", "datetime"] : doneAt(document, path) === "assign" && name === "field" && own === ofRule ? ["user", "member"] : (FIELDS[name] ?? null);
  const fitting = (form?.fields ?? []).filter((each) => !types || types.includes(shown(each).type) || (name === "field" && types.includes("member") && each.type === "members"));
  return <Choose option={option} label={label} several={name === "fields"} known={titled(fitting, w)} />;
}

const titled = (fields: readonly Field[], w: (text: Text | undefined) => string): Choice[] => fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }));

/** Something of the app by its title. What is about another form than the rule is not offered. */
function Named({ option, label }: { option: Optional; label: string }) {
  const { document, change, palette } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const rule = useRule();
  const [roles, people] = [useRoles(), usePeople()];
  const { name, path, schema } = option;
  const beside = at(document, path.slice(0, -1));
  const said: Node = isNode(beside) ? beside : {};
  const entries = (what: string) => rule.palette.known[what] ?? [];
  const listed = (found: readonly { name: string; title: Text }[]): Choice[] => found.map((each) => ({ value: each.name, label: w(each.title) || each.name }));
  const several = [schema, ...(schema.anyOf ?? [])].some((each) => each.type === "array");
  switch (name) {
    case "role":
    case "roles":
      return <Choose option={option} label={label} several={several} known={roles} />;
    case "user":
    case "users":
      return <Choose option={option} label={label} several={several} known={people} />;
    case "channels":
      return <Choose option={option} label={label} several known={[...["app", "mail", "push"].map((value) => ({ value, label: value === "app" ? w({ "zh-CN": "站内通知", en: "In the app" }) : w(palette.words.choices[value] ?? value) })), ...listed(entries("channel"))]} />;
    case "analyser":
      return <Choose option={option} label={label} known={rule.palette.analysers.map((value) => ({ value, label: value }))} />;
    case "language":
      return <Choose option={option} label={label} known={palette.languages.map((value) => ({ value, label: value }))} />;
    case "form":
      return <Choose option={option} label={label} known={Object.values(app.forms).map((each) => ({ value: each.name, label: w(each.title) || each.name }))} />;
    case "band":
      return <Choose option={option} label={label} several={Array.isArray(said["band"])} known={listed(entries("card").find((each) => each.name === said["card"])?.bands ?? [])} />;
    case "output":
      return <Choose option={option} label={label} known={listed(entries("table").find((each) => each.name === said["table"])?.outputs ?? [])} />;
    case "state": {
      const field = rule.form?.fields.find((each) => each.name === said["field"]);
      const options = field?.states ?? field?.options ?? [];
      const value = said["state"];
      return <Labelled label={label} path={path} required within><Select mode={options.length > 0 ? "multiple" : "tags"} aria-label={label} value={[value ?? []].flat().filter((each) => each !== "").map(String)} options={listed(options.map((each) => ({ name: each.name, title: each.title ?? each.name })))} onChange={(next: string[]) => change(path, next.length === 1 ? next[0]! : next.length === 0 ? "" : next)} /></Labelled>;
    }
    default:
      return <Choose option={option} label={label} known={listed(entries(name === "connector" && "body" in said ? "channel" : name).filter((each) => each.form === undefined || each.form === rule.ofRule || name === "form" || name === "table"))} />;
  }
}

/** The people among whom is chosen: a role, perhaps of one department, or people by name. */
function Among({ option: { name, path } }: { option: Optional }) {
  const { document, palette, change } = useDesign();
  const { w, t } = useSpeech();
  const found = at(document, path);
  const said = isNode(found) ? found : null;
  const way = said === null ? "none" : said["users"] !== undefined ? "users" : "role";
  const ways = [{ value: "none", label: t("ruleAmongNone") }, { value: "role", label: t("rulePersonRole") }, { value: "users", label: t("rulePersonNamed") }];
  const label = w(optionWords(palette, name));
  return (
    <>
      <Labelled label={label} path={path}>
        <Segmented block size="small" aria-label={label} value={way} options={ways} onChange={(next) => change(path, next === "none" ? undefined : { [next]: next === "role" ? "" : [] })} />
      </Labelled>
      {way !== "none" && <PartOptions path={path} model="AmongDocument" names={way === "users" ? ["users"] : ["role", "department"]} />}
    </>
  );
}

/** Answers of a table with the fields they are written into. */
function Answers({ path }: { path: Path }) {
  const { document, change, palette } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const { palette: known } = useRule();
  const said = at(document, path.slice(0, -1));
  const table = known.known["table"]?.find((each) => isNode(said) && each.name === said["table"]);
  const found = at(document, path);
  const given = isNode(found) ? found : {};
  const outputs = [...new Set([...(table?.outputs ?? []).map((each) => each.name), ...Object.keys(given)])];
  const fields = titled((app.forms[table?.form ?? ""]?.fields ?? []).filter((each) => each.system !== true || each.name === "owner"), w);
  const write = (output: string, field: string | undefined) => {
    const { [output]: _, ...rest } = given;
    change(path, field === undefined ? rest : { ...rest, [output]: field });
  };
  return (
    <fieldset className="lc-flow-part lc-ruled-values">
      <legend>{w(optionWords(palette, "into"))}</legend>
      {outputs.map((output) => {
        const label = w(table?.outputs?.find((each) => each.name === output)?.title) || output;
        return <Labelled key={output} label={label} path={[...path, output]}><Select allowClear showSearch={{ optionFilterProp: "label" }} aria-label={label} value={typeof given[output] === "string" ? given[output] : null} options={fields} onChange={(next?: string | null) => write(output, next ?? undefined)} /></Labelled>;
      })}
    </fieldset>
  );
}

const WHICH = ["link", "relation", "form"] as const;

/** Which other records are meant: the linked one, related ones, or those of a form for which a condition holds. */
export function Which({ path, itself = false }: { path: Path; itself?: boolean }) {
  const { document, change, palette } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const said = isNode(found) ? found : {};
  const way = itself && said["itself"] === true ? "itself" : (WHICH.find((each) => said[each] !== undefined) ?? "link");
  const ways = [...(itself ? [{ value: "itself", label: t("ruleWhichItself") }] : []), { value: "link", label: t("ruleWhichLink") }, { value: "relation", label: t("ruleWhichRelation") }, { value: "form", label: t("ruleWhichForm") }];
  const turn = (next: string) => {
    const { link: _l, relation: _r, form: _f, where: _w, itself: _i, ...rest } = said;
    change(path, { ...(next === "itself" ? { itself: true } : { [next]: "" }), ...(next === "form" ? { where: "" } : {}), ...rest });
  };
  const schema = resolved({ $ref: "#/$defs/WhichOptions" }, palette.schema);
  return (
    <>
      <div className="lc-design-label">{t("ruleWhich")}</div>
      <Segmented block size="small" className="lc-ruled-which" value={way} options={ways} onChange={turn} />
      {way !== "itself" && <Options schema={{ ...picked(schema, [way, "where"]), required: [way] }} path={path} />}
    </>
  );
}

/** What most leave as it is, of each kind of action. */
const MORE: Record<string, string[]> = {
  assign: ["sticky", "weights", "load", "capacity", "skill", "exclude", "otherwise", "pool"],
  notify: ["copy_to", "quiet", "digest", "many", "each", "once_per", "urgency", "link"],
  mail: ["quiet", "once_per", "at_most", "language", "name"],
  send: ["quiet", "once_per", "at_most", "language"],
  create: ["lines", "as", "for_each"],
  update: ["lines", "most"],
  delete: ["most"],
  link: ["most"],
  unlink: ["most"],
  return_to_pool: ["link", "field", "keep", "notify"],
  request: [],
};

/** The order in which some are thought of. */
const FIRST: Record<string, string[]> = {
  mail: ["to", "message", "subject", "text"], send: ["channel", "to", "message", "subject", "text", "values"], notify: ["to", "message", "title", "text", "channels"],
};

/** What one action says, by its kind. */
export function ActionOptions({ path, word }: { path: Path; word: string }) {
  const { document, palette, change } = useDesign();
  const { app } = useRuntime();
  const { t } = useSpeech();
  const { ofRule } = useRule();
  const own: Path = [...path, word];
  const action = resolved(palette.schema.$defs?.["Action"] ?? {}, palette.schema);
  const written = action.properties?.[word];
  const value = at(document, own);
  if (!written || !isNode(value)) return <Labelled label={t("ruleAsJson")} path={own} within><AsJson label={t("ruleAsJson")} value={value ?? {}} change={(next) => next !== undefined && change(own, next)} /></Labelled>;
  const schema = resolved(written, palette.schema);
  if (word === "set") return <><FieldValues required path={own} form={app.forms[ofRule]} label={t("ruleSetFields")} /><Other path={own} schema={schema} open /></>;
  if (word === "request") return <><Asking path={own} form={app.forms[ofRule]} /><Other path={own} schema={schema} /></>;
  const names = Object.keys(schema.properties ?? {});
  const which = word === "update" || word === "delete";
  const spared = which ? ["link", "relation", "form", "where", "itself"] : [];
  const templated = ["notify", "mail", "send"].includes(word) && typeof value["message"] === "string" ? ["title", "subject", "text"] : [];
  const more = (MORE[word] ?? []).filter((each) => names.includes(each));
  const usual = [...new Set([...(FIRST[word] ?? []), ...names])].filter((each) => !more.includes(each) && !spared.includes(each) && !templated.includes(each));
  return (
    <>
      {which && <Which path={own} itself={word === "delete"} />}
      <Options schema={picked(schema, usual)} path={own} />
      {more.length > 0 && <More schema={schema} names={more} path={own} value={value} />}
      <Other path={own} schema={schema} />
    </>
  );
}

function More({ schema, names, path, value }: { schema: Schema; names: string[]; path: Path; value: Node }) {
  const { findings } = useDesign();
  const { t } = useSpeech();
  const said = names.filter((each) => value[each] !== undefined);
  const wrong = names.some((each) => findings.some((one) => one.pointer.includes(`/${each}`)));
  return (
    <details className="lc-ruled-more" open={said.length > 0 || wrong}>
      <summary>{t("ruleMore")}</summary>
      {names.map((each) => <Options key={each} schema={picked(schema, [each])} path={path} />)}
    </details>
  );
}

/** One record made for each of others. */
function ForEach({ path }: { path: Path }) {
  const { document, change, palette } = useDesign();
  const { w } = useSpeech();
  const there = isNode(at(document, path));
  const label = w(optionWords(palette, "for_each"));
  return (
    <div className="lc-design-option">
      <label className="lc-design-label"><input type="checkbox" checked={there} onChange={(event) => change(path, event.target.checked ? { relation: "" } : undefined)} /> {label}</label>
      {there && <Which path={path} />}
    </div>
  );
}

/** What is said that no control is for: it stays, and is shown as it is written. */
export function Other({ path, schema, open = false }: { path: Path; schema: Schema; open?: boolean }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  if (!isNode(found)) return null;
  const known = schema.properties ?? {};
  const rest = Object.keys(found).filter((each) => !(each in known) && (!open || each.startsWith("x-")));
  if (rest.length === 0) return null;
  return (
    <div className="lc-ruled-other">
      <div className="lc-design-label">{t("ruleOther")}</div>
      {rest.map((name) => <Labelled key={name} label={name} path={[...path, name]}><AsJson label={name} value={found[name]} change={(next: Json | undefined) => change([...path, name], next)} /></Labelled>)}
    </div>
  );
}

/** A part of a document with the options of its model, and what else it says. */
export function PartOptions({ path, model, names }: { path: Path; model: string; names?: string[] }) {
  const { palette } = useDesign();
  const schema = resolved({ $ref: `#/$defs/${model}` }, palette.schema);
  return <><Options schema={names ? picked(schema, names) : schema} path={path} /><Other path={path} schema={schema} /></>;
}
