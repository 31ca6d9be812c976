import { useSpeech } from "@lowcode/kit";
import { Modal, Radio } from "antd";
import { useMemo, useState } from "react";
import { useDesign } from "../design";
import { at, isNode, type Node, type Path } from "../tree";
import { dropStep, fatesOf, type Fate } from "./dropping";
import { useDeeds } from "./deeds";
import { sound } from "./sound";
import { splitOf, exitsOf, insideOf } from "./tidy";
import { stepsOf } from "./steps";
import { useNames } from "./words";

interface Offer {
  fate?: Fate;
  document: Node;
  /** What goes beside the step itself; beginnings, ends and joins are not told. */
  gone: string[];
}

/** What may become of a flow when something is taken out of it; only what leaves every way an end. Of a split that is not
 * filled, or of a step that nothing hangs on, there is one answer and nobody is asked. */
export function dropsOf(document: Node, path: Path, ways: readonly string[]): Offer[] {
  const step = at(document, path);
  const fates = fatesOf(document, path, ways);
  const own = isNode(step) && path.length === 2 ? [String(step["id"]), ...partnersOf(document, step, ways)] : [];
  const was = sound(document, ways);
  return (fates.length > 0 ? fates : [undefined]).flatMap((fate) => {
    const next = dropStep(document, path, ways, fate);
    if (next === null || (was && !sound(next, ways))) return [];
    const left = new Set(stepsOf(next).map((each) => each["id"]));
    const gone = stepsOf(document).filter((each) => !left.has(each["id"]) && !own.includes(String(each["id"])));
    return [{ ...(fate === undefined ? {} : { fate }), document: next, gone: gone.filter((each) => !["start", "end", "join"].includes(String(each["type"]))).map((each) => String(each["id"])) }];
  });
}

/** What comes and goes with a step without being anybody's work: the other end of a split, the beginning and the end of a
 * scope that holds nothing yet. */
function partnersOf(document: Node, step: Node, ways: readonly string[]): string[] {
  const id = String(step["id"]);
  const split = step["type"] === "join" ? splitOf(document, id, ways) : null;
  const joins = stepsOf(document).filter((each) => each["type"] === "join" && splitOf(document, String(each["id"]), ways) === (split ?? id)).map((each) => String(each["id"]));
  const held = insideOf(document, id);
  return [...(split === null ? [] : [split]), ...joins, ...(held.length <= 2 ? held : [])];
}

export function DropDialog({ path, offers, close }: { path: Path; offers: Offer[]; close: () => void }) {
  const { document } = useDesign();
  const { done, ways } = useDeeds();
  const { t, among } = useSpeech();
  const names = useNames();
  const [chosen, setChosen] = useState(0);
  const step = at(document, path) as Node;
  const name = path.length > 2 ? names.event(step) : names.step(String(step["id"]));
  const exits = useMemo(() => exitsOf(document, step["type"] === "join" ? (splitOf(document, String(step["id"]), ways) ?? "") : String(step["id"]), ways), [document, step, ways]);
  const words = ({ fate }: Offer): string => {
    if (typeof fate === "number") return t("flowKeepWay", { name: wayName(fate) });
    return t(fate === "row" ? "flowKeepRow" : fate === "all" ? "flowKeepNone" : fate === "kept" ? "flowKeepInside" : "flowDropInside");
  };
  const wayName = (place: number): string => {
    const arrow = exits[place]!;
    const head = names.way(arrow, place);
    return stepsOf(document).some((each) => each["id"] === arrow.to && each["type"] !== "join") ? `${head}: ${names.step(arrow.to)} …` : head;
  };
  const offer = offers[chosen]!;
  return (
    <Modal open title={t("flowDropTitle", { name })} okText={t("formDelete")} okButtonProps={{ danger: true }} cancelText={t("cancel")} onCancel={close} onOk={() => (close(), done({ document: offer.document, chosen: null }))}>
      {offers.length > 1 && (
        <Radio.Group className="lc-flow-fates" value={chosen} onChange={(event) => setChosen(event.target.value as number)}>
          {offers.map((each, place) => <Radio key={place} value={place}>{words(each)}</Radio>)}
        </Radio.Group>
      )}
      <p className="lc-quiet">{offer.gone.length > 0 ? t("flowGoesToo", { names: among(offer.gone.map(names.step)) }) : t("flowNothingElse")}</p>
    </Modal>
  );
}
