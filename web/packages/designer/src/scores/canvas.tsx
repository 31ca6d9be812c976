import { PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import type { Form, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { conditionSaid } from "@lowcode/runtime/said";
import { Button } from "antd";
import type { ReactNode } from "react";
import { findingsOf, useDesign } from "../design";
import { isNode, same, type Node, type Path } from "../tree";
import { added, bandsOf, listOf, rangeOf, type List } from "./card";

type Put = (document: Node, path?: Path | null) => void;

const FADES: Record<string, TextKey> = { half_life: "scoreHalfLife", over: "scoreOver", within: "scoreWithin" };

/** The card to be seen at once: its parts with what they give, and the bands on their ruler. */
export function ScoreCanvas({ put }: { put: Put }) {
  const { document, palette } = useDesign();
  const { t } = useSpeech();
  const begin = (list: List, part: Node) => { const found = added(document, list, part); put(found.document, found.path); };
  const { said, form } = useSaid();
  const [relation] = palette.names?.["relation"] ?? [];
  return (
    <div className="lc-score-canvas">
      <Section title={t("scoreAttributes")} hint={t("scoreAttributesHint")} add={t("scoreAddAttribute")} begin={() => begin("attributes", { name: "part", cases: [{ when: "true", points: 10 }] })}>
        {listOf(document, "attributes").map((part, place) => <Part key={String(part["name"])} path={["attributes", place]} part={part}>{attributeLines(part, said(form))}</Part>)}
      </Section>
      <Section title={t("scoreBehaviours")} hint={t("scoreBehavioursHint")} add={t("scoreAddBehaviour")} begin={relation && (() => begin("behaviours", { name: relation.value, relation: relation.value, points: "5", cap: 20, fade: { half_life: 30 } }))}>
        {listOf(document, "behaviours").map((part, place) => <Part key={String(part["name"])} path={["behaviours", place]} part={part}><BehaviourLine part={part} /></Part>)}
      </Section>
      <Section title={t("sort_learned")} hint={t("scoreLearnedHint")} add={t("scoreAddLearned")} begin={isNode(document["learned"]) ? undefined : () => put({ ...document, learned: { name: "likelihood", outcome: "", settled: "", points: 20 } }, ["learned"])}>
        {isNode(document["learned"]) && <Part path={["learned"]} part={document["learned"]}><span className="lc-score-line">{said(form)(String(document["learned"]["outcome"] ?? ""))}<span className="lc-number">≤ {String(document["learned"]["points"] ?? 100)}</span></span></Part>}
      </Section>
      <Section title={t("scoreBands")} hint={t("scoreBandsHint")} add={t("scoreAddBand")} begin={() => begin("bands", { name: "band", from: Math.max(0, ...bandsOf(document).map((each) => each.from)) + 10 })}>
        <Ruler />
      </Section>
    </div>
  );
}

function Section({ title, hint, add, begin, children }: { title: string; hint: string; add: string; begin?: (() => void) | undefined; children: ReactNode }) {
  return (
    <section className="lc-score-section" aria-label={title}>
      <header><h2>{title}</h2><span className="lc-quiet">{hint}</span></header>
      {children}
      {begin && <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={begin}>{add}</Button>}
    </section>
  );
}

/** One part: what it is called, how it gives points, and how many at most. */
function Part({ path, part, children }: { path: Path; part: Node; children: ReactNode }) {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { least, most } = rangeOf(part);
  const wrong = findingsOf(design, path);
  const is = design.chosen !== null && same(design.chosen, path);
  const bounds = [least !== null && least < 0 ? t("scoreLeast", { points: least }) : "", most !== null ? t("scoreMost", { points: most }) : ""].filter(Boolean).join(" · ");
  return (
    <button type="button" className={`lc-score-card${is ? " lc-score-chosen" : ""}${wrong.length > 0 ? " lc-score-wrong" : ""}`} aria-pressed={is} onClick={() => design.choose(path)}>
      <span className="lc-score-name"><strong>{w(part["title"] as Text) || String(part["name"])}</strong><span className="lc-quiet">{bounds}</span></span>
      {children}
      {wrong.map((each, place) => <span key={place} className="lc-design-wrong">{each.message}</span>)}
    </button>
  );
}

const signed = (points: unknown) => (Number(points) > 0 ? `+${String(points)}` : String(points ?? 0));

type Said = (condition: string) => ReactNode;

/** Conditions in the words of people, of the card's form or another; as they are written they stand behind. */
function useSaid() {
  const { app } = useRuntime();
  const { document } = useDesign();
  const { w, chinese } = useSpeech();
  const of = (name: string) => app.forms[name];
  const said = (form: Form | undefined): Said => (condition) => <span className="lc-score-said" title={condition}>{conditionSaid(condition, form, of, w, chinese)}</span>;
  return { said, form: of(String(document["form"])), of };
}

function attributeLines(part: Node, said: Said): ReactNode {
  if (part["points"] !== undefined) return <span className="lc-score-line">{said(String(part["points"]))}</span>;
  return listOf(part, "cases").map((each, place) => <span key={place} className="lc-score-line">{said(String(each["when"]))}<span className="lc-number">{signed(each["points"])}</span></span>);
}

function BehaviourLine({ part }: { part: Node }) {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const { said, form, of } = useSaid();
  const relation = palette.names?.["relation"]?.find((each) => each.value === part["relation"]);
  const told = of(form?.relations?.find((each) => each.name === part["relation"])?.form ?? "");
  const [way, days] = isNode(part["fade"]) ? (Object.entries(part["fade"])[0] ?? []) : [];
  return (
    <>
      <span className="lc-score-line"><span>{w(relation?.title) || String(part["relation"])} {part["when"] !== undefined && said(told)(String(part["when"]))}</span><span className="lc-number">{signed(part["points"])}</span></span>
      {way && FADES[way] && <span className="lc-quiet">{t(FADES[way], { count: Number(days) })}</span>}
    </>
  );
}

/** The bands from the lowest on, as wide as they reach. */
function Ruler() {
  const { document, choose, chosen, findings } = useDesign();
  const { w } = useSpeech();
  const bands = bandsOf(document);
  return (
    <div className="lc-score-ruler">
      {bands.map(({ path, band, from, to }) => {
        const is = chosen !== null && same(chosen, path);
        const wrong = findings.filter((each) => each.pointer.startsWith(`/bands/${String(path[1])}`));
        return (
          <button key={String(path[1])} type="button" aria-pressed={is} style={{ flexGrow: Math.max(1, to - from) }} className={`lc-score-band${is ? " lc-score-chosen" : ""}${wrong.length > 0 ? " lc-score-wrong" : ""}`} title={wrong.map((each) => each.message).join(" ") || undefined} onClick={() => choose(path)}>
            <strong>{w(band["title"] as Text) || String(band["name"])}</strong>
            <span className="lc-quiet lc-number">{from} – {to}</span>
          </button>
        );
      })}
    </div>
  );
}
