import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, SortAscendingOutlined, SortDescendingOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Button, Select } from "antd";
import type { ReactNode } from "react";
import { Fold, Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { Labelled, useRule, Wrong } from "../rules/about";
import { ConditionBuilder } from "../rules/condition";
import { isNode, pathOf, within, type Json } from "../tree";
import { Drill } from "./drill";
import { FieldOrExpression } from "./parts";
import { dimensionsOf, measuresOf, nameOf, sorted } from "./report";
import { useSaid } from "./said";
import { useReporting, type Dataset } from "./subject";

/** A part of the settings, with what is said in it where it is closed; open where something is wrong. */
function Part({ title, said, at, children, open = false }: { title: string; said?: ReactNode; at: string[]; children: ReactNode; open?: boolean }) {
  const { findings } = useDesign();
  const wrong = findings.some((each) => at.some((option) => within(pathOf(each.pointer), [option])));
  return <Fold open={wrong || open} title={<>{title} {said && <span className="lc-quiet">· {said}</span>}</>}><div className="lc-report-part">{children}</div></Fold>;
}

const BACK: readonly Json[] = ["previous", "difference", "change", "last_year", "change_last_year"];
/** Whether a measure holds its rows against earlier ones. */
const looksBack = (measure: Json): boolean => isNode(measure) && BACK.includes(measure["calculation"] ?? "");

/** What a report asks of which records, of which time, in which order, and who sees it. */
export function Settings({ form, dataset }: { form: string; dataset: Dataset | undefined }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const type = String(document["type"]);
  const word = (name: string) => w(optionWords(palette, name));
  const chosen = (value: Json | undefined) => (typeof value === "string" ? w(palette.words.choices[value] ?? value) : "");
  const schema = palette.schema;
  const date = String(document["date"] ?? "");
  const dated = date !== "" || (dataset?.date ?? "") !== "";
  const history = /^[a-z]\w*\.\w+$/.test(form) && !form.startsWith("sql.");
  const list = (key: string) => (Array.isArray(document[key]) ? document[key] : []);
  const filters = isNode(document["filters"]) ? Object.keys(document["filters"]) : [];
  const drill = isNode(document["drill"]) && Array.isArray(document["drill"]["columns"]) ? document["drill"]["columns"].length : 0;
  return (
    <div className="lc-report-settings">
      <Part title={word("where")} said={document["where"] === undefined ? t("reportAllRecords") : t("reportSome")} at={["where"]}>
        <ConditionBuilder path={["where"]} label="" none={dataset ? t("reportAllOfDataset", { name: w(dataset.title) }) : t("reportAllRecords")} />
      </Part>
      <Part title={word("period")} said={[chosen(document["period"]), document["compare"] ? `${word("compare")} ${chosen(document["compare"])}` : ""].filter(Boolean).join(" · ") || t("reportAllTime")} at={["date", "period", "compare", "against", "as_of"]}>
        <Labelled label={word("date")} path={["date"]}>
          <FieldOrExpression path={["date"]} label={word("date")} form={form} fits={(each) => each.sort === "date"} none={dataset?.date ? t("reportDateOfDataset") : t("reportNoPeriod")} value={date} change={(next) => change(["date"], next || undefined)} />
        </Labelled>
        {type !== "dataset" && !dated && <p className="lc-quiet">{t("reportDateFirst")}</p>}
        <Options schema={picked(schema, dated ? ["period", "compare", ...(document["compare"] === undefined && !measuresOf(document).some(looksBack) ? [] : ["against"])] : [])} path={[]} />
        {history && <Options schema={picked(schema, ["as_of"])} path={[]} />}
      </Part>
      {type === "report" && (
        <Part title={t("reportOrder")} said={list("sort").length > 0 ? <Ordered /> : ""} at={["sort", "limit", "totals"]}>
          <Order />
          <Options schema={picked(schema, ["limit", "totals"])} path={[]} />
        </Part>
      )}
      {type === "report" && (document["forecast"] !== undefined || dimensionsOf(document).length === 1) && (
        <Part title={word("forecast")} at={["forecast"]}>
          <p className="lc-quiet">{t("reportForecastHint")}</p>
          <Options schema={picked(schema, ["forecast"])} path={[]} />
        </Part>
      )}
      <Part title={word("drill")} said={drill > 0 ? t("reportColumnsCount", { count: drill }) : ""} at={["drill"]}><Drill form={form.split(".")[0]!} /></Part>
      <Part title={word("filters")} said={filters.length > 0 ? String(filters.length) : ""} at={["filters"]}><Filters form={form} /></Part>
      <Part title={word("roles")} said={list("roles").length > 0 ? String(list("roles").length) : t("reportEverybody")} at={["roles"]}><Options schema={picked(schema, ["roles"])} path={[]} /></Part>
    </div>
  );
}

function useSortKeys(): { name: string; down: boolean }[] {
  const { document } = useDesign();
  return (Array.isArray(document["sort"]) ? document["sort"] : []).map((each) => ({ name: String(each).replace(/^-/, ""), down: String(each).startsWith("-") }));
}

function Ordered() {
  const keys = useSortKeys();
  const said = useSaid();
  return <>{keys.map((each) => `${said.column(each.name)} ${each.down ? "↓" : "↑"}`).join(", ")}</>;
}

/** By which columns rows are sorted: pressed once downward, twice upward, three times not. */
function Order() {
  const { document, change, shift } = useDesign();
  const { t } = useSpeech();
  const said = useSaid();
  const keys = useSortKeys();
  const names = [...dimensionsOf(document), ...measuresOf(document)].map(nameOf).filter((each) => each !== "");
  const left = names.filter((each) => !keys.some((key) => key.name === each));
  return (
    <Labelled label={t("reportSorted")} path={["sort"]} within>
      {keys.length === 0 && <p className="lc-quiet">{t("reportSortedHint")}</p>}
      {keys.map((each, place) => (
        <div key={each.name} className="lc-report-chip-head">
          <button type="button" className="lc-report-name" title={t("reportTurn")} onClick={() => change([], sorted(document, each.name))}>{each.down ? <SortDescendingOutlined /> : <SortAscendingOutlined />} {said.column(each.name)} <span className="lc-quiet">{t(each.down ? "reportDownward" : "reportUpward")}</span></button>
          <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: said.column(each.name) })} onClick={() => shift(["sort", place], ["sort"], place - 1)} />
          <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place === keys.length - 1} aria-label={t("designDown", { name: said.column(each.name) })} onClick={() => shift(["sort", place], ["sort"], place + 2)} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: said.column(each.name) })} onClick={() => change(["sort"], keys.length > 1 ? (document["sort"] as Json[]).filter((_, other) => other !== place) : undefined)} />
        </div>
      ))}
      {left.length > 0 && <Select size="small" className="lc-report-add" aria-label={t("reportSortBy")} placeholder={t("reportSortBy")} value={null} options={left.map((value) => ({ value, label: said.column(value) }))} onChange={(name: string | null) => name !== null && change([], sorted(document, name))} />}
    </Labelled>
  );
}

/** What each filter of a board is compared with in this report. */
function Filters({ form }: { form: string }) {
  const { document, palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { app } = useRuntime();
  const { about } = useRule();
  const { t, w } = useSpeech();
  const written = isNode(document["filters"]) ? document["filters"] : {};
  const known = reports.filters.filter((each) => each.type !== "period");
  const names = [...new Set([...known.map((each) => each.name), ...Object.keys(written)])];
  const own = new Set(app.forms[about]?.fields.map((each) => each.name));
  if (names.length === 0) return <p className="lc-quiet">{t("reportNoFilters")}</p>;
  return (
    <>
      <p className="lc-quiet">{t("reportFiltersHint")}</p>
      {names.map((name) => (
        <Labelled key={name} label={w(known.find((each) => each.name === name)?.title) || name} path={["filters", name]}>
          <FieldOrExpression path={["filters", name]} label={`${w(optionWords(palette, "filters"))} ${name}`} form={form} none={own.has(name) ? t("reportSameName") : t("reportNotFiltered")} value={String(written[name] ?? "")} change={(next) => change([], next === "" ? without(document, name) : { ...document, filters: { ...written, [name]: next } })} />
        </Labelled>
      ))}
      <Wrong path={["filters"]} />
    </>
  );
}

function without(document: Record<string, Json>, name: string): Record<string, Json> {
  const { [name]: _, ...left } = isNode(document["filters"]) ? document["filters"] : {};
  const { filters: _all, ...rest } = document;
  return Object.keys(left).length > 0 ? { ...rest, filters: left } : rest;
}
