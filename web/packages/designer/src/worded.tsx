import { useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMemo, type ReactNode } from "react";
import { DesignContext, type Design, type Offers, type Palette } from "./design";
import { offersOf } from "./offers";
import type { Begun } from "./opened";
import { AboutRule, type RulePalette } from "./rules/about";
import { APART, ownOption } from "./rules/options";
import { insert, move, pointerOf, put, type Json, type Path } from "./tree";
import { Head, useKeys, useWork } from "./work";

interface Props<Known extends RulePalette> extends Begun<Known> {
  /** The operation that says what is wrong with it. */
  check: string;
  back: { place: string; words: TextKey };
  kind: string;
  /** What options of the document itself may name. */
  names?: Palette["names"];
  options: ReactNode;
  trying: ReactNode;
}

const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };

/** The desk of a document about the records of a form, said with the parts of rules: its options, and beside them what
 * it would do. */
export function WordedDesk<Known extends RulePalette>({ name, path, base, begun, palette, reopen, check, back, kind, names, options, trying }: Props<Known>) {
  const { app } = useRuntime();
  const { w, locale } = useSpeech();
  const work = useWork(path, base, begun, check);
  const { document, act, findings } = work;
  const about = typeof document["form"] === "string" ? document["form"] : "";
  const offers = useMemo<Offers>(() => (app.forms[about] ? offersOf(about, app.forms) : NO_OFFERS), [about, app]);
  const known = useMemo<Palette>(() => ({
    ...palette, kinds: [], variables: [], pictures: [], reports: [], outputs: [], json: ["body"],
    people: palette.people.map((each) => ({ login: each.name, name: w(each.title) || each.name })),
    names: { connector: (palette.known["connector"] ?? []).map((each) => ({ value: each.name, title: each.title })), ...names },
  }), [palette, names, w]);
  const changed = (way: Path, value: Json | undefined, what = pointerOf(way)) => act({ type: "change", document: put(document, way, value), what });
  const keys = useKeys(act, ".lc-connection-desk", () => undefined);
  const design: Design = {
    name, document, palette: known, offers, findings, blocks: [], chosen: null, language: locale, languages: palette.languages, own: ownOption, apart: APART,
    choose: () => undefined,
    change: (way, value) => changed(way, value),
    drop: (way) => changed(way, undefined, ""),
    add: (list, index, item) => act({ type: "change", document: insert(document, list, index, item), what: "" }),
    shift: (from, list, index) => {
      const moved = move(document, from, list, index);
      if (moved && index >= 0) act({ type: "change", document: moved.whole, what: "" });
    },
    upload: () => Promise.reject(new Error(`a ${kind} has no pictures`)),
  };
  const title = w(document["title"] as string) || name;
  return (
    <DesignContext value={design}>
      <AboutRule palette={palette} about={about} event={false}>
        <div className="lc-designer lc-connection-designer" onKeyDown={keys}>
          <Head work={work} title={title} back={back} blocks={[]} reopen={reopen} />
          <div className="lc-connection-desk">
            <section className={`lc-design-inspector lc-worded lc-worded-${kind}`} aria-label={title}>
              <p className="lc-quiet"><code>{name}</code></p>
              <div className="lc-intake">
                <div>{options}</div>
                <div>{trying}</div>
              </div>
            </section>
          </div>
        </div>
      </AboutRule>
    </DesignContext>
  );
}
