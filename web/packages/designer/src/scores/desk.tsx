import { useNarrow, useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Button, Drawer, Tabs } from "antd";
import { useMemo, useState } from "react";
import { DesignContext, type Design, type Finding, type Offers } from "../design";
import { offersOf } from "../offers";
import { at, insert, move, pointerOf, put, remove, type Json, type Node, type Path } from "../tree";
import { Head, useKeys, useWork, type Answer } from "../work";
import { ScoreCanvas } from "./canvas";
import { choosable, isLast } from "./card";
import { ScoreInspector } from "./inspector";
import type { ScorePalette } from "./page";
import { Progressing } from "./progress";
import { ScoreTrying } from "./trying";

interface Props {
  name: string;
  path: string;
  base: string;
  begun: Node;
  palette: ScorePalette;
  reopen: () => void;
}

const NUMBERS = ["integer", "number", "percent", "money"];
const MOMENTS = ["date", "datetime"];

/** The desk of a score card: its parts and bands, what is chosen beside them, and what it would give. */
export function ScoreDesk({ name, path, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const narrow = useNarrow();
  const work = useWork<Answer & { scores: string | null }>(path, base, begun, "rules.check_score");
  const { document, chosen, act, findings } = work;
  const [tab, setTab] = useState("options");
  const [sheet, setSheet] = useState<"options" | "try" | null>(null);
  const about = String(document["form"] ?? "");
  const part = chosen ? at(document, chosen) : undefined;
  const counted = chosen?.[0] === "behaviours" ? palette.relations[about]?.[String((part as Node | undefined)?.["relation"] ?? "")] : undefined;
  const offers = useMemo<Offers>(() => offersOf(counted ?? about, app.forms), [counted, about, app]);
  const titled = (fields: readonly Field[] | undefined, types?: string[]) => (fields ?? []).filter((each) => !types || types.includes(each.type)).map((each) => ({ value: each.name, title: each.title ?? each.name }));
  const own = app.forms[about]?.fields;
  const relations = Object.entries(palette.relations[about] ?? {}).map(([value, to]) => ({ value, title: app.forms[about]?.relations?.find((each) => each.name === value)?.title ?? app.forms[to]?.title ?? value }));
  const known: ScorePalette = { ...palette, variables: [], pictures: [], reports: [], outputs: [], names: {
    form: palette.forms.map((value) => ({ value, title: app.forms[value]?.title ?? value })), field: titled(own, NUMBERS), band_field: titled(own, ["select", "text"]), relation: relations,
    at: [...titled(counted ? app.forms[counted]?.fields : [], MOMENTS), { value: "created_at", title: t("scoreCreatedAt") }], scorer: palette.scorers.map((value) => ({ value, title: value })),
  } };
  const blocks = useMemo(() => choosable(document), [document]);
  const choose = (way: Path | null) => act({ type: "choose", chosen: way });
  const changed = (next: Node, way?: Path | null, what = "") => act({ type: "change", document: next, what, ...(way === undefined ? {} : { chosen: way }) });
  const shift = (way: Path, list: Path, index: number) => {
    const moved = move(document, way, list, index);
    if (moved && index >= 0) changed(moved.whole, moved.path);
  };
  const drop = (way: Path) => changed(remove(document, way), null);
  const keys = useKeys(act, ".lc-score-canvas", (event) => {
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (!chosen || chosen.length > 2) return;
    if (event.key === "Delete" || event.key === "Backspace") return does(() => isLast(document, String(chosen[0])) || drop(chosen));
    const place = chosen[1] as number;
    if (event.altKey && event.key === "ArrowUp" && place > 0) return does(() => shift(chosen, chosen.slice(0, 1), place - 1));
    if (event.altKey && event.key === "ArrowDown") return does(() => shift(chosen, chosen.slice(0, 1), place + 2));
  });
  const design: Design = {
    name, document, palette: known, offers, findings: findings as Finding[], blocks, chosen: chosen && part !== undefined ? chosen : null, language: locale, languages: palette.languages,
    choose: (way) => (choose(way), setTab("options")),
    change: (way, value: Json | undefined) => changed(put(document, way, value), undefined, pointerOf(way)),
    add: (list, index, block) => changed(insert(document, list, index, block), [...list, index]),
    shift, drop,
    upload: () => Promise.reject(new Error("a score card has no pictures")),
  };
  const options = <ScoreInspector put={changed} />;
  const trying = <ScoreTrying />;
  const close = () => (choose(null), setSheet(null));
  return (
    <DesignContext value={design}>
      <div className={`lc-designer lc-score-designer${narrow ? " lc-table-phone" : ""}`} onKeyDown={keys}>
        <Head work={work} title={w(document["title"] as string) || name} back={{ place: "scores", words: "designScores" }} blocks={blocks} reopen={reopen} />
        {narrow ? (
          <div className="lc-table-phone-body">
            <div className="lc-table-tools">
              <Button size="small" onClick={() => (choose(null), setSheet("options"))}>{t("scoreOptions")}</Button>
              <Button size="small" onClick={() => (choose(null), setSheet("try"))}>{t("tableTry")}</Button>
            </div>
            <ScoreCanvas put={changed} />
            <Progressing card={name} />
            <Drawer open={sheet !== null || design.chosen !== null} placement="bottom" size="78%" closable={{ placement: "end" }} title={t(sheet === "try" ? "tableTry" : "scoreOptions")} onClose={close} rootClassName="lc-flow-drawer" destroyOnHidden>{sheet === "try" && !design.chosen ? trying : options}</Drawer>
          </div>
        ) : (
          <div className="lc-design-desk lc-score-desk">
            <div className="lc-score-main"><ScoreCanvas put={changed} /><Progressing card={name} /></div>
            <aside className="lc-design-right">
              <Tabs size="small" className="lc-design-sides" activeKey={tab} onChange={setTab} items={[{ key: "options", label: t("scoreOptions"), children: options }, { key: "try", label: t("tableTry"), children: trying, destroyOnHidden: true }]} />
            </aside>
          </div>
        )}
      </div>
    </DesignContext>
  );
}
