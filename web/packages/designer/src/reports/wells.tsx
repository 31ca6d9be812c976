import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined, SwapOutlined, WarningFilled } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { Button, Select } from "antd";
import type { ReactNode } from "react";
import { findingsOf, useDesign } from "../design";
import { pathOf, same, within } from "../tree";
import { DimensionOptions } from "./dimension";
import { MeasureOptions } from "./measure";
import type { Putting } from "./putting";
import { acrossKey, chartType, dimensionsOf, measuresOf, nameOf, wellsOf, type Well } from "./report";
import { useSaid } from "./said";
import { everyField, useReporting, type Dataset } from "./subject";

interface Props {
  form: string;
  dataset: Dataset | undefined;
  putting: Putting;
  /** Whether a chart can say what runs across. */
  chart: boolean;
}

/** The three wells: groups down, groups across, numbers. */
export function Wells({ form, dataset, putting, chart }: Props) {
  const { document, palette } = useDesign();
  const { palette: reports } = useReporting();
  const { t, w } = useSpeech();
  const { rows, across } = wellsOf(document, palette.schema);
  const key = acrossKey(document, palette.schema);
  const kind = w(reports.charts.find((each) => each.name === chartType(document))?.title) || chartType(document);
  const closed = key === null && chartType(document) !== "table" ? t("reportNoAcross", { name: kind }) : null;
  const offered = useOffered(form, dataset);
  return (
    <div className="lc-report-wells">
      <WellBox well="rows" title={t("reportRows")} hint={t("reportRowsHint")} items={rows} putting={putting} options={offered.groups} />
      {chart && <WellBox well="across" title={t(key === "series" ? "reportSeries" : "reportColumns")} hint={t("reportColumnsHint")} items={across} putting={putting} options={offered.groups} closed={closed} />}
      <WellBox well="measures" title={t("reportNumbers")} hint={t("reportNumbersHint")} items={measuresOf(document).map((_, place) => place)} putting={putting} options={offered.numbers} />
    </div>
  );
}

interface Offered {
  label: string;
  options: { value: string; label: string }[];
}

/** What may be chosen for a well where nothing is dragged. */
function useOffered(form: string, dataset: Dataset | undefined): { groups: Offered[]; numbers: Offered[] } {
  const { app } = useRuntime();
  const { document } = useDesign();
  const { palette: reports } = useReporting();
  const { t, w } = useSpeech();
  const fields = everyField(app, form).map((each) => ({ value: `field:${each.path}`, label: w(each.title), sort: each.sort }));
  const named = dataset ? t("reportOfDataset", { name: w(dataset.title) }) : "";
  const ready = (sort: "d" | "m", list: Dataset["measures"] | undefined) => (list ?? []).map((each) => ({ value: `ready:${sort}:${each.name}`, label: w(each.title) }));
  const made = (sort: string, words: TextKey) => ({ value: `made:${sort}`, label: t(words) });
  const some = measuresOf(document).length > 0;
  const about = w(app.forms[form]?.title) || form;
  const groups = [
    { label: named, options: ready("d", dataset?.dimensions) },
    { label: about, options: fields },
  ];
  const numbers = [
    { label: named, options: ready("m", dataset?.measures) },
    { label: t("reportMade"), options: [{ value: "count:", label: t("reportRecords") }, ...(some ? [made("calculation", "reportCalculation"), made("formula", "reportFormula")] : []), made("form", "reportOtherForm"), ...(reports.datasets.length > 0 ? [made("dataset", "reportBorrowed")] : []), made("expression", "reportOwnExpression")] },
    { label: about, options: [...fields].sort((one, other) => Number(other.sort === "number") - Number(one.sort === "number")) },
  ];
  return { groups: groups.filter((each) => each.options.length > 0), numbers: numbers.filter((each) => each.options.length > 0) };
}

interface BoxProps {
  well: Well;
  title: string;
  hint: string;
  items: number[];
  putting: Putting;
  options: Offered[];
  /** Why nothing can be put into it. */
  closed?: string | null;
}

function WellBox({ well, title, hint, items, putting, options, closed = null }: BoxProps) {
  const { findings } = useDesign();
  const { t } = useSpeech();
  const own = findings.filter((each) => (well === "measures" ? each.pointer === "/measures" : well === "rows" && each.pointer === "/dimensions"));
  return (
    <section className={closed === null ? "lc-report-well" : "lc-report-well lc-report-closed"} aria-label={title} data-well={well}>
      <header>
        <h2>{title}</h2>
        <span className="lc-grow" />
        {closed === null && (
          <Select size="small" aria-label={t("designAdd", { name: title })} placeholder={t("reportAdd")} value={null} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={260} options={options} onChange={(what: string | null) => what !== null && putting.put(well, what)} />
        )}
      </header>
      {items.map((place, order) => <Chip key={`${well}${place}`} well={well} place={place} order={order} last={order === items.length - 1} putting={putting} />)}
      {closed === null ? <End key={items.length} well={well} order={items.length} name={title}>{items.length === 0 ? hint : t("reportDropHere")}</End> : <p className="lc-quiet">{closed}</p>}
      {own.map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </section>
  );
}

/** The end of a well, as a place to drop on. */
function End({ well, order, name, children }: { well: Well; order: number; name: string; children: ReactNode }) {
  const { ref, over } = usePlaceFor(`well:${well}#${order}`, name, false);
  return <div ref={ref} className={over ? "lc-report-end lc-report-over" : "lc-report-end"}>{children}</div>;
}

interface ChipProps {
  well: Well;
  /** Where it stands in the document, and where in its well. */
  place: number;
  order: number;
  last: boolean;
  putting: Putting;
}

/** A dimension or measure in its well: what it is, moving and taking it away, and when it is opened what it says. */
function Chip({ well, place, order, last, putting }: ChipProps) {
  const design = useDesign();
  const { document, palette, chosen, choose, findings } = design;
  const { t } = useSpeech();
  const said = useSaid();
  const measured = well === "measures";
  const path = [measured ? "measures" : "dimensions", place];
  const item = (measured ? measuresOf(document) : dimensionsOf(document))[place];
  const { title, note } = measured ? said.measure(item) : said.dimension(item);
  const { ref, handle, moving } = useMovable(`${measured ? "measure" : "dimension"}:${place}`, title, false);
  const { ref: under, over } = usePlaceFor(`well:${well}#${order}`, t("reportBefore", { name: title }), false);
  const open = chosen !== null && same(chosen, path);
  const wrong = findings.some((each) => within(pathOf(each.pointer), path)) || findingsOf(design, path).length > 0;
  const key = acrossKey(document, palette.schema);
  const swap = !measured && (key !== null || chartType(document) === "table");
  return (
    <div ref={ref} className={moving ? "lc-report-chip lc-design-moving" : "lc-report-chip"} data-column={nameOf(item)}>
      <div ref={under} className={over ? "lc-report-chip-head lc-report-over" : "lc-report-chip-head"}>
        <button type="button" ref={handle} className="lc-report-handle" aria-label={t("designMove", { name: title })}><HolderOutlined /></button>
        <button type="button" className="lc-report-name" aria-expanded={open} onClick={() => choose(open ? null : path)}>
          {wrong && <WarningFilled className="lc-design-wrong" />} {title} <span className="lc-quiet">{note}</span>
        </button>
        {swap && <Button size="small" type="text" icon={<SwapOutlined />} aria-label={t(well === "rows" ? "reportToColumns" : "reportToRows", { name: title })} title={t(well === "rows" ? "reportToColumns" : "reportToRows", { name: title })} onClick={() => putting.shift(well === "rows" ? "across" : "rows", place, Number.MAX_SAFE_INTEGER)} />}
        <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={order === 0} aria-label={t("designUp", { name: title })} onClick={() => putting.shift(well, place, measured ? place - 1 : order - 1)} />
        <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={last} aria-label={t("designDown", { name: title })} onClick={() => putting.shift(well, place, measured ? place + 2 : order + 2)} />
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => putting.take(well, place)} />
      </div>
      {open && <div className="lc-report-open">{measured ? <MeasureOptions place={place} /> : <DimensionOptions place={place} />}</div>}
      {wrong && !open && findings.filter((each) => within(pathOf(each.pointer), path)).slice(0, 2).map((each, at) => <div key={at} className="lc-design-wrong">{each.message} {each.hint}</div>)}
    </div>
  );
}
