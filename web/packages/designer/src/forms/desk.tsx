import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Dragging } from "@lowcode/runtime/dragging";
import { useMemo } from "react";
import { DesignContext, type Design, type Face, type Offer, type Offers } from "../design";
import { at, insert, isNode, move, pathOf, pointerOf, put, same, type Node, type Path } from "../tree";
import { Head, useKeys, useWork, type Answer } from "../work";
import { FormCanvas } from "./canvas";
import { addField, addPart, behind, changed, choosable, drop, fieldsOf, laidOut, lastOf, placed, shift, show, shownBy } from "./fields";
import { FormInspector } from "./inspector";
import type { FormPalette } from "./page";
import { PartChoice, PartDesk } from "./settings/page";
import { itemsOf, partOf } from "./settings/parts";
import { FormSides, PARTS } from "./sides";
import { spokenIn } from "../titles";

interface Props {
  name: string;
  /** The document of the app as its text, and the same understood. */
  base: string;
  begun: Node;
  palette: FormPalette;
  reopen: () => void;
}

/** The desk: kinds of fields on the left, the form in the middle, what the chosen field says on the right. */
export function Desk({ name, base, begun, palette, reopen }: Props) {
  const { app } = useRuntime();
  const { w, t, locale } = useSpeech();
  const work = useWork<Answer & { faces?: Face[] }>(`forms/${name}.json`, base, begun, "forms.check_document", Array.isArray(begun["public"]));
  const { document, chosen, act, findings } = work;
  const blocks = useMemo(() => [...choosable(document), ...itemsOf(document)], [document]);
  const part = partOf(chosen);
  const offers = useMemo<Offers>(() => offersOf(document, app.forms), [document, app]);
  const languages = palette.languages;
  const done = (found: { document: Node; chosen: Path | null } | null) => found && act({ type: "change", document: found.document, what: "", chosen: found.chosen });
  const remove = (way: Path) => act({ type: "change", document: drop(document, way), what: "", chosen: null });
  const putThing = (id: string, list: Path, index: number) => {
    if (id.startsWith("new:")) {
      const kind = palette.kinds.find((each) => each.name === id.slice(4));
      if (kind) done(addField(document, spokenIn(kind.begin, languages), list, index));
    } else if (id.startsWith("part:")) {
      const part = PARTS[id.slice(5)];
      if (part) done(addPart(document, spokenIn(part, languages), list, index));
    } else if (id.startsWith("field:")) done(show(document, id.slice(6), list, index));
    else if (id.startsWith("item:")) done(shift(document, pathOf(id.slice(5)), list, index));
  };
  const dropped = (id: string, place: string) => {
    const found = /^gap:(.*)#(\d+)$/.exec(place);
    if (found) putThing(id, pathOf(found[1]!), Number(found[2]));
  };
  const press = (id: string) => {
    const end = id === "part:section" || id === "part:tab" ? lastOf(document) : behind(document, chosen);
    putThing(id, end.list, end.index);
  };
  const keys = useKeys(act, ".lc-form-canvas", (event) => {
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (!chosen) return;
    if (event.key === "Delete" || event.key === "Backspace") return does(() => remove(chosen));
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const own = placeOf(document, chosen);
      const index = own ? (own[own.length - 1] as number) : 0;
      if (own) does(() => done(shift(document, own, own.slice(0, -1), event.key === "ArrowUp" ? Math.max(0, index - 1) : index + 2)));
    }
  });
  const design: Design = {
    name, document, palette, offers, findings, blocks, faces: work.looked?.faces, chosen: chosen && at(document, chosen) !== undefined ? chosen : null, language: locale, languages,
    choose: (way) => act({ type: "choose", chosen: way }),
    change: (way, value) => act({ type: "change", document: changed(document, begun, way, value), what: pointerOf(way) }),
    add: (list, index, block) => done(partOf(list) === null ? addField(document, block, list, index) : { document: insert(document, list, index, block), chosen: [...list, index] }),
    shift: (from, list, index) => partOf(from) !== null ? index >= 0 && done(shifted(document, from, list, index)) : done(from[0] === "fields" && from.length > 2 && from[2] !== "fields" ? moved(document, from, list, index) : shift(document, from, list, index)),
    drop: (way) => (partOf(way) === null ? remove(way) : act({ type: "change", document: put(document, way, undefined), what: "", chosen: [way[0]!] })),
    upload: () => Promise.reject(new Error("a form has no pictures")),
  };
  const title = w(document["title"] as string) || name;
  return (
    <DesignContext value={design}>
      <div className="lc-designer" onKeyDown={keys}>
        <Head work={work} title={title} back={{ place: "forms", words: "designForms" }} blocks={blocks} reopen={reopen} />
        <PartChoice part={part} />
        {part !== null && <PartDesk part={part} palette={palette} written={begun} />}
        {part === null && <Dragging onMove={dropped}>
          <div className="lc-design-desk">
            <aside className="lc-design-left" aria-label={t("designFields")}><FormSides press={press} /></aside>
            <div className="lc-design-canvas lc-form-canvas"><FormCanvas /></div>
            <aside className="lc-design-right"><FormInspector written={begun} rename={(next, way) => act({ type: "change", document: next, what: `${pointerOf(way)}/name`, chosen: way })} /></aside>
          </div>
        </Dragging>}
      </div>
    </DesignContext>
  );
}

/** Where the chosen thing stands: a field where it is shown, another part where it is written. */
function placeOf(document: Node, chosen: Path): Path | null {
  if (chosen[0] !== "fields" || chosen.length > 2) return chosen;
  const field = at(document, chosen);
  return placed(laidOut(document)).find(({ item }) => isNode(field) && shownBy(item) === field["name"])?.path ?? null;
}

/** An item of a part of the form, moved in its list. */
function shifted(document: Node, from: Path, list: Path, index: number): { document: Node; chosen: Path | null } | null {
  const found = move(document, from, list, index);
  return found && { document: found.whole, chosen: found.path };
}

/** An item of a list of options, states … moved in it. */
function moved(document: Node, from: Path, list: Path, index: number): { document: Node; chosen: Path | null } | null {
  const items = at(document, list);
  const place = from[from.length - 1] as number;
  if (!Array.isArray(items) || !same(from.slice(0, -1), list)) return null;
  const rest = items.filter((_, each) => each !== place);
  rest.splice(index > place ? index - 1 : index, 0, items[place]!);
  return { document: put(document, list, rest), chosen: from.slice(0, 2) };
}

/** What expressions may name: the fields of the form as it is designed, those of forms it links to, and its lines. */
function offersOf(document: Node, forms: ReturnType<typeof useRuntime>["app"]["forms"]): Offers {
  const offer = (field: Node): Offer => ({ path: String(field["name"]), title: (field["title"] as string) ?? String(field["name"]), type: String(field["type"]) });
  const fields = fieldsOf(document);
  const linked = fields
    .filter((each) => each["type"] === "link")
    .map((each) => ({ ...offer(each), items: (forms[String(each["to"])]?.fields ?? []).map((one) => ({ path: `${String(each["name"])}.${one.name}`, title: one.title ?? one.name, type: one.type })) }));
  const rows = fields.filter((each) => each["type"] === "lines").map((each) => ({ ...offer(each), items: (Array.isArray(each["fields"]) ? each["fields"] : []).filter(isNode).map((one) => ({ ...offer(one), path: `${String(each["name"])}.${String(one["name"])}` })) }));
  return { own: fields.map(offer), linked, rows };
}
