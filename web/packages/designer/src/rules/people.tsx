import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, InputNumber, Select } from "antd";
import { optionWords, useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import { AsJson } from "../as_json";
import { PersonChoice } from "../person";
import { Labelled, useRule } from "./about";

/** The ways to say who is meant; `path` is one word, such as "owner" or "owner.manager". */
const WAYS = ["path", "role", "user", "manager_of", "department_head", "field", "expression"] as const;
type Way = (typeof WAYS)[number];
const WAY_WORDS: Record<Way, TextKey> = { path: "rulePersonOf", role: "rulePersonRole", user: "rulePersonNamed", manager_of: "rulePersonManager", department_head: "rulePersonHead", field: "rulePersonField", expression: "ruleWorkedOut" };

const PERSONAL = ["user", "member", "members"];

/** Words of a role. */
export function useRoles(): { value: string; label: string }[] {
  const { app } = useRuntime();
  const { palette } = useRule();
  const { w } = useSpeech();
  return palette.roles.map((value) => ({ value, label: w(app.roles?.find((each) => each.name === value)?.title) || value }));
}

export function usePeople(): { value: string; label: string }[] {
  const { palette } = useRule();
  const { w } = useSpeech();
  return palette.people.map((each) => ({ value: each.name, label: `${w(each.title) || each.name} (${each.name})` }));
}

/** The fields of the record that name people, and those of the people they name. */
function usePersonal(): { value: string; label: string }[] {
  const { form } = useRule();
  const { t, w } = useSpeech();
  const own = (form?.fields ?? []).filter((each) => PERSONAL.includes(each.type)).map((each) => ({ value: each.name, label: w(each.title) || each.name }));
  return own.flatMap((each) => [each, { value: `${each.value}.manager`, label: t("rulePersonManagerOf", { name: each.label }) }]);
}

/** People as a rule names them: the owner, a role, somebody's manager, a person … */
export function People({ name, path, required }: { name: string; path: Path; required: boolean }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const found = at(document, path);
  const people: Json[] = Array.isArray(found) ? found : [];
  const label = w(optionWords(palette, name, path));
  const set = (next: Json[]) => change(path, next.length === 0 && !required ? undefined : next);
  return (
    <Labelled label={label} path={path} required={required} within>
      {people.map((each, place) => {
        const called = `${label} ${place + 1}`;
        return (
          <div key={place} className="lc-flow-person">
            <Person value={each} path={[...path, place]} label={called} put={(next) => set(people.map((one, at) => (at === place ? next : one)))} />
            <Button size="small" type="text" icon={<DeleteOutlined />} disabled={required && people.length === 1} aria-label={t("designTakeAway", { name: called })} onClick={() => set(people.filter((_, at) => at !== place))} />
          </div>
        );
      })}
      <Button size="small" icon={<PlusOutlined />} onClick={() => set([...people, people.includes("owner") ? { role: "" } : "owner"])}>{t("ruleAddPerson")}</Button>
    </Labelled>
  );
}

function wayOf(value: Json): Way | null {
  if (typeof value === "string") return "path";
  if (!isNode(value)) return null;
  const said = Object.keys(value).filter((each) => each !== "department" && !each.startsWith("x-"));
  return said.length === 1 ? (WAYS.find((each) => each === said[0]) ?? null) : null;
}

function Person({ value, path, label, put }: { value: Json; path: Path; label: string; put: (next: Json) => void }) {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const [personal, roles, people] = [usePersonal(), useRoles(), usePeople()];
  const way = wayOf(value);
  if (way === null) return <AsJson label={label} value={value} change={(next) => next !== undefined && put(next)} />;
  const node: Node = isNode(value) ? value : {};
  const said = typeof value === "string" ? value : String(node[way] ?? "");
  const fresh = (next: Way): Json => (next === "path" ? (personal[0]?.value ?? "owner") : { [next]: next === "manager_of" || next === "department_head" || next === "field" ? (personal[0]?.value ?? "owner") : "" });
  const write = (next: string) => put(way === "path" ? next : { ...node, [way]: next });
  const named = `${label}: ${t(WAY_WORDS[way])}`;
  const from = (known: { value: string; label: string }[]) => (said === "" || known.some((each) => each.value === said) ? known : [...known, { value: said, label: said }]);
  const choice = (known: { value: string; label: string }[]) => <Select aria-label={named} showSearch={{ optionFilterProp: "label" }} placeholder={t("choose")} value={said || null} options={from(known)} onChange={(next: string | null) => next !== null && write(next)} />;
  return (
    <div className="lc-flow-source">
      <Select aria-label={label} value={way} options={WAYS.map((each) => ({ value: each, label: t(WAY_WORDS[each]) }))} onChange={(next: Way) => put(fresh(next))} />
      {(way === "path" || way === "field") && choice(personal)}
      {way === "role" && choice(roles)}
      {way === "user" && <PersonChoice label={named} placeholder={t("choose")} value={said} called={people.find((each) => each.value === said)?.label} change={write} />}
      {(way === "manager_of" || way === "department_head") && choice(personal)}
      {way === "expression" && <ExpressionInput label={named} path={[...path, way]} value={said} change={write} />}
      {way === "role" && node["department"] !== undefined && <ExpressionInput label={`${label}: ${w(optionWords(palette, "department"))}`} path={[...path, "department"]} value={String(node["department"])} change={(next) => put(next === "" ? { role: said } : { ...node, department: next })} />}
    </div>
  );
}

/** People by name, each with a number. */
export function PeopleNumbers({ name, path }: { name: string; path: Path }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const people = usePeople();
  const found = at(document, path);
  const given = isNode(found) ? found : {};
  const label = w(optionWords(palette, name, path));
  const title = (login: string) => people.find((each) => each.value === login)?.label ?? login;
  const away = (login: string) => { const { [login]: _, ...rest } = given; change(path, Object.keys(rest).length === 0 ? undefined : rest); };
  return (
    <Labelled label={label} path={path} within>
      {Object.entries(given).map(([login, number]) => (
        <div key={login} className="lc-design-row">
          <span className="lc-grow">{title(login)}</span>
          <InputNumber size="small" min={0} precision={0} aria-label={`${label}: ${title(login)}`} value={typeof number === "number" ? number : null} onChange={(next) => change([...path, login], next ?? 0)} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title(login) })} onClick={() => away(login)} />
        </div>
      ))}
      <Select showSearch={{ optionFilterProp: "label" }} aria-label={t("ruleAddPerson")} placeholder={t("ruleAddPerson")} value={null} options={people.filter((each) => !(each.value in given))} onChange={(login: string | null) => login !== null && change([...path, login], 1)} />
    </Labelled>
  );
}
