import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { Button, Input, InputNumber, Segmented, Select } from "antd";
import { useState } from "react";
import { Options } from "../controls";
import { findingsOf, optionWords, useDesign } from "../design";
import { ExpressionInput } from "../expression";
import { picked } from "../flows/schemas";
import { resolved } from "../schema";
import { at, isNode, pointerOf, put as placed, type Json, type Node, type Path } from "../tree";
import { fading, freeName, isLast, listOf, type List } from "./card";

type Put = (document: Node, path?: Path | null) => void;

const MODELS: Record<string, string> = { attributes: "AttributeDocument", behaviours: "BehaviourDocument", learned: "LearnedDocument", bands: "BandDocument" };

/** What the chosen part says, or the card as a whole. */
export function ScoreInspector({ put }: { put: Put }) {
  const design = useDesign();
  const { document, chosen, palette } = design;
  const { t } = useSpeech();
  const found = chosen ? at(document, chosen) : undefined;
  if (!chosen || !isNode(found)) {
    return (
      <section className="lc-design-inspector" aria-label={t("scoreOptions")}>
        <p className="lc-quiet"><code>{String(document["name"])}</code></p>
        <Findings path={null} />
        <Options schema={picked(palette.schema, ["title", "help", "form", "field", "band_field", "when", "combine"])} path={[]} />
        <Points name="least" path={["least"]} />
        <Points name="most" path={["most"]} />
      </section>
    );
  }
  const list = chosen[0] as List | "learned";
  const model = resolved({ $ref: `#/$defs/${MODELS[list]}` }, palette.schema);
  return <OfPart key={pointerOf(chosen)} path={chosen} list={list} part={found} model={model} put={put} />;
}

function OfPart({ path, list, part, model, put }: { path: Path; list: List | "learned"; part: Node; model: Parameters<typeof picked>[0]; put: Put }) {
  const { document, drop, shift } = useDesign();
  const { t, w } = useSpeech();
  const place = path[1] as number;
  const count = list === "learned" ? 1 : listOf(document, list).length;
  const label = w(part["title"] as Text) || String(part["name"]);
  const last = isLast(document, list);
  return (
    <section className="lc-design-inspector" aria-label={label}>
      <header>
        <h2>{label}</h2>
        {list !== "learned" && list !== "bands" && (
          <>
            <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: label })} onClick={() => shift(path, [list], place - 1)} />
            <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place === count - 1} aria-label={t("designDown", { name: label })} onClick={() => shift(path, [list], place + 2)} />
          </>
        )}
        <Button size="small" type="text" danger icon={<DeleteOutlined />} disabled={last} aria-label={t("designTakeAway", { name: label })} title={t("designTakeAway", { name: label })} onClick={() => drop(path)} />
      </header>
      <Findings path={path} />
      <Options schema={picked(model, ["title"])} path={path} />
      {list === "attributes" && <Attribute path={path} part={part} put={put} />}
      {list === "behaviours" && <><Options schema={picked(model, ["relation", "at", "when", "points"])} path={path} /><Fading path={path} part={part} put={put} /></>}
      {list === "learned" && <><Options schema={picked(model, ["outcome", "settled", "scorer"])} path={path} /><Points name="points" path={[...path, "points"]} /></>}
      {list === "bands" ? <><Points name="from" path={[...path, "from"]} /><BandName path={path} /></> : (
        <>
          <Points name="cap" path={[...path, "cap"]} />
          <Points name="floor" path={[...path, "floor"]} />
          {document["combine"] === "average" && <Points name="weight" path={[...path, "weight"]} />}
          <Code key={String(part["name"])} path={path} list={list === "learned" ? "attributes" : list} name={String(part["name"])} />
        </>
      )}
    </section>
  );
}

/** Points for what the record is: cases in order, or an expression. */
function Attribute({ path, part, put }: { path: Path; part: Node; put: Put }) {
  const { document, palette, change, findings } = useDesign();
  const { t, w } = useSpeech();
  const free = part["points"] !== undefined;
  const cases = listOf(part, "cases");
  const turn = (to: string) => {
    const { cases: _cases, points: _points, otherwise: _otherwise, ...rest } = part;
    put(placed(document, path, to === "points" ? { ...rest, points: "0" } : { ...rest, cases: [{ when: "true", points: 10 }] }));
  };
  const own: Path = [...path, "cases"];
  const shift = (place: number, by: number) => { const next = [...cases]; const [moved] = next.splice(place, 1); next.splice(place + by, 0, moved!); change(own, next); };
  return (
    <>
      <Segmented block size="small" value={free ? "points" : "cases"} onChange={turn} options={[{ value: "cases", label: t("scoreByCases") }, { value: "points", label: t("scoreByExpression") }]} />
      {free ? (
        <div className="lc-design-option"><ExpressionInput label={w(optionWords(palette, "points"))} path={[...path, "points"]} value={String(part["points"])} change={(next) => change([...path, "points"], next)} /><Said pointer={pointerOf([...path, "points"])} /></div>
      ) : (
        <>
          <div className="lc-design-label">{w(optionWords(palette, "cases"))}</div>
          <ol className="lc-score-cases">
            {cases.map((each, place) => {
              const pointer = pointerOf([...own, place]);
              return (
                <li key={place}>
                  <ExpressionInput label={t("scoreCase", { number: place + 1 })} path={[...own, place, "when"]} wrong={findings.some((one) => one.pointer === `${pointer}/when`)} value={String(each["when"] ?? "")} change={(next) => change([...own, place, "when"], next)} />
                  <div className="lc-design-row">
                    <InputNumber size="small" aria-label={t("scoreCasePoints", { number: place + 1 })} value={Number(each["points"])} onChange={(next) => change([...own, place, "points"], next ?? 0)} />
                    <span className="lc-grow" />
                    <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t("designUp", { name: t("scoreCase", { number: place + 1 }) })} onClick={() => shift(place, -1)} />
                    <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={place === cases.length - 1} aria-label={t("designDown", { name: t("scoreCase", { number: place + 1 }) })} onClick={() => shift(place, 1)} />
                    <Button size="small" type="text" icon={<DeleteOutlined />} disabled={cases.length === 1} aria-label={t("designTakeAway", { name: t("scoreCase", { number: place + 1 }) })} onClick={() => change([...own, place], undefined)} />
                  </div>
                  <Said pointer={`${pointer}/when`} />
                </li>
              );
            })}
          </ol>
          <Button size="small" icon={<PlusOutlined />} onClick={() => change([...own, cases.length], { when: "", points: 0 })}>{t("scoreAddCase")}</Button>
          <Points name="otherwise" path={[...path, "otherwise"]} />
        </>
      )}
    </>
  );
}

/** How the points of an event lose weight: not at all, or in one of three ways over some days. */
function Fading({ path, part, put }: { path: Path; part: Node; put: Put }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const [way, days] = isNode(part["fade"]) ? (Object.entries(part["fade"])[0] ?? []) : [];
  const label = w(optionWords(palette, "fade"));
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}</div>
      <Select aria-label={label} value={way ?? ""} onChange={(next) => put(fading(document, path, next || null))} options={[{ value: "", label: t("scoreNoFade") }, ...["half_life", "over", "within"].map((each) => ({ value: each, label: w(optionWords(palette, each)) }))]} />
      {way && <InputNumber aria-label={w(optionWords(palette, way))} min={1} precision={0} value={Number(days)} onChange={(next) => change([...path, "fade", way], next ?? 1)} />}
    </div>
  );
}

/** A number of points, or none. */
function Points({ name, path }: { name: string; path: Path }) {
  const { document, palette, change } = useDesign();
  const { w } = useSpeech();
  const label = w(optionWords(palette, name));
  const value = at(document, path);
  const whole = path.length === 1;
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}</div>
      <InputNumber aria-label={label} value={typeof value === "number" ? value : null} placeholder={whole && value === undefined ? (name === "most" ? "100" : "0") : name === "weight" ? "1" : name === "otherwise" ? "0" : undefined} onChange={(next) => change(path, (next as Json) ?? undefined)} />
      <Said pointer={pointerOf(path)} />
    </div>
  );
}

/** A band is called as an option of the field it is written into, where that is one. */
function BandName({ path }: { path: Path }) {
  const { document, change, palette } = useDesign();
  const { w } = useSpeech();
  const label = w(optionWords(palette, "name"));
  const own = [...path, "name"];
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{label}</div>
      <Input aria-label={label} value={String(at(document, own) ?? "")} onChange={(event) => change(own, event.target.value)} />
      <Said pointer={pointerOf(own)} />
    </div>
  );
}

/** The name by which the log and models know the part; it is taken over where it is one. */
function Code({ path, list, name }: { path: Path; list: List; name: string }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const [text, setText] = useState(name);
  const wrong = text !== name && freeName(document, list, text) !== text;
  const take = () => (wrong ? setText(name) : text !== name && change([...path, "name"], text));
  return (
    <div className="lc-design-option">
      <div className="lc-design-label">{t("formCode")}</div>
      <Input aria-label={t("formCode")} value={text} status={wrong ? "error" : undefined} onChange={(event) => setText(event.target.value)} onBlur={take} onPressEnter={take} />
    </div>
  );
}

/** What is wrong with the chosen part itself, or the card; what is wrong with an option stands at it. */
function Findings({ path }: { path: Path | null }) {
  const found = findingsOf(useDesign(), path).filter((each) => path === null || each.pointer === pointerOf(path));
  if (found.length === 0) return null;
  return <ul className="lc-design-findings">{found.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}

function Said({ pointer }: { pointer: string }) {
  const { findings } = useDesign();
  return findings.filter((each) => each.pointer === pointer).map((each, place) => <div key={place} className="lc-design-wrong">{each.message} {each.hint}</div>);
}
