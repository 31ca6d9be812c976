/** Definitions of a folder as the page gets them, near enough to draw pages. */
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

export function readApp(folder) {
  const kind = (name) =>
    existsSync(join(folder, name)) ? Object.fromEntries(readdirSync(join(folder, name)).filter((file) => file.endsWith(".json")).sort().map((file) => [file.replace(".json", ""), read(join(folder, name, file))])) : {};
  return { app: read(join(folder, "app.json")), forms: kind("forms"), reports: kind("reports"), printing: kind("printing"), flows: kind("flows"), rules: kind("rules"), seed: kind("seed") };
}

const NUMBERS = { money: "money", percent: "percent" };

function field(each) {
  const out = { ...each, required: each.required === true, read_only: each.read_only === true };
  for (const key of ["visible_when", "required_when", "read_only_when", "expression", "default", "index", "history"]) delete out[key];
  if (each.type === "state") out.transitions = each.transitions.filter((one) => !one.roles || one.roles.length > 0).map((one) => ({ from: one.from === "*" ? null : [].concat(one.from), to: one.to, title: one.title, required: one.required ?? [] }));
  if (each.type === "lines") out.fields = each.fields.map(field);
  if (each.type === "formula" || each.type === "rollup") {
    const name = each.name;
    const kind = /_at$|_on$/.test(name) ? "datetime" : each.scale === undefined && /(grade|level|is_)/.test(name) ? "text" : "number";
    out.result = { kind, scale: each.scale ?? 0, format: each.format ?? (/(amount|total|cost|paid|price|outstanding)/.test(name) ? NUMBERS.money : /(rate|margin|share|percent)/.test(name) ? NUMBERS.percent : undefined) };
  }
  return out;
}

const SYSTEM = [
  ["owner", "member", { "zh-CN": "负责人", en: "Owner" }],
  ["created_at", "datetime", { "zh-CN": "创建时间", en: "Created" }],
  ["created_by", "member", { "zh-CN": "创建人", en: "Created by" }],
  ["updated_at", "datetime", { "zh-CN": "更新时间", en: "Updated" }],
];

function form(each, documents) {
  const fields = each.fields.map(field);
  for (const [name, type, title] of SYSTEM) if (!fields.some((one) => one.name === name)) fields.push({ name, type, title, system: true, read_only: name !== "owner", sort: true });
  return {
    name: each.name, title: each.title, icon: each.icon, label: /^[a-z_]+$/.test(each.label ?? "") ? each.label : null, fields,
    layout: each.layout, views: each.views?.map(({ where, roles, ...view }) => view), detail: each.detail, relations: each.relations ?? [],
    permissions: { create: true, read: true, edit: true, delete: true, export: true, import: true },
    duplicates: Boolean(each.duplicates), checks: [], paths: [],
    print: Object.values(documents.printing).filter((paper) => paper.form === each.name).map(({ name, title, languages }) => ({ name, title, languages })),
    flows: [], buttons: Object.values(documents.rules).filter((rule) => rule.form === each.name && rule.on?.button).map((rule) => ({ rule: rule.name, title: rule.on.button.title ?? rule.on.button })),
  };
}

export function applicationOf(documents) {
  const titled = (type) => Object.fromEntries(Object.values(documents.reports).filter((one) => one.type === type).map((one) => [one.name, { title: one.title }]));
  const { home, calendar, ...app } = documents.app;
  return {
    ...app,
    home: home?.[1] ?? home?.[0] ?? null,
    forms: Object.fromEntries(Object.values(documents.forms).map((one) => [one.name, form(one, documents)])),
    dashboards: titled("dashboard"), reports: titled("report"),
    flows: Object.fromEntries(Object.values(documents.flows).map((one) => [one.name, { title: one.title, form: one.form }])),
  };
}
