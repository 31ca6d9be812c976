import { useSpeech } from "@lowcode/kit";
import type { Application, Field, Form, Text } from "@lowcode/protocol";
import { RuntimeContext, useRuntime } from "@lowcode/runtime";
import { shown } from "@lowcode/runtime/fields";
import { createContext, use, useMemo, type ReactNode } from "react";
import type { Palette } from "../design";
import type { RulePalette } from "../rules/about";
import type { Schema } from "../schema";
import { askable } from "../tables/known";

/** What reports may ask about that is no form: lines, the history of a state, a question in SQL. */
export interface Subject {
  name: string;
  title: Text;
  sort: "lines" | "history" | "sql";
  parent: string | null;
  fields: (Pick<Field, "name" | "title" | "type" | "options" | "to"> & { kind: string })[];
}

export interface ChartKind {
  name: string;
  title: Text;
  group: string;
  least: number;
  most: number;
}

export interface Dataset {
  name: string;
  title: Text;
  form: string | null;
  date: string | null;
  dimensions: { name: string; title: Text; grain: string | null }[];
  measures: { name: string; title: Text }[];
}

/** What the server says of reports: nothing of it is listed here again. */
export interface ReportPalette extends Pick<Palette, "words" | "functions" | "roles" | "languages">, Pick<RulePalette, "known" | "relations" | "people"> {
  schemas: Record<string, Schema>;
  charts: ChartKind[];
  aggregates: { name: string; title: Text }[];
  subjects: Subject[];
  datasets: Dataset[];
  filters: { name: string; title: Text; type: string }[];
}

/** What the server understood of a report as it stands. */
export interface Looked {
  findings: [];
  columns: { name: string; title: Text; role: "dimension" | "measure"; kind: string; grain?: string }[];
  /** Why each kind of chart would not show it; null where it does, and the whole where that is not known. */
  charts: Record<string, Text | null> | null;
}

export type Sort = "number" | "date" | "choice" | "boolean" | "text" | "record" | "none";

const SORTS: Record<string, Sort> = {
  integer: "number", number: "number", percent: "number", money: "number", rating: "number", slider: "number", duration: "number",
  date: "date", datetime: "date", select: "choice", multi_select: "choice", state: "choice", tags: "choice", boolean: "boolean",
  link: "record", links: "record", user: "record", member: "record", members: "record", department: "record", departments: "record",
  lines: "none", attachment: "none", image: "none", json: "none", rich_text: "none", signature: "none", location: "none",
};

/** What a field is to a report: a number to measure, a date with periods, or something to group by. */
export const sortOf = (field: Field): Sort => SORTS[shown(field).type] ?? "text";

/** A field a report may name, those of linked records behind what leads there. */
export interface Known {
  path: string;
  title: Text;
  field: Field;
  sort: Sort;
}

const said = (title: Text | undefined, name: string): Text => title ?? name;

/** Two titles, one behind the other, in every language that either is in. */
function joined(one: Text, other: Text): Text {
  if (typeof one === "string" && typeof other === "string") return `${one} · ${other}`;
  const languages = new Set([...(typeof one === "string" ? [] : Object.keys(one)), ...(typeof other === "string" ? [] : Object.keys(other))]);
  const words = (text: Text, language: string) => (typeof text === "string" ? text : (text[language] ?? Object.values(text)[0] ?? ""));
  return Object.fromEntries([...languages].map((each) => [each, `${words(one, each)} · ${words(other, each)}`]));
}

/** The fields of a form that a report may name, behind what leads to it. */
export function knownOf(form: Form | undefined, before = "", of?: Text): Known[] {
  return askable(form?.fields).filter((each) => sortOf(each) !== "none").map((field) => ({ path: `${before}${field.name}`, title: of === undefined ? said(field.title, field.name) : joined(of, said(field.title, field.name)), field, sort: sortOf(field) }));
}

/** The fields that lead to other records, with the form they lead to. */
export const leadsOf = (form: Form | undefined): { field: Field; to: string }[] => (form?.fields ?? []).flatMap((field) => (shown(field).type === "link" && typeof shown(field).to === "string" ? [{ field, to: String(shown(field).to) }] : []));

/** Every field that may be named at once: of the form and of what it links to. */
export function everyField(app: Application, form: string): Known[] {
  const own = app.forms[form];
  return [...knownOf(own), ...leadsOf(own).flatMap(({ field, to }) => knownOf(app.forms[to], `${field.name}.`, said(field.title, field.name)))];
}

const ITSELF: Record<string, Text> = { record: { "zh-CN": "记录本身", en: "The record itself" }, parent: { "zh-CN": "所属记录", en: "Record it belongs to" } };

/** The forms of the app, each with its record as a field, and what else reports may ask about as forms like them. */
function formsOf(app: Application, subjects: readonly Subject[]): Record<string, Form> {
  const itself = (form: string): Field => ({ name: "id", type: "link", title: ITSELF["record"]!, to: form });
  const forms = Object.fromEntries(Object.entries(app.forms).map(([name, form]) => [name, { ...form, fields: [...form.fields.filter((each) => each.name !== "id"), itself(name)] }]));
  const parent = (each: Subject): Field[] => (each.parent && each.sort !== "sql" ? [{ name: "parent", type: "link", title: app.forms[each.parent]?.title ?? ITSELF["parent"]!, to: each.parent }] : []);
  const others = Object.fromEntries(subjects.map((each): [string, Form] => [each.name, { name: each.name, title: titleOfSubject(app, each), fields: [...parent(each), ...each.fields], permissions: {} }]));
  return { ...forms, ...others };
}

/** Lines and histories are called by the record they belong to. */
function titleOfSubject(app: Application, each: Subject): Text {
  const of = each.parent === null ? undefined : app.forms[each.parent]?.title;
  const own: Text = each.sort === "history" ? joined(each.title, { "zh-CN": "变更历史", en: "history" }) : each.title;
  return of === undefined || each.sort === "sql" ? own : joined(of, own);
}

export interface Reporting {
  palette: ReportPalette;
  looked: Looked | undefined;
  /** Whether what is known of the report holds for it as it stands. */
  checked: boolean;
}

const ReportingContext = createContext<Reporting | null>(null);

export function useReporting(): Reporting {
  const found = use(ReportingContext);
  if (found === null) throw new Error("useReporting outside of the designer of reports");
  return found;
}

/** Everything below knows the lines, histories and questions of the app as forms, too. */
export function Subjects({ palette, looked, checked, children }: Reporting & { children: ReactNode }) {
  const runtime = useRuntime();
  const wider = useMemo(() => ({ ...runtime, app: { ...runtime.app, forms: formsOf(runtime.app, palette.subjects) } }), [runtime, palette]);
  const value = useMemo(() => ({ palette, looked, checked }), [palette, looked, checked]);
  return <RuntimeContext value={wider}><ReportingContext value={value}>{children}</ReportingContext></RuntimeContext>;
}

const GROUPS = { forms: "reportForms", lines: "reportLines", history: "reportHistories", sql: "reportQuestions" } as const;

/** What may be asked about, as it is chosen: forms, then lines and histories, then questions in SQL. */
export function useAbout(subjects: readonly Subject[]): { label: string; options: { value: string; label: string }[] }[] {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const forms = useMemo(() => formsOf(app, subjects), [app, subjects]);
  const sorts = Object.keys(GROUPS) as (keyof typeof GROUPS)[];
  const names = (sort: keyof typeof GROUPS) => (sort === "forms" ? Object.keys(forms).filter((each) => !each.includes(".")) : subjects.filter((each) => each.sort === sort && (each.parent === null || each.parent in forms)).map((each) => each.name));
  return sorts.map((sort) => ({ label: t(GROUPS[sort]), options: names(sort).map((value) => ({ value, label: w(forms[value]?.title) || value })) })).filter((each) => each.options.length > 0);
}
