import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { fieldOf } from "@lowcode/runtime/fields";
import { Button, Input, InputNumber, Select } from "antd";
import { Options, Spoken } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { Labelled, useRule, Wrong } from "../rules/about";
import { resolved } from "../schema";
import { codeOf } from "../titles";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import { FieldOrExpression, NameInput } from "./parts";
import { dimensionsOf, nameOf, taken } from "./report";
import { everyField, sortOf, useReporting, type Sort } from "./subject";

const FIRST_BANDS: Json = [{ below: 1000 }, { below: 10000 }, {}];

/** What a dimension says: of what, by which period or bands, what it is called, and the levels below it. */
export function DimensionOptions({ place }: { place: number }) {
  const { document, palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { t, w } = useSpeech();
  const path: Path = ["dimensions", place];
  const item = at(document, path);
  if (!isNode(item)) {
    const dataset = reports.datasets.find((each) => each.name === document["dataset"]);
    return (
      <>
        <p className="lc-quiet">{t("reportReady", { name: w(dataset?.title) })} <a href={`#/reports/design/${dataset?.name}`}>{t("design")}</a></p>
        <Wrong path={path} within />
      </>
    );
  }
  const levels = Array.isArray(item["levels"]) ? item["levels"].filter(isNode) : [];
  return (
    <>
      <Level path={path} item={item} />
      <NameInput list="dimensions" place={place} />
      <div className="lc-design-label">{w(optionWords(palette, "levels"))}</div>
      <p className="lc-quiet">{t("reportLevelsHint")}</p>
      {levels.map((each, order) => (
        <fieldset key={order} className="lc-flow-part">
          <legend>
            {t("reportLevel", { number: order + 2 })}
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: t("reportLevel", { number: order + 2 }) })} onClick={() => change([...path, "levels"], levels.length > 1 ? levels.filter((_, other) => other !== order) : undefined)} />
          </legend>
          <Level path={[...path, "levels", order]} item={each} />
        </fieldset>
      ))}
      {levels.length < 4 && <AddLevel path={path} levels={levels} />}
      <Wrong path={path} />
    </>
  );
}

function AddLevel({ path, levels }: { path: Path; levels: Node[] }) {
  const { app } = useRuntime();
  const { about } = useRule();
  const { document, change } = useDesign();
  const { t, w } = useSpeech();
  const fields = everyField(app, about);
  const add = (chosen: string | null) => {
    const known = fields.find((each) => each.path === chosen);
    if (!known) return;
    const used = new Set(dimensionsOf(document).flatMap((each) => (isNode(each) && Array.isArray(each["levels"]) ? each["levels"].map(nameOf) : [])));
    const name = codeOf(known.path.split(".").pop()!, "level", (wanted) => taken(document)(wanted) || used.has(wanted));
    change([...path, "levels"], [...levels, { name, expression: known.path, ...(known.sort === "date" && { grain: "month" }) }]);
  };
  return <Select size="small" className="lc-report-add" aria-label={t("reportAddLevel")} placeholder={t("reportAddLevel")} value={null} showSearch={{ optionFilterProp: "label" }} popupMatchSelectWidth={260} options={fields.map((each) => ({ value: each.path, label: w(each.title) }))} onChange={add} />;
}

/** What the values of an expression are, as far as it is known. */
function useSort(item: Node): Sort | undefined {
  const { app } = useRuntime();
  const { about } = useRule();
  const { looked } = useReporting();
  const form = app.forms[about];
  const field = form && fieldOf(app, form, String(item["expression"] ?? ""));
  if (field) return sortOf(field);
  const kind = looked?.columns.find((each) => each.name === item["name"])?.kind;
  return kind === "number" || kind === "boolean" || kind === "choice" ? kind : kind === "date" || kind === "datetime" ? "date" : undefined;
}

function Level({ path, item }: { path: Path; item: Node }) {
  const { palette, change } = useDesign();
  const { about } = useRule();
  const { t, w } = useSpeech();
  const sort = useSort(item);
  const schema = resolved({ $ref: "#/$defs/LevelDefinition" }, palette.schema);
  const grains = resolved(schema.properties?.["grain"] ?? {}, palette.schema).enum ?? [];
  const word = (name: string) => w(optionWords(palette, name));
  const banded = Array.isArray(item["bands"]);
  const whole = typeof item["expression"] === "string" && !/^[\w.]+$/.test(item["expression"]);
  return (
    <>
      <Labelled label={t("reportGroupBy")} path={[...path, "expression"]}>
        <FieldOrExpression path={[...path, "expression"]} label={t("reportGroupBy")} form={about} value={String(item["expression"] ?? "")} change={(next) => change([...path, "expression"], next)} />
      </Labelled>
      {(sort === "date" || item["grain"] !== undefined || (whole && sort === undefined)) && (
        <Labelled label={word("grain")} path={[...path, "grain"]}>
          <Select allowClear aria-label={word("grain")} value={(item["grain"] ?? null) as string | null} placeholder={t("reportNoGrain")} options={grains.map((each) => ({ value: String(each), label: w(palette.words.choices[String(each)] ?? String(each)) }))} onChange={(next?: string) => change([...path, "grain"], next ?? undefined)} />
        </Labelled>
      )}
      {(sort === "number" || banded || (whole && sort !== "date")) && (banded ? <Bands path={[...path, "bands"]} bands={item["bands"] as Json[]} /> : <Button size="small" icon={<PlusOutlined />} onClick={() => change([...path, "bands"], FIRST_BANDS)}>{t("reportAddBands")}</Button>)}
      <Options schema={picked(schema, ["title"])} path={path} />
    </>
  );
}

/** Ranges of numbers in their order: up to which number each goes, and what it is called. */
function Bands({ path, bands }: { path: Path; bands: Json[] }) {
  const { palette, change } = useDesign();
  const { t, w } = useSpeech();
  const word = (name: string) => w(optionWords(palette, name));
  const said = (each: Json) => (isNode(each) ? (each["title"] as Text | undefined) : undefined);
  const below = (place: number): number | undefined => {
    const found = bands[place];
    const value = isNode(found) ? found["below"] : undefined;
    return typeof value === "number" || (typeof value === "string" && value !== "") ? Number(value) : undefined;
  };
  return (
    <Labelled label={word("bands")} path={path}>
      {bands.map((each, place) => (
        <div key={place} className="lc-report-band">
          <span className="lc-quiet">{place === 0 ? "<" : `${below(place - 1) ?? "…"} –`}</span>
          {place === bands.length - 1 && below(place) === undefined ? <span className="lc-quiet">{t("reportNoEnd")}</span> : <InputNumber aria-label={`${word("below")} ${place + 1}`} placeholder={word("below")} value={below(place) ?? null} onChange={(next) => change([...path, place, "below"], next ?? undefined)} />}
          <Spoken label={`${t("reportBandTitle")} ${place + 1}`} path={[...path, place, "title"]} box={(own, text, called) => <Input aria-label={called} placeholder={w(said(each)) || t("reportBandTitle")} value={text} onChange={(event) => change(own, event.target.value || undefined)} />} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: `${word("bands")} ${place + 1}` })} onClick={() => change(path, bands.length > 1 ? bands.filter((_, other) => other !== place) : undefined)} />
        </div>
      ))}
      <Wrong path={path} within />
      <Button size="small" icon={<PlusOutlined />} onClick={() => change(path, [...bands.slice(0, -1), { below: (below(bands.length - 2) ?? 0) * 10 || 1000 }, ...bands.slice(-1)])}>{t("reportAddBand")}</Button>
    </Labelled>
  );
}
