import type { Text } from "@lowcode/protocol";
import { resolved, type Schema } from "../schema";
import { codeOf, spokenIn } from "../titles";
import { isNode, put, type Json, type Node } from "../tree";

/** A report as a document: its dimensions down and across, its measures, and what speaks of them by name. Pure. */

export type Well = "rows" | "across" | "measures";

const listAt = (document: Node, key: string): Json[] => {
  const found = document[key];
  return Array.isArray(found) ? found : [];
};

export const dimensionsOf = (document: Node): Json[] => listAt(document, "dimensions");
export const measuresOf = (document: Node): Json[] => listAt(document, "measures");

/** What a dimension or measure is called: those of a dataset by its name there. */
export function nameOf(item: Json | undefined): string {
  if (typeof item === "string") return item;
  if (!isNode(item)) return "";
  return String(item["name"] ?? item["measure"] ?? "");
}

/** Whether a name is one of the report's columns. */
export const taken = (document: Node) => (name: string): boolean => [...dimensionsOf(document), ...measuresOf(document)].some((each) => nameOf(each) === name);

const textIn = (title: Text, language: string): string => (typeof title === "string" ? title : (title[language] ?? Object.values(title)[0] ?? ""));

/** A title in every language of the app. */
export const titled = (languages: readonly string[], words: (language: "zh-CN" | "en") => string): Json => spokenIn({ "zh-CN": words("zh-CN"), en: words("en") }, languages);

/** What a measure of a field is called when it is begun. */
const SAID: Record<string, [chinese: string, english: string]> = {
  COUNT: ["{}数", "Count of {}"], COUNTUNIQUE: ["{}去重数", "Different {}"], SUM: ["{}合计", "Total {}"], AVERAGE: ["平均{}", "Average {}"], MIN: ["最小{}", "Least {}"], MAX: ["最大{}", "Most {}"],
  MEDIAN: ["{}中位数", "Median {}"], PERCENTILE: ["{}百分位", "Percentile of {}"], FIRST: ["首个{}", "First {}"], LAST: ["最后{}", "Last {}"],
};

export function measureTitle(languages: readonly string[], aggregate: string, field: Text | undefined): Json {
  if (field === undefined) return titled(languages, (each) => (each === "en" ? "Records" : "记录数"));
  const [chinese, english] = SAID[aggregate] ?? ["{}", "{}"];
  return titled(languages, (each) => (each === "en" ? english : chinese).replace("{}", textIn(field, each)));
}

/** The options of a kind of chart. */
export function chartSchema(schema: Schema, type: string): Schema | undefined {
  const chart = resolved(schema.properties?.["chart"] ?? {}, schema);
  const way = chart.discriminator?.mapping[type];
  return way ? resolved({ $ref: way }, schema) : undefined;
}

export const chartOf = (document: Node): Node => (isNode(document["chart"]) ? document["chart"] : {});
export const chartType = (document: Node): string => String(chartOf(document)["type"] ?? "table");

/** By which option a chart says what runs across or colours: several dimensions, one, or none. */
export function acrossKey(document: Node, schema: Schema): "columns" | "series" | null {
  const known = chartSchema(schema, chartType(document))?.properties ?? {};
  return "columns" in known ? "columns" : "series" in known ? "series" : null;
}

/** The dimensions that run across or colour, by name. */
export function acrossOf(document: Node, schema: Schema): string[] {
  const key = acrossKey(document, schema);
  if (key === null) return [];
  const said = chartOf(document)[key];
  const names = dimensionsOf(document).map(nameOf);
  return (Array.isArray(said) ? said.map(String) : typeof said === "string" ? [said] : []).filter((each) => names.includes(each));
}

/** The dimensions by well, each with its place in the document. */
export function wellsOf(document: Node, schema: Schema): { rows: number[]; across: number[] } {
  const across = acrossOf(document, schema);
  const places = dimensionsOf(document).map((each, place) => ({ name: nameOf(each), place }));
  return { rows: places.filter((each) => !across.includes(each.name)).map((each) => each.place), across: across.map((name) => places.find((each) => each.name === name)!.place) };
}

/** The report with these dimensions down and across: they stand in this order, and its chart says what runs where. */
export function arranged(document: Node, schema: Schema, rows: Json[], across: Json[]): Node {
  let next = put(document, ["dimensions"], [...rows, ...across]);
  if (rows.length + across.length === 0) next = put(next, ["dimensions"], undefined);
  if (across.length > 0 && acrossKey(next, schema) === null && chartType(next) === "table") next = { ...next, chart: { type: "pivot" } };
  const key = acrossKey(next, schema);
  const names = across.map(nameOf);
  if (key === "series" && (names.length > 0 || "series" in chartOf(next))) next = put(next, ["chart", "series"], names[0]);
  if (key === "columns") next = put(next, ["chart", "columns"], names.length > 0 ? names : undefined);
  const chart = chartOf(next);
  if (Array.isArray(chart["rows"])) next = put(next, ["chart", "rows"], rows.length > 0 ? rows.map(nameOf) : undefined);
  if (typeof chart["x"] === "string" && !rows.slice(0, 1).map(nameOf).includes(chart["x"])) next = put(next, ["chart", "x"], rows.length > 0 ? nameOf(rows[0]) : undefined);
  return next;
}

/** The report with a dimension more in a well; where a chart colours by one and has none, a second one does so. */
export function withDimension(document: Node, schema: Schema, well: Well, item: Json, place?: number): Node {
  const dimensions = dimensionsOf(document);
  const { rows, across } = wellsOf(document, schema);
  const [down, over]: [Json[], Json[]] = [rows.map((each) => dimensions[each]!), across.map((each) => dimensions[each]!)];
  const list = well === "across" ? over : down;
  list.splice(place ?? list.length, 0, item);
  return arranged(document, schema, ...onlyOne(document, schema, down, over, item));
}

/** Where a chart colours by one dimension, the one that came last does, and the others go down; of two down one does. */
function onlyOne(document: Node, schema: Schema, down: Json[], over: Json[], last: Json): [down: Json[], over: Json[]] {
  if (acrossKey(document, schema) !== "series") return [down, over];
  if (over.length === 0 && down.length === 2) return [down.slice(0, 1), down.slice(1)];
  if (over.length < 2) return [down, over];
  const stays = over.includes(last) ? last : over[0]!;
  return [[...down, ...over.filter((each) => each !== stays)], [stays]];
}

/** The report without one of its columns, and without what its chart and its order say of it. */
export function without(document: Node, schema: Schema, key: "dimensions" | "measures", place: number): Node {
  const gone = nameOf(listAt(document, key)[place]);
  let next: Node = put(document, [key, place], undefined);
  if (listAt(next, key).length === 0 && key === "dimensions") next = put(next, [key], undefined);
  const sort = listAt(next, "sort").filter((each) => String(each).replace(/^-/, "") !== gone);
  next = put(next, ["sort"], sort.length > 0 ? sort : undefined);
  for (const [option, value] of Object.entries(chartOf(next))) {
    if (option === "type") continue;
    if (value === gone) next = put(next, ["chart", option], undefined);
    if (Array.isArray(value) && value.some((each) => each === gone)) {
      const left = value.filter((each) => each !== gone);
      next = put(next, ["chart", option], left.length > 0 ? left : undefined);
    }
  }
  if (isNode(next["forecast"]) && next["forecast"]["measure"] === gone) next = put(next, ["forecast", "measure"], undefined);
  if (key === "dimensions" && isNode(next["forecast"]) && dimensionsOf(next).length !== 1) next = put(next, ["forecast"], undefined);
  const { rows, across } = wellsOf(next, schema);
  const dimensions = dimensionsOf(next);
  return key === "dimensions" ? arranged(next, schema, rows.map((each) => dimensions[each]!), across.map((each) => dimensions[each]!)) : next;
}

/** A dimension in another place, perhaps of the other well. */
export function movedDimension(document: Node, schema: Schema, from: number, well: Well, place: number): Node {
  const dimensions = dimensionsOf(document);
  const item = dimensions[from];
  if (item === undefined) return document;
  const { rows, across } = wellsOf(document, schema);
  const list = well === "across" ? across : rows;
  const was = list.indexOf(from);
  const left: { rows: Json[]; across: Json[] } = { rows: rows.filter((each) => each !== from).map((each) => dimensions[each]!), across: across.filter((each) => each !== from).map((each) => dimensions[each]!) };
  const target = well === "across" ? left.across : left.rows;
  target.splice(was !== -1 && was < place ? place - 1 : place, 0, item);
  return arranged(document, schema, ...onlyOne(document, schema, left.rows, left.across, item));
}

/** The names that the words of a formula are: none in quotes, and no functions. */
const renamedIn = (formula: string, from: string, to: string): string =>
  formula.split(/("[^"]*")/).map((part, place) => (place % 2 === 1 ? part : part.replace(new RegExp(`(?<![\\w.])${from}(?![\\w(])`, "g"), to))).join("");

/** A column by another name, wherever the report speaks of it. */
export function renamed(document: Node, key: "dimensions" | "measures", place: number, to: string): Node {
  const item = listAt(document, key)[place];
  const from = nameOf(item);
  if (!isNode(item) || from === "") return document;
  const told = (value: Json): Json => (value === from ? to : value === `-${from}` ? `-${to}` : Array.isArray(value) ? value.map(told) : value);
  const measures = measuresOf(document).map((each): Json => {
    if (!isNode(each)) return each;
    const names: Node = Object.fromEntries(["of", "along", "within", "across"].filter((name) => name in each).map((name) => [name, told(each[name]!)]));
    const formula: Node = typeof each["formula"] === "string" ? { formula: renamedIn(each["formula"], from, to) } : {};
    const meets: Node = isNode(each["dimensions"]) ? { dimensions: Object.fromEntries(Object.entries(each["dimensions"]).map(([name, value]) => [name === from ? to : name, value])) } : {};
    return { ...each, ...names, ...formula, ...meets };
  });
  let next: Node = { ...document, ...(measures.length > 0 && { measures }) };
  next = put(next, [key, place, "name"], to);
  if (Array.isArray(next["sort"])) next = { ...next, sort: told(next["sort"]) };
  if (isNode(next["chart"])) next = { ...next, chart: Object.fromEntries(Object.entries(next["chart"]).map(([option, value]) => [option, option === "type" ? value : told(value)])) };
  if (isNode(next["forecast"])) next = { ...next, forecast: Object.fromEntries(Object.entries(next["forecast"]).map(([option, value]) => [option, told(value)])) };
  return next;
}

/** The report drawn by another kind of chart: what both can say stays, and what ran across still does. */
export function withChart(document: Node, schema: Schema, type: string): Node {
  const before = chartOf(document);
  const known = chartSchema(schema, type)?.properties ?? {};
  const { rows, across } = wellsOf(document, schema);
  const dimensions = dimensionsOf(document);
  const kept = Object.fromEntries(Object.entries(before).filter(([option]) => option in known && !["type", "series", "columns", "rows"].includes(option)));
  const next: Node = { ...document, chart: { ...kept, type } };
  const key = acrossKey(next, schema);
  const [down, over] = [rows.map((each) => dimensions[each]!), across.map((each) => dimensions[each]!)];
  if (key !== null && over.length === 0 && down.length > 1) over.push(...down.splice(key === "series" ? 1 : down.length - 1, 1));
  if (key === "series" && over.length > 1) down.push(...over.splice(1));
  return key === null ? arranged(next, schema, [...down, ...over], []) : arranged(next, schema, down, over);
}

/** The name of something new in a report. */
export const newName = (document: Node, path: string, kind: string): string => codeOf(path.split(".").pop() ?? "", kind, taken(document));

/** What is sorted by: nothing, upward, downward, and then nothing again. */
export function sorted(document: Node, name: string): Node {
  const keys = listAt(document, "sort").map(String);
  const now = keys.find((each) => each.replace(/^-/, "") === name);
  const others = keys.filter((each) => each !== now);
  const next = now === undefined ? [...others, `-${name}`] : now.startsWith("-") ? keys.map((each) => (each === now ? name : each)) : others;
  return put(document, ["sort"], next.length > 0 ? next : undefined);
}

/** The sort of a measure, by what it is made of. */
export type Made = "ready" | "borrowed" | "calculation" | "formula" | "aggregate";

export function madeOf(item: Json | undefined): Made {
  if (!isNode(item)) return "ready";
  if ("dataset" in item && "measure" in item) return "borrowed";
  if ("of" in item) return "calculation";
  return "formula" in item ? "formula" : "aggregate";
}

