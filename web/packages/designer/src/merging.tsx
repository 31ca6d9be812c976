import { languageName, useSpeech } from "@lowcode/kit";
import { Modal, Radio } from "antd";
import { useState } from "react";
import { useDesign } from "./design";
import { blockAt, blocksOf } from "./schema";
import { at, isNode, pathOf, withTheirs, type Clash, type Json, type Node } from "./tree";

/** What comes of mine and of what somebody else kept or published meanwhile. */
export interface Merged {
  document: Node;
  base: string;
  clashes: Clash[];
}

/** The same of a draft that the server keeps. */
export interface MergedDraft extends Merged {
  revision: number;
}

const SHOWN = 160;

/** Words by language. */
const isWords = (value: Json, languages: string[]): value is Record<string, string> => isNode(value) && Object.keys(value).length > 0 && Object.keys(value).every((tag) => languages.includes(tag));
/** What an item without a name of its own speaks of. */
const fieldOf = (item: Node): string => String(item["field"] ?? (Array.isArray(item["role"]) ? item["role"].join("、") : item["role"]) ?? "");

/** Where both changed the same, somebody says what shall stand. */
export function Merging({ found, close, take }: { found: Merged; close: () => void; take: (whole: Node) => void }) {
  const { palette } = useDesign();
  const { t, w } = useSpeech();
  const [theirs, setTheirs] = useState<ReadonlySet<number>>(new Set());
  const blocks = blocksOf(found.document, palette.schema);
  const where = (pointer: string): string => {
    const path = pathOf(pointer);
    const block = blockAt(path, blocks);
    const type = block && at(found.document, block);
    const kind = isNode(type) ? palette.kinds.find((each) => each.name === type["type"]) : undefined;
    const inside = path.slice(block ? block.length : 0).map((step, place) => (typeof step === "number" ? named(at(found.document, path.slice(0, (block ? block.length : 0) + place + 1)), step) : palette.languages.includes(step) ? languageName(step) : w(palette.words.options[step] ?? step)));
    return [...(kind ? [w(kind.title)] : []), ...inside].join(" › ");
  };
  const named = (item: Json | undefined, place: number): string => (isNode(item) && (w(item["title"] as string) || w(item["name"] as string) || fieldOf(item))) || String(place + 1);
  const said = (value: Json | undefined) => {
    if (value === undefined) return <em>{t("designMergeGone")}</em>;
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    const text = typeof value === "string" ? value : isWords(value, palette.languages) ? Object.values(value).join(" / ") : JSON.stringify(value);
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  };
  const choose = (place: number, other: boolean) => {
    const next = new Set(theirs);
    if (other) next.add(place);
    else next.delete(place);
    setTheirs(next);
  };
  return (
    <Modal open title={t("designMerge")} okText={t("designMerge")} cancelText={t("cancel")} onCancel={close} onOk={() => take(withTheirs(found.document, found.clashes.filter((_, place) => theirs.has(place))))}>
      <p>{t("designMergeBoth", { count: found.clashes.length })}</p>
      {found.clashes.map((clash, place) => (
        <fieldset key={place} className="lc-design-clash">
          <legend>{where(clash.pointer)}</legend>
          {clash.base !== undefined && <p className="lc-quiet">{t("designMergeBefore")} {said(clash.base)}</p>}
          <Radio.Group value={theirs.has(place)} onChange={(event) => choose(place, event.target.value === true)}>
            <Radio value={false}>
              <span className="lc-quiet">{t("designMergeMine")}</span> {said(clash.mine)}
            </Radio>
            <Radio value={true}>
              <span className="lc-quiet">{t("designMergeTheirs")}</span> {said(clash.theirs)}
            </Radio>
          </Radio.Group>
        </fieldset>
      ))}
    </Modal>
  );
}
