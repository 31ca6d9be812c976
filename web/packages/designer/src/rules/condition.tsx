import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import type { Field, Text } from "@lowcode/protocol";
import { shown } from "@lowcode/runtime/fields";
import { Button, Select } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { at, type Path } from "../tree";
import { useFieldAt, useRule, Wrong } from "./about";
import { callOf, comparedOf, isClauses, readClauses, textIn, writeClauses, writeCompared, type Clause, type Clauses, type Compared, type Operator } from "./clauses";
import { enteredOf, optionsOf, SeveralOptions, ValueInput } from "./value";

const DEPTH = 4;

const WORDS: Record<Operator, TextKey> = {
  "=": "is", "<>": "isNot", ">": "moreThan", ">=": "atLeast", "<": "lessThan", "<=": "atMost", in: "isOneOf", "not in": "isNoneOf", between: "between", "not between": "ruleNotBetween",
  "is blank": "isBlank", "is not blank": "isNotBlank", yes: "yes", no: "no", contains: "contains", changed: "ruleChanged",
};

const BLANKS: Operator[] = ["is blank", "is not blank"];

/** What a field can be compared by. */
function operatorsOf(field: Field | undefined): Operator[] {
  if (!field) return ["=", "<>", ">", ">=", "<", "<=", ...BLANKS];
  const { type } = shown(field);
  const entered = enteredOf(field);
  if (entered === "boolean") return ["yes", "no", ...BLANKS];
  if (entered === "number") return ["=", "<>", ">", ">=", "<", "<=", "between", ...BLANKS];
  if (entered === "date" || type === "datetime" || type === "time") return [">", ">=", "<", "<=", "=", "between", ...BLANKS];
  if (entered === "choice") return ["=", "<>", "in", "not in", ...BLANKS];
  if (type === "multi_select" || type === "tags") return ["contains", ...BLANKS];
  if (entered === "text") return ["=", "<>", "contains", "in", "not in", ...BLANKS];
  if (["attachment", "image", "lines", "json"].includes(type)) return BLANKS;
  return ["=", "<>", "in", "not in", ...BLANKS];
}

interface BuilderProps {
  path: Path;
  label: string;
  /** What it means when nothing is asked. */
  none?: string;
}

/** A condition at a place of the document, put together of clauses and groups. */
export function ConditionBuilder({ path, ...rest }: BuilderProps) {
  const { document, change } = useDesign();
  const found = at(document, path);
  return <ConditionEditor {...rest} path={path} text={typeof found === "string" ? found : ""} put={(next) => change(path, next)} />;
}

interface EditorProps extends BuilderProps {
  text: string;
  put: (text: string | undefined) => void;
}

/** A condition put together of clauses and groups, written as an expression; what says more stays one. */
export function ConditionEditor({ path, label, none, text, put }: EditorProps) {
  const { t } = useSpeech();
  const [draft, setDraft] = useState<Clauses>(() => readClauses(text));
  // What was changed elsewhere, or taken back, is read anew; a group of one is kept as it is put together.
  const clauses = writeClauses(draft) === text ? draft : readClauses(text);
  const changed = (next: Clauses) => {
    setDraft(next);
    put(writeClauses(next) || undefined);
  };
  return (
    <div className="lc-ruled-condition" data-option={String(path[path.length - 1])}>
      {label !== "" && <div className="lc-design-label">{label}</div>}
      {clauses.of.length === 0 && none && <p className="lc-quiet">{none}</p>}
      <Group clauses={clauses} change={changed} path={path} depth={1} />
      {text !== "" && <details className="lc-ruled-written"><summary>{t("ruleAsExpression")}</summary><ExpressionInput label={t("ruleAsExpression")} path={path} value={text} change={(next) => put(next || undefined)} /></details>}
      <Wrong path={path} within />
    </div>
  );
}

function Group({ clauses, change, path, depth, remove }: { clauses: Clauses; change: (next: Clauses) => void; path: Path; depth: number; remove?: () => void }) {
  const { t } = useSpeech();
  const first = useFirst();
  const replaced = (place: number, next: Clause | null) => change({ ...clauses, of: clauses.of.flatMap((each, at) => (at !== place ? [each] : next === null ? [] : [next])) });
  const add = (next: Clause) => change({ ...clauses, of: [...clauses.of, next] });
  return (
    <div className={depth > 1 ? "lc-filter-group lc-filter-inner" : "lc-filter-group"} role="group" aria-label={t(`match_${clauses.match}`)}>
      {(clauses.of.length > 1 || clauses.match !== "all" || remove) && (
        <div className="lc-filter-match">
          <Select size="small" variant="filled" aria-label={t("filterMatch")} value={clauses.match} popupMatchSelectWidth={false} options={(["all", "any", "none"] as const).map((each) => ({ value: each, label: t(`match_${each}`) }))} onChange={(match) => change({ ...clauses, match })} />
          <span className="lc-grow" />
          {remove && <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("filterRemoveGroup")} onClick={remove} />}
        </div>
      )}
      {clauses.of.map((each, place) =>
        isClauses(each) ? (
          <Group key={place} clauses={each} change={(next) => replaced(place, next)} path={path} depth={depth + 1} remove={() => replaced(place, null)} />
        ) : (
          <Line key={place} text={each} change={(next) => replaced(place, next)} path={path} remove={() => replaced(place, null)} />
        ),
      )}
      <div className="lc-filter-add">
        <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add(first)}>{t("filterAdd")}</Button>
        {depth < DEPTH && clauses.of.length > 0 && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add({ match: clauses.match === "any" ? "all" : "any", of: [first] })}>{t("filterAddGroup")}</Button>}
      </div>
    </div>
  );
}

/** What a new clause says: that the first field is filled in. */
function useFirst(): string {
  const { offers } = useDesign();
  return `${offers.own[0]?.path ?? "TODAY()"} is not blank`;
}

/** What may be compared: fields of the record and of those it leads to, values before the save, answers of decision
 * tables, and how many related records there are. */
function useLefts(): { label: string; options: { value: string; label: string }[] }[] {
  const { offers } = useDesign();
  const { palette, about, event, form } = useRule();
  const { t, w } = useSpeech();
  const titled = (each: { path: string; title: Text }, of = "") => ({ value: each.path, label: `${of}${w(each.title) || each.path}` });
  const tables = (palette.known["table"] ?? []).filter((each) => each.form === about);
  const asked = (table: (typeof tables)[number], output: string) => `LOOKUPTABLE(${[`"${table.name}"`, `"${output}"`, ...(table.inputs ?? []).map((each) => each.expression ?? each.name)].join(", ")})`;
  return [
    { label: t("templateFields"), options: offers.own.map((each) => titled(each)) },
    ...offers.linked.map((each) => ({ label: w(each.title), options: (each.items ?? []).map((item) => titled(item, item.path === "this" ? "" : `${w(each.title)} · `)) })),
    { label: t("ruleBefore"), options: event ? offers.own.map((each) => ({ value: `OLD(${each.path})`, label: t("ruleBeforeOf", { name: w(each.title) || each.path }) })) : [] },
    { label: t("designTables"), options: tables.flatMap((each) => (each.outputs ?? []).map((one) => ({ value: asked(each, one.name), label: `${w(each.title)} · ${w(one.title)}` }))) },
    { label: t("ruleCounted"), options: Object.keys(palette.relations[about] ?? {}).map((name) => ({ value: `COUNT(${name})`, label: t("ruleCountOf", { name: w(form?.relations?.find((each) => each.name === name)?.title) || name }) })) },
  ].filter((each) => each.options.length > 0);
}

function Line({ text, change, path, remove }: { text: string; change: (text: string) => void; path: Path; remove: () => void }) {
  const { t } = useSpeech();
  const { form, event } = useRule();
  const fieldAt = useFieldAt(form);
  const groups = useLefts();
  const [free, setFree] = useState(false);
  const compared = free ? null : comparedOf(text);
  const choices = groups.flatMap((each) => each.options);
  const left = compared && choices.find((each) => each.value === compared.left || alike(each.value, compared.left));
  const away = <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("remove")} onClick={remove} />;
  const expression = { label: t("ruleWorkedOut"), options: [{ value: "", label: t("ruleOwnExpression") }] };
  const choose = (value: string) => {
    setFree(value === "");
    if (value !== "") change(writeCompared(begun(value, fieldAt(ofLeft(value)))));
  };
  if (!compared || !left)
    return (
      <div className="lc-filter-line lc-ruled-free">
        <Select aria-label={t("filterField")} className="lc-filter-field" value="" showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} options={[...groups, expression]} onChange={choose} />
        <div className="lc-filter-value"><ExpressionInput label={t("ruleOwnExpression")} path={path} value={text} change={change} /></div>
        {away}
      </div>
    );
  const field = fieldAt(ofLeft(compared.left));
  const own = /^\w+$/.test(compared.left);
  const operators = [...new Set([...operatorsOf(field), ...(event && own ? (["changed"] as const) : []), compared.operator])];
  return (
    <div className="lc-filter-line">
      <Select aria-label={t("filterField")} className="lc-filter-field" value={left.value} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} options={[...groups, expression]} onChange={choose} />
      <Select aria-label={t("filterOperator")} className="lc-filter-operator" popupMatchSelectWidth={false} value={compared.operator} options={operators.map((each) => ({ value: each, label: t(WORDS[each]) }))} onChange={(operator) => change(writeCompared(turned(compared, operator, field)))} />
      <div className="lc-filter-value"><Right compared={compared} field={field} change={(right) => change(writeCompared({ ...compared, right }))} path={path} /></div>
      {away}
    </div>
  );
}

/** The same question to a table, however many values it is given. */
function alike(offered: string, written: string): boolean {
  const [one, other] = [callOf(offered), callOf(written)];
  return one?.name === "LOOKUPTABLE" && other?.name === "LOOKUPTABLE" && one.given[0] === other.given[0] && one.given[1] === other.given[1];
}

/** The field whose values are compared: that of the value before, too. */
const ofLeft = (left: string): string => /^OLD\((\w+)\)$/.exec(left)?.[1] ?? left;

function begun(left: string, field: Field | undefined): Compared {
  if (left.startsWith("COUNT(")) return { left, operator: ">=", right: ["1"] };
  if (left.startsWith("LOOKUPTABLE(")) return { left, operator: "=", right: ['""'] };
  const [operator = "is not blank"] = operatorsOf(field);
  return turned({ left, operator: "is not blank", right: [] }, operator === "is blank" ? "is not blank" : operator, field);
}

/** The comparison by another word; what it was compared with stays where that takes the same. */
function turned({ left, operator, right }: Compared, next: Operator, field: Field | undefined): Compared {
  const [low = usual(field), high = low] = right;
  if (["is blank", "is not blank", "yes", "no", "changed"].includes(next)) return { left, operator: next, right: [] };
  if (next === "between" || next === "not between") return { left, operator: next, right: [low, high] };
  if (next === "in" || next === "not in") return { left, operator: next, right: right.length > 0 && !operator.includes("between") ? (right.length > 1 ? right : [low, ...others(field, low)]) : [low, ...others(field, low)] };
  return { left, operator: next, right: [low] };
}

/** A list has two members at least; more are chosen, and one that is not meant is taken out. */
const others = (field: Field | undefined, first: string): string[] => optionsOf(field).map((each) => `"${each.name}"`).filter((each) => each !== first).slice(0, 1);

/** A value to begin with: the first option, nought, today or an empty text. */
function usual(field: Field | undefined): string {
  const option = optionsOf(field)[0];
  if (option) return `"${option.name}"`;
  const entered = enteredOf(field);
  if (entered === "number") return "0";
  const type = field ? shown(field).type : "";
  if (type === "date") return "TODAY()";
  if (type === "datetime") return "NOW()";
  return type === "user" || type === "member" ? "ME()" : '""';
}

function Right({ compared: { operator, right }, field, change, path }: { compared: Compared; field: Field | undefined; change: (right: string[]) => void; path: Path }) {
  const { t } = useSpeech();
  const label = t("filterValue");
  if (right.length === 0) return null;
  if ((operator === "in" || operator === "not in") && right.every((each) => textIn(each) !== null)) return <SeveralOptions field={field} texts={right} change={(next) => next.length > 0 && change(next)} label={label} />;
  if (operator === "in" || operator === "not in") return <ExpressionInput label={label} path={path} value={right.length > 1 ? `(${right.join(", ")})` : right[0]!} change={(next) => change([next])} />;
  if (operator === "between" || operator === "not between")
    return (
      <span className="lc-ruled-between">
        <ValueInput field={field} text={right[0]!} change={(next) => change([next, right[1]!])} label={t("filterFrom")} path={[...path, 0]} />
        <span className="lc-quiet">{t("filterTo")}</span>
        <ValueInput field={field} text={right[1]!} change={(next) => change([right[0]!, next])} label={t("filterUntil")} path={[...path, 1]} />
      </span>
    );
  return <ValueInput field={field} text={right[0]!} change={(next) => change([next])} label={label} path={[...path, 0]} />;
}
