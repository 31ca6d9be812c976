import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { optionWords, useDesign } from "../design";
import { callOf } from "../rules/clauses";
import { takenIn } from "./counted";
import { titleOf } from "../titles";
import { isNode, type Json } from "../tree";
import { dimensionsOf, madeOf, measuresOf, nameOf } from "./report";
import { useReporting } from "./subject";

interface Called {
  title: string;
  note: string;
}

/** Dimensions and measures in words: what each is called, and in few words what it is. */
export function useSaid(): { dimension: (item: Json | undefined) => Called; measure: (item: Json | undefined) => Called; column: (name: string) => string } {
  const { document, palette, offers } = useDesign();
  const { palette: reports, looked } = useReporting();
  const { t, w } = useSpeech();
  const dataset = reports.datasets.find((each) => each.name === document["dataset"]);
  const choice = (name: unknown) => (typeof name === "string" ? w(palette.words.choices[name] ?? name) : "");
  const fields = (text: unknown) => (typeof text === "string" ? titleOf(offers, null, text, (each) => w(each as Text)) : "");
  const known = (name: string) => w(looked?.columns.find((each) => each.name === name)?.title);
  const dimension = (item: Json | undefined): Called => {
    if (!isNode(item)) return { title: w(dataset?.dimensions.find((each) => each.name === item)?.title) || nameOf(item), note: w(dataset?.title) };
    const title = w(item["title"] as Text) || fields(item["expression"]) || nameOf(item);
    const bands = Array.isArray(item["bands"]) ? w(optionWords(palette, "bands")) : "";
    const levels = Array.isArray(item["levels"]) && item["levels"].length > 0 ? `${w(optionWords(palette, "levels"))} ${item["levels"].length + 1}` : "";
    return { title, note: [choice(item["grain"]), bands, levels].filter(Boolean).join(" · ") };
  };
  const measure = (item: Json | undefined): Called => {
    const made = madeOf(item);
    if (!isNode(item)) return { title: w(dataset?.measures.find((each) => each.name === item)?.title) || known(nameOf(item)) || nameOf(item), note: w(dataset?.title) };
    const title = w(item["title"] as Text) || known(nameOf(item)) || nameOf(item);
    if (made === "borrowed") return { title, note: w(reports.datasets.find((each) => each.name === item["dataset"])?.title) || String(item["dataset"]) };
    if (made === "calculation") return { title, note: `${column(String(item["of"]))} · ${choice(item["calculation"])}` };
    if (made === "formula") return { title, note: String(item["formula"] ?? "").replace(/\b[a-z][a-z0-9_]*\b(?!\()/g, (name) => column(name)) };
    const call = callOf(String(item["expression"] ?? ""));
    const aggregate = call && reports.aggregates.find((each) => each.name === call.name);
    if (!call || !aggregate) return { title, note: fields(item["expression"]) };
    const taken = takenIn(String(item["expression"]), [call.name]);
    const some = taken?.where || item["where"] ? t("reportSome") : "";
    return { title, note: [w(aggregate.title), fields(taken?.of), some].filter(Boolean).join(" · ") };
  };
  /** What a column is called by its name. */
  const column = (name: string): string => {
    const place = dimensionsOf(document).find((each) => nameOf(each) === name);
    if (place !== undefined) return dimension(place).title;
    const found = measuresOf(document).find((each) => nameOf(each) === name);
    return found === undefined ? name : isNode(found) ? w(found["title"] as Text) || known(name) || name : measure(found).title;
  };
  return { dimension, measure, column };
}
