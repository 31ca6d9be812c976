import { useNarrow, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging } from "@lowcode/runtime/dragging";
import { Button, Drawer, Tabs } from "antd";
import { useMemo, useState } from "react";
import { DesignContext, type Design, type Offers, type Palette } from "../design";
import { offersOf } from "../offers";
import { spokenIn } from "../titles";
import { at, insert, move, pathOf, pointerOf, put, remove, same, type Json, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { AboutRule, filled, type RulePalette } from "./about";
import { ActionKinds, RuleCanvas, type Deeds } from "./canvas";
import { RuleInspector } from "./inspector";
import { APART, ownOption } from "./options";
import { actionsAt, choosable, laddered, levelled, phased, placeBehind, stepsOf, triggersOf, withRung } from "./rule";
import { RuleTrying } from "./trying";

interface Props {
  name: string;
  path: string;
  base: string;
  begun: Node;
  palette: RulePalette;
  reopen: () => void;
}

const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };

/** The desk of a rule: its column of cards, what is chosen beside it, and what it would do. */
export function RuleDesk({ name, path, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const narrow = useNarrow();
  const work = useWork(path, base, begun, "rules.check_rule");
  const { document, chosen, act, findings } = work;
  const [tab, setTab] = useState("options");
  const [sheet, setSheet] = useState<"options" | "try" | null>(null);
  const about = typeof document["form"] === "string" ? document["form"] : "";
  const names = triggersOf(document, palette.triggers);
  const event = names.some((each) => palette.triggers.find((one) => one.name === each)?.alone === false);
  const offers = useMemo<Offers>(() => (app.forms[about] ? offersOf(about, app.forms) : NO_OFFERS), [about, app]);
  const known = useMemo<Palette>(() => ({
    ...palette, kinds: [], variables: [], pictures: [], reports: [], outputs: [],
    people: palette.people.map((each) => ({ login: each.name, name: w(each.title) || each.name })),
    json: ["body"], names: { connector: (palette.known["connector"] ?? []).map((each) => ({ value: each.name, title: each.title })) },
  }), [palette, w]);
  const blocks = useMemo(() => choosable(document), [document]);
  const there = chosen !== null && (chosen[0] === "when" || at(document, chosen) !== undefined) ? chosen : null;
  const choose = (way: Path | null) => act({ type: "choose", chosen: way });
  const changed = (next: Node, way?: Path | null, what = "") => act({ type: "change", document: next, what, ...(way === undefined ? {} : { chosen: way }) });
  const shift = (way: Path, list: Path, index: number) => {
    const moved = move(document, way, list, index);
    if (moved && index >= 0) changed(moved.whole, moved.path);
  };
  const drop = (way: Path) => {
    if (same(way.slice(0, -1), ["steps"]) && stepsOf(document).length === 1) return changed(levelled(document), null);
    changed(remove(document, way), null);
  };
  const phasesOf = (word: string) => palette.kinds.find((each) => each.name === word)?.phases;
  const add = (list: Path, index: number, action: Node) => changed(phased(insert(document, list, index, action), phasesOf), [...list, index]);
  const putKind = (word: string, list: Path, index: number) => {
    const kind = palette.kinds.find((each) => each.name === word);
    if (kind) add(list, index, filled(spokenIn(structuredClone(kind.begin), palette.languages), word, palette, about));
  };
  const press = (word: string) => {
    const { list, index } = placeBehind(document, there);
    putKind(word, list, index);
  };
  const deeds: Deeds = {
    putKind,
    ladder: () => changed(laddered(document), ["steps", 0]),
    level: () => changed(levelled(document), null),
    rung: () => {
      const made = withRung(document);
      changed(made.document, made.path);
    },
  };
  const dropped = (id: string, place: string) => {
    const found = /^gap:(.*)#(\d+)$/.exec(place);
    if (!found) return;
    const [list, index] = [pathOf(found[1]!), Number(found[2])];
    if (id.startsWith("new:")) putKind(id.slice(4), list, index);
    else if (id.startsWith("action:")) shift(pathOf(id.slice(7)), list, index);
  };
  const keys = useKeys(act, ".lc-ruled-canvas", (pressed) => {
    const does = (deed: () => void) => (pressed.preventDefault(), deed());
    const place = there?.[there.length - 1];
    if (!there || typeof place !== "number") return;
    const list = there.slice(0, -1);
    if (pressed.key === "Delete" || pressed.key === "Backspace") return does(() => drop(there));
    if (pressed.altKey && pressed.key === "ArrowUp" && place > 0) return does(() => shift(there, list, place - 1));
    if (pressed.altKey && pressed.key === "ArrowDown" && place < actionsAt(document, list).length - 1) return does(() => shift(there, list, place + 2));
  });
  const design: Design = {
    name, document, palette: known, offers, findings, blocks, chosen: there, language: locale, languages: palette.languages, own: ownOption, apart: APART,
    choose: (way) => (choose(way), setTab("options")),
    change: (way, value: Json | undefined) => changed(put(document, way, value), undefined, pointerOf(way)),
    add, shift, drop,
    upload: () => Promise.reject(new Error("a rule has no pictures")),
  };
  const options = <RuleInspector put={(next, way) => changed(next, way)} />;
  const trying = <RuleTrying />;
  const canvas = <RuleCanvas deeds={deeds} />;
  const close = () => (choose(null), setSheet(null));
  const opened = sheet !== null || there !== null;
  return (
    <DesignContext value={design}>
      <AboutRule palette={palette} about={about} event={event}>
        <div className={`lc-designer lc-ruled-designer${narrow ? " lc-table-phone" : ""}`} onKeyDown={keys}>
          <Head work={work} title={w(document["title"] as string) || name} back={{ place: "rules", words: "designRules" }} blocks={blocks} reopen={reopen} />
          <Dragging onMove={dropped}>
            {narrow ? (
              <div className="lc-table-phone-body">
                <div className="lc-table-tools" style={{ visibility: opened ? "hidden" : "visible" }}>
                  <Button size="small" onClick={() => (choose(null), setSheet("options"))}>{t("ruleOptions")}</Button>
                  <Button size="small" onClick={() => (choose(null), setSheet("try"))}>{t("tableTry")}</Button>
                </div>
                {canvas}
                <Drawer open={opened} placement="bottom" size="78%" closable={{ placement: "end" }} title={t(sheet === "try" && !there ? "tableTry" : "ruleOptions")} onClose={close} rootClassName="lc-flow-drawer" destroyOnHidden>{sheet === "try" && !there ? trying : options}</Drawer>
              </div>
            ) : (
              <div className="lc-design-desk lc-ruled-desk">
                <aside className="lc-design-left" aria-label={t("ruleActions")}><ActionKinds press={press} /></aside>
                <div className="lc-ruled-main">{canvas}</div>
                <aside className="lc-design-right">
                  <Tabs size="small" className="lc-design-sides" activeKey={tab} onChange={setTab} items={[{ key: "options", label: t("ruleOptions"), children: options }, { key: "try", label: t("tableTry"), children: trying, destroyOnHidden: true }]} />
                </aside>
              </div>
            )}
          </Dragging>
        </div>
      </AboutRule>
    </DesignContext>
  );
}
