import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, Select } from "antd";
import type { ReactNode } from "react";
import { optionWords, useDesign } from "../../design";
import { ExpressionInput } from "../../expression";
import { at, pathOf, within, type Json, type Path } from "../../tree";
import { fieldsOf } from "../fields";
import { fieldOf, once } from "./parts";

interface Choice {
  value: string;
  label: string;
  type: string;
}

/** The fields of the form as it is designed, and those every record has. */
export function useFields(): Choice[] {
  const { document, name } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const own = fieldsOf(document).map((each) => ({ value: String(each["name"]), label: w(each["title"] as string) || String(each["name"]), type: String(each["type"]) }));
  const system = (app.forms[name]?.fields ?? []).filter((each) => each.system === true).map((each) => ({ value: each.name, label: w(each.title) || each.name, type: each.type }));
  return [...own, ...system];
}

/** The fields of the form, and those of the records it links to. */
function useWays(): Choice[] {
  const { offers } = useDesign();
  const { w } = useSpeech();
  const linked = offers.linked.flatMap((each) => (each.items ?? []).map((item) => ({ value: item.path, label: `${w(each.title)} › ${w(item.title)}`, type: item.type ?? "" })));
  return [...useFields(), ...linked];
}

const NOT_A_COLUMN = new Set(["lines", "password", "secret"]);

export function Labelled({ label, required = false, children }: { label: string; required?: boolean; children: ReactNode }) {
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}{required && <span aria-hidden="true"> *</span>}</div>
      {children}
    </div>
  );
}

const useLabel = (path: Path, own?: string) => {
  const { palette } = useDesign();
  const { w } = useSpeech();
  return own ?? w(optionWords(palette, String(path[path.length - 1])));
};

/** A condition over the record. */
export function Condition({ path, label, required = false }: { path: Path; label: string; required?: boolean }) {
  const { document, findings, change } = useDesign();
  const value = at(document, path);
  const wrong = findings.some((each) => within(pathOf(each.pointer), path));
  return <Labelled label={label} required={required}><ExpressionInput label={label} path={path} wrong={wrong} value={typeof value === "string" ? value : ""} change={(next) => change(path, next === "" && !required ? undefined : next)} /></Labelled>;
}

/** One field, of certain types where only those serve. */
export function OneField({ path, types, required = false, linked = false, label: own }: { path: Path; types?: readonly string[]; required?: boolean; linked?: boolean; label?: string }) {
  const { document, change } = useDesign();
  const label = useLabel(path, own);
  const value = at(document, path);
  const [every, ways] = [useFields(), useWays()];
  const fitting = (linked ? ways : every).filter((each) => !types || types.includes(each.type) || each.value === value);
  return <Labelled label={label} required={required}><Select aria-label={label} showSearch={{ optionFilterProp: "label" }} allowClear={!required} value={typeof value === "string" && value !== "" ? value : null} options={fitting} onChange={(next?: string | null) => change(path, next ?? undefined)} /></Labelled>;
}

/** Several fields whose order says nothing. */
export function SeveralFields({ path, label: own, columns = false }: { path: Path; label?: string; columns?: boolean }) {
  const { document, offers, change } = useDesign();
  const { w } = useSpeech();
  const label = useLabel(path, own);
  const found = at(document, path);
  const inner = columns ? offers.rows.flatMap((each) => (each.items ?? []).map((item) => ({ value: item.path, label: `${w(each.title)} › ${w(item.title)}`, type: "" }))) : [];
  return <Labelled label={label}><Select mode="multiple" aria-label={label} allowClear showSearch={{ optionFilterProp: "label" }} value={Array.isArray(found) ? found.map(fieldOf) : []} options={[...useFields().filter((each) => !["id", "version"].includes(each.value)), ...inner]} onChange={(next: string[]) => change(path, next.length === 0 ? undefined : next)} /></Labelled>;
}

/** By which fields, and in which direction. */
export function Sorting({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const label = useLabel(path);
  const found = at(document, path);
  const options = useFields().filter((each) => !NOT_A_COLUMN.has(each.type)).flatMap(({ value, label: title }) => [{ value, label: `${title} ↑` }, { value: `-${value}`, label: `${title} ↓` }]);
  return <Labelled label={label}><Select mode="multiple" aria-label={label} allowClear showSearch={{ optionFilterProp: "label" }} value={Array.isArray(found) ? found.map(String) : []} options={options} onChange={(next: string[]) => change(path, next.length === 0 ? undefined : once(next))} /></Labelled>;
}

/** Fields in their order, each moved and taken away; an entry that says more of its field keeps it. */
export function OrderedFields({ path, label: own, required = false, linked = true }: { path: Path; label?: string; required?: boolean; linked?: boolean }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const label = useLabel(path, own);
  const [every, ways] = [useFields(), useWays()];
  const known = (linked ? ways : every).filter((each) => !NOT_A_COLUMN.has(each.type));
  const found = at(document, path);
  const entries: Json[] = Array.isArray(found) ? found : [];
  const there = new Set(entries.map(fieldOf));
  const set = (next: Json[]) => change(path, next.length === 0 && !required ? undefined : next);
  const swapped = (one: number, other: number) => set(entries.map((each, place) => (place === one ? entries[other]! : place === other ? entries[one]! : each)));
  return (
    <Labelled label={label} required={required}>
      <ol className="lc-form-order">
        {entries.map((entry, index) => {
          const name = known.find((each) => each.value === fieldOf(entry))?.label ?? fieldOf(entry);
          return (
            <li key={fieldOf(entry)}>
              <span>{name}</span>
              <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("designUp", { name })} onClick={() => swapped(index, index - 1)} />
              <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={index === entries.length - 1} aria-label={t("designDown", { name })} onClick={() => swapped(index, index + 1)} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name })} onClick={() => set(entries.filter((_, place) => place !== index))} />
            </li>
          );
        })}
      </ol>
      <Select aria-label={t("designAdd", { name: label })} placeholder={t("designAdd", { name: label })} showSearch={{ optionFilterProp: "label" }} value={null} options={known.filter((each) => !there.has(each.value))} onChange={(next: string | null) => next !== null && set([...entries, next])} />
    </Labelled>
  );
}

/** Roles by their titles; with `everybody`, all of them is `true`. */
export function Roles({ path, label: own, everybody = false, required = false }: { path: Path; label?: string; everybody?: boolean; required?: boolean }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const label = useLabel(path, own);
  const found = at(document, path);
  const value = found === true ? ["*"] : Array.isArray(found) ? found.map(String) : typeof found === "string" && found !== "" ? [found] : [];
  const options = [...(everybody ? [{ value: "*", label: t("formEverybody") }] : []), ...(palette.names?.["role"] ?? []).map((each) => ({ value: each.value, label: w(each.title) || each.value }))];
  const put = (next: string[]) => change(path, next.length === 0 ? (required ? "" : undefined) : everybody && next[next.length - 1] === "*" ? true : required && next.length === 1 ? next[0]! : next.filter((each) => each !== "*"));
  return <Labelled label={label} required={required}><Select mode="multiple" aria-label={label} allowClear={!required} showSearch={{ optionFilterProp: "label" }} value={value} options={options} onChange={put} /></Labelled>;
}
