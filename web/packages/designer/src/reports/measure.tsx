import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { fieldOf } from "@lowcode/runtime/fields";
import { InputNumber, Select } from "antd";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { picked } from "../flows/schemas";
import { Labelled, useRule, Wrong } from "../rules/about";
import { ConditionBuilder, ConditionEditor } from "../rules/condition";
import { resolved } from "../schema";
import { spokenIn } from "../titles";
import { at, isNode, type Json, type Node, type Path } from "../tree";
import { JOINED, NUMBERS, SHARE, takenIn, writeTaken } from "./counted";
import { AboutForm, AboutMeasures, FieldOrExpression, NameInput } from "./parts";
import { dimensionsOf, madeOf, measureTitle, measuresOf, nameOf } from "./report";
import { useSaid } from "./said";
import { useAbout, useReporting, type Known } from "./subject";

/** What a measure says, in the way it is made. */
export function MeasureOptions({ place }: { place: number }) {
  const { document, palette } = useDesign();
  const { palette: reports } = useReporting();
  const { t, w } = useSpeech();
  const path: Path = ["measures", place];
  const item = at(document, path);
  const made = madeOf(item);
  const root = palette.schema;
  const schema = resolved({ $ref: "#/$defs/MeasureDefinition" }, root);
  if (!isNode(item)) {
    const dataset = reports.datasets.find((each) => each.name === document["dataset"]);
    return (
      <>
        <p className="lc-quiet">{t("reportReady", { name: w(dataset?.title) })} <a href={`#/reports/design/${dataset?.name}`}>{t("design")}</a></p>
        <Wrong path={path} within />
      </>
    );
  }
  return (
    <>
      {made === "borrowed" && <Borrowed path={path} item={item} />}
      {made === "calculation" && <Calculation path={path} item={item} />}
      {made === "formula" && <Formula path={path} item={item} />}
      {made === "aggregate" && <Aggregate path={path} item={item} />}
      <Options schema={picked(schema, made === "borrowed" ? ["title"] : ["title", "format"])} path={path} />
      {made === "aggregate" && dimensionsOf(document).length > 0 && <Options schema={picked(schema, ["across"])} path={path} />}
      <NameInput list="measures" place={place} />
      <Wrong path={path} />
    </>
  );
}

function Aggregate({ path, item }: { path: Path; item: Node }) {
  const { document, palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { about: own } = useRule();
  const { t, w } = useSpeech();
  const elsewhere = item["form"] !== undefined;
  const form = elsewhere ? String(item["form"]) : own;
  const word = (name: string) => w(optionWords(palette, name));
  return (
    <>
      {elsewhere && <OtherForm path={path} item={item} />}
      <AboutForm form={form}><Counted path={path} text={String(item["expression"] ?? "")} form={form} whole={elsewhere} names={reports.aggregates.map((each) => each.name)} /></AboutForm>
      {elsewhere && form !== "" && (
        <AboutForm form={form}>
          <Meeting path={path} item={item} form={form} />
          <ConditionBuilder path={[...path, "where"]} label={t("reportItsCondition")} none={t("reportAllRecords")} />
          <Labelled label={word("date")} path={[...path, "date"]}>
            <FieldOrExpression path={[...path, "date"]} label={word("date")} form={form} fits={(each) => each.sort === "date"} none={t("reportNoPeriod")} value={String(item["date"] ?? "")} change={(next) => change([...path, "date"], next || undefined)} />
          </Labelled>
        </AboutForm>
      )}
      {!elsewhere && (item["where"] !== undefined || item["date"] !== undefined) && (
        <>
          <ConditionBuilder path={[...path, "where"]} label={t("reportItsCondition")} none={t("reportAllRecords")} />
          <Labelled label={word("date")} path={[...path, "date"]}>
            <FieldOrExpression path={[...path, "date"]} label={word("date")} form={own} fits={(each) => each.sort === "date"} none={t("reportItsDate")} value={String(item["date"] ?? "")} change={(next) => change([...path, "date"], next || undefined)} />
          </Labelled>
        </>
      )}
      {!elsewhere && item["date"] === undefined && item["where"] === undefined && document["type"] !== "funnel" && (
        <Labelled label={t("reportOwnDate")} path={[...path, "date"]}>
          <FieldOrExpression path={[...path, "date"]} label={t("reportOwnDate")} form={own} fits={(each) => each.sort === "date"} none={t("reportItsDate")} value="" change={(next) => change([...path, "date"], next || undefined)} />
        </Labelled>
      )}
    </>
  );
}

/** An aggregate, the field it is of and the records it counts; or an expression. `whole`: which records are counted is
 * asked for elsewhere, too. */
function Counted({ path, text, form, names, whole }: { path: Path; text: string; form: string; names: string[]; whole: boolean }) {
  const { document, palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const taken = takenIn(text, names);
  const about = app.forms[form];
  /** What nobody called otherwise is called by what it counts. */
  const called = (expression: string): Json => {
    const found = takenIn(expression, names);
    const field = found && about && found.of !== "" ? fieldOf(app, about, found.of) : undefined;
    return found ? measureTitle(palette.languages, found.name, field ? (field.title ?? found.of) : found.of === "" ? undefined : found.of) : null;
  };
  const put = (next: string) => {
    const item = at(document, path);
    if (!isNode(item)) return;
    const title = JSON.stringify(item["title"]) === JSON.stringify(called(text)) ? called(next) : null;
    change(path, { ...item, expression: next, ...(title !== null && { title }) });
  };
  const own = [...path, "expression"];
  if (!taken)
    return (
      <Labelled label={t("reportOwnExpression")} path={own} within>
        <ExpressionInput label={t("reportOwnExpression")} path={own} value={text} change={put} />
        {text === "" && <p className="lc-quiet">{t("reportExpressionHint")}</p>}
      </Labelled>
    );
  const fits = (each: Known) => !NUMBERS.has(taken.name) || each.sort === "number";
  const turned = (name: string) => put(writeTaken({ ...taken, name, of: name === "COUNT" && taken.of === "" ? "" : taken.of, more: "" }));
  return (
    <>
      <div className="lc-report-counted">
        <Labelled label={t("reportCounted")} path={own}>
          <Select aria-label={t("reportCounted")} popupMatchSelectWidth={false} value={taken.name} options={reports.aggregates.map((each) => ({ value: each.name, label: w(each.title) }))} onChange={turned} />
        </Labelled>
        <Labelled label={t("reportOfField")} path={[...own, "of"]}>
          <FieldOrExpression path={own} label={t("reportOfField")} form={form} fits={fits} none={taken.name === "COUNT" ? t("reportRecords") : undefined} value={taken.of} change={(of) => put(writeTaken({ ...taken, of }))} />
        </Labelled>
        {taken.name === SHARE && (
          <Labelled label={t("reportShareBelow")} path={[...own, "more"]}>
            <InputNumber aria-label={t("reportShareBelow")} min={0} max={1} step={0.05} value={Number(taken.more) || 0.9} onChange={(next) => put(writeTaken({ ...taken, more: String(next ?? 0.9) }))} />
          </Labelled>
        )}
      </div>
      {taken.name !== JOINED && (!whole || taken.where !== "") && <ConditionEditor path={own} label={t("reportOnly")} none={t("reportAllRecords")} text={taken.where} put={(where) => put(writeTaken({ ...taken, where: where ?? "" }))} />}
      <details className="lc-ruled-written"><summary>{t("ruleAsExpression")}</summary><ExpressionInput label={t("ruleAsExpression")} path={own} value={text} change={put} /></details>
    </>
  );
}

function OtherForm({ path, item }: { path: Path; item: Node }) {
  const { document, change } = useDesign();
  const { palette: reports } = useReporting();
  const { app } = useRuntime();
  const { t } = useSpeech();
  const groups = useAbout(reports.subjects);
  /** Where both forms name a field alike, the dimension is met there. */
  const choose = (form: string) => {
    const names = new Set(app.forms[form]?.fields.map((each) => each.name));
    const meets = Object.fromEntries(dimensionsOf(document).flatMap((each) => (isNode(each) && names.has(String(each["expression"])) ? [[nameOf(each), String(each["expression"])]] : [])));
    change(path, { ...item, form, ...(Object.keys(meets).length > 0 && { dimensions: meets }) });
  };
  return (
    <Labelled label={t("reportOfForm")} path={[...path, "form"]} required>
      <Select aria-label={t("reportOfForm")} showSearch={{ optionFilterProp: "label" }} placeholder={t("choose")} value={item["form"] === "" ? null : String(item["form"])} options={groups} onChange={choose} />
    </Labelled>
  );
}

/** By which field of the other form each dimension of the report is met. */
function Meeting({ path, item, form }: { path: Path; item: Node; form: string }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const said = useSaid();
  const across = Array.isArray(item["across"]) ? item["across"] : [];
  const meets = isNode(item["dimensions"]) ? item["dimensions"] : {};
  const wanted = dimensionsOf(document).map(nameOf).filter((each) => !across.includes(each));
  if (wanted.length === 0) return null;
  return (
    <fieldset className="lc-flow-part">
      <legend>{t("reportMeeting")}</legend>
      <p className="lc-quiet">{t("reportMeetingHint")}</p>
      {wanted.map((name) => {
        const own = [...path, "dimensions", name];
        return (
          <Labelled key={name} label={said.column(name)} path={own}>
            <FieldOrExpression path={own} label={said.column(name)} form={form} value={String(meets[name] ?? "")} change={(next) => change(own, next || undefined)} />
          </Labelled>
        );
      })}
    </fieldset>
  );
}

function Calculation({ path, item }: { path: Path; item: Node }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const said = useSaid();
  const schema = resolved({ $ref: "#/$defs/MeasureDefinition" }, palette.schema);
  const word = (name: string) => w(optionWords(palette, name));
  const others = measuresOf(document).map(nameOf).filter((each) => each !== nameOf(item));
  const kinds = (resolved(schema.properties?.["calculation"] ?? {}, palette.schema).enum ?? []).map(String);
  /** What nobody called otherwise is called by what it is. */
  const called = (kind: string) => spokenIn((palette.words.choices[kind] ?? kind) as Json, palette.languages);
  const turned = (kind: string) => change(path, { ...item, calculation: kind, ...(JSON.stringify(item["title"]) === JSON.stringify(called(String(item["calculation"]))) && { title: called(kind) }) });
  const follows = !["share", "rank"].includes(String(item["calculation"]));
  const options = [...(dimensionsOf(document).length > 1 ? (follows ? ["along", "within"] : ["within"]) : []), ...(item["calculation"] === "moving_average" ? ["rows"] : [])];
  return (
    <>
      <Labelled label={word("of")} path={[...path, "of"]} required>
        <Select aria-label={word("of")} value={String(item["of"] ?? "") || null} placeholder={t("choose")} options={others.map((value) => ({ value, label: said.column(value) }))} onChange={(next) => change([...path, "of"], next)} />
      </Labelled>
      <Labelled label={word("calculation")} path={[...path, "calculation"]} required>
        <Select aria-label={word("calculation")} value={String(item["calculation"] ?? "") || null} options={kinds.map((value) => ({ value, label: w(palette.words.choices[value] ?? value) }))} onChange={turned} />
      </Labelled>
      <Options schema={picked(schema, options)} path={path} />
    </>
  );
}

function Formula({ path, item }: { path: Path; item: Node }) {
  const { palette, change } = useDesign();
  const { t, w } = useSpeech();
  const label = w(optionWords(palette, "formula"));
  return (
    <AboutMeasures but={nameOf(item)}>
      <Labelled label={label} path={[...path, "formula"]} within>
        <ExpressionInput label={label} path={[...path, "formula"]} value={String(item["formula"] ?? "")} change={(next) => change([...path, "formula"], next)} />
        <p className="lc-quiet">{t("reportFormulaHint")}</p>
      </Labelled>
    </AboutMeasures>
  );
}

function Borrowed({ path, item }: { path: Path; item: Node }) {
  const { palette, change } = useDesign();
  const { palette: reports } = useReporting();
  const { w } = useSpeech();
  const word = (name: string) => w(optionWords(palette, name));
  const dataset = reports.datasets.find((each) => each.name === item["dataset"]);
  const put = (next: Record<string, Json>) => change(path, { ...item, ...next });
  return (
    <>
      <Labelled label={word("dataset")} path={[...path, "dataset"]} required>
        <Select aria-label={word("dataset")} value={String(item["dataset"]) || null} options={reports.datasets.map((each) => ({ value: each.name, label: w(each.title) }))} onChange={(next) => put({ dataset: next, measure: reports.datasets.find((each) => each.name === next)?.measures[0]?.name ?? "" })} />
      </Labelled>
      <Labelled label={word("measure")} path={[...path, "measure"]} required>
        <Select aria-label={word("measure")} value={String(item["measure"]) || null} options={(dataset?.measures ?? []).map((each) => ({ value: each.name, label: w(each.title) }))} onChange={(next) => put({ measure: next })} />
      </Labelled>
    </>
  );
}
