import { useSpeech } from "@lowcode/kit";
import { Modal, Radio } from "antd";
import { useState } from "react";
import { useDesign } from "./design";
import { blockAt, blocksOf } from "./schema";
import { at, isNode, pathOf, withTheirs, type Clash, type Json, type Node } from "./tree";

/** What comes of mine and of what somebody else kept or published meanwhile. */
export interface Merged {
  document: Node;
  base: string;
  revision: number;
  clashes: Clash[];
}

const SHOWN = 160;

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
    const inside = path.slice(block ? block.length : 0).map((step) => (typeof step === "number" ? String(step + 1) : w(palette.words.options[step] ?? step)));
    return [...(kind ? [w(kind.title)] : []), ...inside].join(" › ");
  };
  const said = (value: Json | undefined) => {
    if (value === undefined) return <em>{t("designMergeGone")}</em>;
    const text = typeof value === "string" ? value : JSON.stringify(value);
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
