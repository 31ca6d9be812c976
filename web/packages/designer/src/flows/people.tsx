import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Button, Select } from "antd";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { PersonChoice } from "../person";
import { resolved } from "../schema";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import { picked } from "./schemas";

/** The ways to say who is asked; what each is said of. */
const SOURCES = ["starter", "manager_of", "department_head", "role", "field", "managers_of", "members_of", "chosen_by", "user", "expression"] as const;
type Source = (typeof SOURCES)[number];

/** Options that name people, of which a step needs somebody. */
export const PEOPLE = ["approvers", "assignees", "to_people"];

/** People as a step names them: whoever began the flow, somebody's manager, a role, a field of the record … */
export function People({ name, path, form }: { name: string; path: Path; form?: Form }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const found = at(document, path);
  const people: Json[] = Array.isArray(found) ? found : [];
  const label = w(optionWords(palette, name));
  const set = (next: Json[]) => change(path, next.length === 0 ? undefined : next);
  return (
    <div className="lc-design-list" data-option={name}>
      <div className="lc-design-label">{label}</div>
      {people.map((each, index) => (
        <div key={index} className="lc-flow-person">
          <Person value={each} path={[...path, index]} label={`${label} ${index + 1}`} form={form} put={(next) => set(people.map((one, place) => (place === index ? next : one)))} />
          <Button size="small" type="text" icon={<DeleteOutlined />} disabled={people.length === 1 && PEOPLE.includes(name)} aria-label={t("designTakeAway", { name: `${label} ${index + 1}` })} onClick={() => set(people.filter((_, place) => place !== index))} />
        </div>
      ))}
      <Button size="small" icon={<PlusOutlined />} onClick={() => set([...people, { role: palette.roles[0] ?? "" }])}>{t("designAdd", { name: label })}</Button>
    </div>
  );
}

/** Kinds of fields that name people. */
const PERSONAL = ["member", "members", "user"];

/** What says more of a source. */
const MORE: Partial<Record<Source, string[]>> = { manager_of: ["level"], department_head: ["level"], managers_of: ["levels", "until_role"], chosen_by: ["among"] };

function Person({ value, path, label, form, put }: { value: Json; path: Path; label: string; form?: Form; put: (next: Json) => void }) {
  const { document, palette, offers } = useDesign();
  const { t, w } = useSpeech();
  const model = resolved({ $ref: "#/$defs/PersonSource" }, palette.schema);
  const step = at(document, path.slice(0, 2));
  const votes = isNode(step) && (step["mode"] === "vote" || "weight" in (isNode(value) ? value : {}));
  const named = (name: string) => (palette.names?.[name] ?? []).map((each) => ({ value: each.value, label: w(each.title) || each.value }));
  const choosers = ["starter", "previous"].map((each) => ({ value: each, label: w(palette.words.choices[each]) || each }));
  const node: Node = isNode(value) ? value : {};
  const source: Source = typeof value === "string" ? "starter" : (SOURCES.find((each) => each in node) ?? "role");
  const said = String(node[source] ?? "");
  const own = (form?.fields ?? []).filter((each) => PERSONAL.includes(each.type)).map((each) => ({ value: each.name, label: w(each.title) || each.name }));
  const linked = offers.linked.flatMap((each) => (each.items ?? []).filter((item) => PERSONAL.includes(item.type ?? "") && !/(created|updated)_by$/.test(item.path)).map((item) => ({ value: item.path, label: `${w(each.title)} · ${w(item.title)}` })));
  const fields = [...own, ...linked];
  const about = [{ value: "starter", label: t("flowStarter") }, ...fields];
  const departments = [...(form?.fields ?? []).filter((each) => each.type === "department").map((each) => ({ value: each.name, label: w(each.title) || each.name })), ...named("departments")];
  const around = source === "department_head" || source === "members_of" ? [{ label: t("flowDepartmentOf"), options: about }, { label: t("flowDepartments"), options: departments }].filter((each) => each.options.length > 0) : about;
  const offered = [...about, ...departments];
  const fresh = (next: Source): Json => (next === "starter" ? "starter" : { [next]: next === "role" ? (palette.roles[0] ?? "") : next === "field" ? (fields[0]?.value ?? "owner") : ["user", "expression"].includes(next) ? "" : "starter" });
  const write = (next: string) => put({ ...node, [source]: next });
  const words = (each: Source) => (each === "starter" ? t("flowStarter") : w(optionWords(palette, each)));
  return (
    <div className="lc-flow-source">
      <Select aria-label={label} value={source} options={SOURCES.map((each) => ({ value: each, label: words(each) }))} onChange={(next: Source) => put(fresh(next))} />
      {source === "role" && <Select aria-label={`${label}: ${words(source)}`} showSearch={{ optionFilterProp: "label" }} value={said} options={named("role")} onChange={write} />}
      {source === "field" && <Select aria-label={`${label}: ${words(source)}`} showSearch={{ optionFilterProp: "label" }} value={said} options={fields} onChange={write} />}
      {["manager_of", "department_head", "managers_of", "members_of"].includes(source) && <Select aria-label={`${label}: ${words(source)}`} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={false} value={said} options={said === "" || offered.some((each) => each.value === said) ? around : [...around, { value: said, label: said }]} onChange={write} />}
      {source === "chosen_by" && <Select aria-label={`${label}: ${words(source)}`} value={said} options={choosers} onChange={write} />}
      {source === "user" && <PersonChoice label={`${label}: ${words(source)}`} placeholder={t("choose")} value={said} called={named("user").find((each) => each.value === said)?.label} change={write} />}
      {source === "expression" && <ExpressionInput label={`${label}: ${words(source)}`} path={[...path, "expression"]} value={said} change={write} />}
      {source !== "starter" && <Options schema={picked(model, [...(MORE[source] ?? []), ...(votes ? ["weight"] : [])])} path={path} />}
    </div>
  );
}
