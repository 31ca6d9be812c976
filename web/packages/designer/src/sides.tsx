import { useSpeech } from "@lowcode/kit";
import { useMovable } from "@lowcode/runtime/dragging";
import { Tabs } from "antd";
import { findingsOf, optionWords, useDesign, type Kind } from "./design";
import { at, isNode, pointerOf, same, type Path } from "./tree";
import { placesOf, zonesOf } from "./schema";

/** What may be put on the paper, and what is on it. */
export function Sides({ put }: { put: (kind: Kind) => void }) {
  const { t } = useSpeech();
  return (
    <Tabs
      size="small"
      className="lc-design-sides"
      items={[
        { key: "blocks", label: t("designBlocks"), children: <Kinds put={put} /> },
        { key: "outline", label: t("designOutline"), children: <Outline /> },
      ]}
    />
  );
}

function Kinds({ put }: { put: (kind: Kind) => void }) {
  const { palette } = useDesign();
  const { w, t } = useSpeech();
  const kinds = palette.kinds.filter((each) => !each.whole);
  const groups = [...new Set([...Object.keys(palette.words.groups), ...kinds.map((each) => each.group)])];
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("designPaletteHint")}</p>
      {groups.map((group) => {
        const own = kinds.filter((each) => each.group === group);
        if (own.length === 0) return null;
        return (
          <section key={group}>
            <h2>{w(palette.words.groups[group]) || group}</h2>
            {own.map((kind) => (
              <KindButton key={kind.name} kind={kind} put={put} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

function KindButton({ kind, put }: { kind: Kind; put: (kind: Kind) => void }) {
  const { w } = useSpeech();
  const { ref, moving } = useMovable(`new:${kind.name}`, w(kind.title), false);
  return (
    <button type="button" ref={ref} data-kind={kind.name} className={moving ? "lc-design-kind lc-design-moving" : "lc-design-kind"} onClick={() => put(kind)} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), put(kind))}>
      {w(kind.title)}
    </button>
  );
}

function Outline() {
  const { document, palette } = useDesign();
  const { w } = useSpeech();
  return (
    <nav className="lc-design-outline">
      {zonesOf(document, palette.schema).map(({ path, name }) => (
        <section key={name}>
          <h2>{w(optionWords(palette, name))}</h2>
          <Lines list={path} />
        </section>
      ))}
    </nav>
  );
}

function Lines({ list }: { list: Path }) {
  const design = useDesign();
  const { document, palette, chosen, choose } = design;
  const { w } = useSpeech();
  const found = at(document, list);
  if (!Array.isArray(found) || found.length === 0) return null;
  const brief = (value: unknown) => (typeof value === "string" ? value : isNode(value) ? w(value as Record<string, string>) : "");
  return (
    <ul>
      {found.map((block, index) => {
        if (!isNode(block)) return null;
        const path = [...list, index];
        const type = String(block["type"]);
        const title = w(palette.kinds.find((each) => each.name === type)?.title) || type;
        const said = brief(block["text"] ?? block["rows"] ?? block["file"] ?? block["report"] ?? block["when"]).slice(0, 40);
        return (
          <li key={index}>
            <button type="button" aria-current={(chosen !== null && same(chosen, path)) || undefined} className={findingsOf(design, path).length > 0 ? "lc-design-wrong" : undefined} onClick={() => choose(path)}>
              {title} <span className="lc-quiet">{said}</span>
            </button>
            {placesOf(block, palette.schema).map((place) => (
              <Lines key={pointerOf(place.path)} list={[...path, ...place.path]} />
            ))}
          </li>
        );
      })}
    </ul>
  );
}
