import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { AutoComplete, InputNumber, Segmented, Select } from "antd";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { resolved } from "../schema";
import { at, isNode, type Node, type Path } from "../tree";
import { Labelled, useRule, Wrong } from "./about";
import { ConditionBuilder } from "./condition";
import { Other, PartOptions } from "./options";
import { isLadder, triggered, triggersOf } from "./rule";
import { ScheduleInput, SpanInput } from "./times";

type Put = (document: Node) => void;

/** What sets the rule off, and about which records it is. */
export function TriggerInspector({ put }: { put: Put }) {
  const { document, palette: plain, change } = useDesign();
  const { palette } = useRule();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const names = triggersOf(document, palette.triggers);
  const groups = Object.entries(palette.words.groups).map(([group, words]) => ({ group, words, triggers: palette.triggers.filter((each) => each.group === group) })).filter((each) => each.triggers.length > 0);
  const form = typeof document["form"] === "string" ? document["form"] : null;
  return (
    <section className="lc-design-inspector" aria-label={t("ruleWhen")}>
      <header><h2>{t("ruleWhen")}</h2></header>
      <Wrong path={["on"]} />
      <Labelled label={t("ruleForm")} path={["form"]}>
        <Select aria-label={t("ruleForm")} showSearch={{ optionFilterProp: "label" }} allowClear={names.includes("schedule")} placeholder={t("ruleNoForm")} value={form} options={Object.values(app.forms).map((each) => ({ value: each.name, label: w(each.title) || each.name }))} onChange={(next?: string | null) => change(["form"], next ?? undefined)} />
      </Labelled>
      {groups.map(({ group, words, triggers }) => (
        <div key={group} className="lc-ruled-triggers" role="group" aria-label={w(words)}>
          <div className="lc-design-label">{w(words)}</div>
          {triggers.map((each) => <button key={each.name} type="button" aria-pressed={names.includes(each.name)} className="lc-ruled-chip" onClick={() => put(triggered(document, palette.triggers, each.name))}>{w(each.title)}</button>)}
        </div>
      ))}
      <div className="lc-ruled-said">{names.map((name) => <OfTrigger key={name} name={name} />)}</div>
      <Other path={["on"]} schema={resolved(plain.schema.properties?.["on"] ?? {}, plain.schema)} />
    </section>
  );
}

/** What one trigger says more. */
function OfTrigger({ name }: { name: string }) {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const root = resolved(palette.schema.properties?.["on"] ?? {}, palette.schema);
  switch (name) {
    case "created":
    case "deleted":
      return null;
    case "updated":
      return <Options schema={picked(root, ["fields"])} path={["on"]} />;
    case "becomes":
      return <ConditionBuilder path={["on", "becomes"]} label={w(palette.words.options["becomes"]) || t("ruleBecomes")} />;
    case "entered":
      return <PartOptions path={["on", "entered"]} model="EnteredDocument" />;
    case "left":
      return <PartOptions path={["on", "left"]} model="EnteredDocument" />;
    case "scored":
      return <Scored />;
    case "schedule":
      return <ScheduleInput path={["on", "schedule"]} />;
    case "date":
      return <Dated path={["on", "date"]} />;
    case "inactive":
      return <Inactive path={["on", "inactive"]} />;
    case "button":
      return <PartOptions path={["on", "button"]} model="ButtonDocument" />;
    case "event":
      return <Told />;
    case "received":
      return <PartOptions path={["on", "received"]} model="ReceivedDocument" />;
    default:
      return <Options schema={picked(root, [name])} path={["on"]} />;
  }
}

const SCORES = ["band", "at_least", "below"] as const;

function Scored() {
  const { document, palette, change } = useDesign();
  const { w } = useSpeech();
  const path = ["on", "scored"];
  const found = at(document, path);
  const said = isNode(found) ? found : {};
  const way = SCORES.find((each) => said[each] !== undefined) ?? "at_least";
  const word = (name: string) => w(optionWords(palette, name));
  const turn = (next: string) => {
    const rest = Object.fromEntries(Object.entries(said).filter(([each]) => !SCORES.some((one) => one === each)));
    change(path, { ...rest, [next]: next === "band" ? "" : 60 });
  };
  return (
    <>
      <PartOptions path={path} model="ScoredDocument" names={["card"]} />
      <Segmented block size="small" value={way} options={SCORES.map((each) => ({ value: each, label: word(each) }))} onChange={turn} />
      {way === "band" ? <PartOptions path={path} model="ScoredDocument" names={["band"]} /> : (
        <Labelled label={word(way)} path={[...path, way]}><InputNumber aria-label={word(way)} value={typeof said[way] === "number" ? said[way] : null} onChange={(next) => change([...path, way], next ?? 0)} /></Labelled>
      )}
    </>
  );
}

/** Before, on or after a date of the record. */
export function Dated({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const said = isNode(found) ? found : {};
  const way = said["before"] !== undefined ? "before" : said["after"] !== undefined ? "after" : "on";
  const turn = (next: string) => {
    const { before, after, ...rest } = said;
    change(path, next === "on" ? rest : { ...rest, [next]: before ?? after ?? { days: 3 } });
  };
  return (
    <>
      <PartOptions path={path} model="DateDocument" names={["field"]} />
      <Segmented block size="small" value={way} options={[{ value: "before", label: t("ruleDateBefore") }, { value: "on", label: t("ruleDateOn") }, { value: "after", label: t("ruleDateAfter") }]} onChange={turn} />
      {way !== "on" && <SpanInput required path={[...path, way]} label={t("ruleHowLong")} />}
      <PartOptions path={path} model="DateDocument" names={["at", "yearly", ...(said["yearly"] === true ? ["leap"] : []), "late"]} />
    </>
  );
}

/** After nothing happened for a time. */
export function Inactive({ path }: { path: Path }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  return (
    <>
      <PartOptions path={path} model="InactiveDocument" names={["since"]} />
      {isLadder(document) ? <p className="lc-quiet">{t("ruleSpanInRungs")}</p> : <SpanInput required path={[...path, "for"]} label={t("ruleHowLong")} />}
      <PartOptions path={path} model="InactiveDocument" names={["overdue"]} />
    </>
  );
}

/** An event by its words; one that is not known here is written by its name. */
function Told() {
  const { document, palette: plain, change } = useDesign();
  const { palette } = useRule();
  const { t, w } = useSpeech();
  const path = ["on", "event", "name"];
  const value = String(at(document, path) ?? "");
  const known = palette.events.find((each) => each.name === value);
  return (
    <>
      <Labelled label={t("ruleEvent")} path={path} required>
        <AutoComplete aria-label={t("ruleEvent")} value={value} options={palette.events.map((each) => ({ value: each.name, label: <>{w(each.title)} <code className="lc-quiet">{each.name}</code></> }))} onChange={(next: string) => change(path, next)} />
      </Labelled>
      {known && <p className="lc-quiet">{w(known.title)}</p>}
      <Options schema={picked(resolved({ $ref: "#/$defs/EventDocument" }, plain.schema), ["of"])} path={["on", "event"]} />
    </>
  );
}
