import { HolderOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import { useDesign } from "../design";
import { isNode, pathOf, pointerOf, same, within, type Json, type Path } from "../tree";
import { useRule, type ActionKind } from "./about";
import { Face } from "./faces";
import { actionOf, actionsAt, isLadder, isLevel, stepsOf, triggersOf } from "./rule";
import { useSaid } from "./said";

export interface Deeds {
  /** Puts a new action of a kind into a list. */
  putKind: (word: string, list: Path, index: number) => void;
  ladder: () => void;
  level: () => void;
  rung: () => void;
}

/** The rule to be seen at once: its sentence, and a column of what sets it off, on which condition, and what it does. */
export function RuleCanvas({ deeds }: { deeds: Deeds }) {
  const { document, choose, chosen } = useDesign();
  const { palette } = useRule();
  const { t } = useSpeech();
  const said = useSaid();
  const [first] = triggersOf(document, palette.triggers);
  const condition = said.condition();
  return (
    <div className="lc-ruled-canvas" onClick={(event) => event.target === event.currentTarget && choose(null)}>
      <button type="button" className="lc-ruled-sentence" aria-pressed={chosen === null} onClick={() => choose(null)}>{said.sentence()}</button>
      <Stretch title={t("ruleWhen")}>
        <Card path={["on"]} face={first ?? "event"} title={said.triggers() || t("ruleNoTrigger")} />
      </Stretch>
      <Stretch title={t("ruleIf")}>
        <Card path={["when"]} face="becomes" title={condition || t("ruleAlways")} quiet={condition === ""} />
      </Stretch>
      <Stretch title={t("ruleThen")}>
        {isLadder(document) ? stepsOf(document).map((step, place) => <Rung key={place} step={step} place={place} deeds={deeds} />) : <Actions list={["actions"]} deeds={deeds} />}
        <div className="lc-ruled-foot">
          {isLadder(document) ? <><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={deeds.rung}>{t("ruleAddRung")}</Button>{isLevel(document) ? <Button size="small" type="text" onClick={deeds.level}>{t("ruleLevel")}</Button> : <span className="lc-quiet">{t("ruleLevelNot")}</span>}</> : <MayLadder deeds={deeds} />}
        </div>
      </Stretch>
    </div>
  );
}

/** Only what a record waits for can go on rung by rung. */
function MayLadder({ deeds }: { deeds: Deeds }) {
  const { document } = useDesign();
  const { palette } = useRule();
  const { t } = useSpeech();
  const names = triggersOf(document, palette.triggers);
  const may = document["phase"] !== "before" && names.every((each) => each === "inactive" || palette.triggers.find((one) => one.name === each)?.alone === false);
  return may ? <Button size="small" type="text" onClick={deeds.ladder}>{t("ruleLadder")}</Button> : null;
}

function Stretch({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="lc-ruled-stretch" aria-label={title}>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

/** What is wrong with what stands at a place or in it. */
function useWrong(path: Path): string[] {
  const { findings } = useDesign();
  return findings.filter((each) => within(pathOf(each.pointer), path)).map((each) => each.message);
}

function Card({ path, face, title, note = "", quiet = false }: { path: Path; face: string; title: string; note?: string; quiet?: boolean }) {
  const { chosen, choose } = useDesign();
  const is = chosen !== null && same(chosen, path);
  const wrong = useWrong(path);
  return (
    <button type="button" className={`lc-ruled-card${is ? " lc-ruled-chosen" : ""}${wrong.length > 0 ? " lc-ruled-wrong" : ""}`} aria-pressed={is} data-card={pointerOf(path)} onClick={() => choose(path)}>
      <Face name={face} />
      <span className="lc-ruled-text">
        <span className={quiet ? "lc-quiet" : "lc-ruled-title"}>{title}</span>
        {note !== "" && <span className="lc-quiet">{note}</span>}
        {wrong.map((each, place) => <span key={place} className="lc-design-wrong">{each}</span>)}
      </span>
    </button>
  );
}

function Rung({ step, place, deeds }: { step: Json; place: number; deeds: Deeds }) {
  const { t } = useSpeech();
  const said = useSaid();
  const node = isNode(step) ? step : {};
  const title = t("ruleRungAfter", { span: said.span(node["after"]) || "…" });
  return (
    <div className="lc-ruled-rung">
      <Card path={["steps", place]} face="wait" title={title} note={said.said(node["when"])} />
      <div className="lc-ruled-below"><Actions list={["steps", place, "actions"]} deeds={deeds} /></div>
    </div>
  );
}

function Actions({ list, deeds }: { list: Path; deeds: Deeds }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  const actions = actionsAt(document, list);
  return (
    <>
      {actions.map((each, place) => (
        <div key={place}>
          <Gap list={list} index={place} deeds={deeds} />
          <Action path={[...list, place]} action={each} />
        </div>
      ))}
      <Gap key={actions.length} list={list} index={actions.length} deeds={deeds} last={actions.length === 0 ? t("ruleFirstAction") : t("ruleAddAction")} />
    </>
  );
}

function Action({ path, action }: { path: Path; action: Json }) {
  const { t } = useSpeech();
  const said = useSaid();
  const word = actionOf(action)?.word;
  const title = word === undefined ? t("ruleUnknown") : said.kindTitle(word);
  const { ref, handle, moving } = useMovable(`action:${pointerOf(path)}`, title, false);
  return (
    <div ref={ref} className={moving ? "lc-ruled-action lc-design-moving" : "lc-ruled-action"}>
      <Card path={path} face={word ?? "event"} title={title} note={said.action(action)} />
      <span ref={handle} className="lc-ruled-handle" role="button" tabIndex={-1} aria-label={t("ruleMove", { name: title })}><HolderOutlined /></span>
    </div>
  );
}

/** A place between actions: something is dropped there, or chosen from the list behind its +. */
function Gap({ list, index, deeds, last }: { list: Path; index: number; deeds: Deeds; last?: string }) {
  const { t } = useSpeech();
  const { ref, over } = usePlaceFor(`gap:${pointerOf(list)}#${index}`, t("designNumbered", { number: index + 1 }), false);
  const items = useKindItems((word) => deeds.putKind(word, list, index));
  return (
    <div ref={ref} className={`lc-ruled-gap${over ? " lc-ruled-gap-over" : ""}${last ? " lc-ruled-gap-last" : ""}`}>
      <Dropdown autoFocus trigger={["click"]} menu={{ className: "lc-ruled-menu", items }}>
        {last ? <Button type="dashed" icon={<PlusOutlined />}>{last}</Button> : <Button size="small" type="text" shape="circle" icon={<PlusOutlined />} aria-label={t("ruleInsert", { number: index + 1 })} />}
      </Dropdown>
    </div>
  );
}

/** The kinds of actions as a menu. */
export function useKindItems(put: (word: string) => void, spared: (kind: ActionKind) => boolean = () => false) {
  const { palette } = useRule();
  const { w } = useSpeech();
  return Object.entries(palette.words.groups).flatMap(([group, words]) => {
    const kinds = palette.kinds.filter((each) => each.group === group && !spared(each));
    return kinds.length === 0 ? [] : [{ key: group, type: "group" as const, label: w(words), children: kinds.map((each) => ({ key: each.name, icon: <Face name={each.name} />, label: w(each.title), onClick: () => put(each.name) })) }];
  });
}

/** The kinds of actions to be dragged into the rule, or pressed. */
export function ActionKinds({ press }: { press: (word: string) => void }) {
  const { palette } = useRule();
  const { t, w } = useSpeech();
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("rulePaletteHint")}</p>
      {Object.entries(palette.words.groups).map(([group, words]) => {
        const kinds = palette.kinds.filter((each) => each.group === group);
        return kinds.length === 0 ? null : (
          <section key={group}>
            <h2>{w(words)}</h2>
            {kinds.map((each) => <Kind key={each.name} name={each.name} title={w(each.title)} press={press} />)}
          </section>
        );
      })}
    </div>
  );
}

function Kind({ name, title, press }: { name: string; title: string; press: (word: string) => void }) {
  const { ref, moving } = useMovable(`new:${name}`, title, false);
  return (
    <button type="button" ref={ref} data-kind={name} className={moving ? "lc-design-kind lc-design-moving" : "lc-design-kind"} onClick={() => press(name)} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), press(name))}>
      <Face name={name} /> {title}
    </button>
  );
}

