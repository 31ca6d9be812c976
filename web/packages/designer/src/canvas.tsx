import { CloseOutlined, HolderOutlined, PlusOutlined, WarningFilled } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useMovable, usePlaceFor } from "@lowcode/runtime/dragging";
import { Button, Dropdown } from "antd";
import { useEffect, useRef } from "react";
import { findingsOf, optionWords, useDesign } from "./design";
import { BlockFace } from "./faces";
import { placesOf, zonesOf, zonesToAdd } from "./schema";
import { at, isNode, pointerOf, same, type Json, type Node, type Path } from "./tree";

/** The paper as its tree of blocks: zones of the page, blocks, and blocks in blocks, each a place to drop something. */
export function Canvas() {
  const { document, palette, change, choose } = useDesign();
  const { t, w } = useSpeech();
  const zones = zonesOf(document, palette.schema);
  const more = zonesToAdd(document, palette.schema);
  const page = document["page"];
  const wide = isNode(page) && page["landscape"] === true;
  return (
    <div className={wide ? "lc-design-sheet lc-design-wide" : "lc-design-sheet"} onClick={(event) => event.target === event.currentTarget && choose(null)}>
      {zones.map(({ path, name, own }) => (
        <section key={name} className={name === "body" ? "lc-design-zone lc-design-body" : "lc-design-zone"} aria-label={w(optionWords(palette, name))}>
          <header>
            <button type="button" className="lc-design-zone-name" onClick={() => choose(null)}>{w(optionWords(palette, name))}</button>
            {own && <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t("designTakeAway", { name: w(optionWords(palette, name)) })} onClick={() => change(path, undefined)} />}
          </header>
          <Blocks list={path} />
        </section>
      ))}
      {more.length > 0 && (
        <Dropdown autoFocus trigger={["click"]} menu={{ items: more.map((name) => ({ key: name, label: w(optionWords(palette, name)), onClick: () => change(["page", name], []) })) }}>
          <Button size="small" type="dashed" icon={<PlusOutlined />}>
            {t("designMoreZones")}
          </Button>
        </Dropdown>
      )}
    </div>
  );
}

function Blocks({ list }: { list: Path }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  const found = at(document, list);
  const blocks: Json[] = Array.isArray(found) ? found : [];
  return (
    <div className="lc-design-blocks">
      <Gap list={list} index={0} empty={blocks.length === 0 ? t("designDropHere") : undefined} />
      {blocks.map((block, index) =>
        isNode(block) ? (
          <div key={index}>
            <Framed block={block} path={[...list, index]} />
            <Gap list={list} index={index + 1} />
          </div>
        ) : null,
      )}
    </div>
  );
}

export const gapId = (list: Path, index: number): string => `gap:${pointerOf(list)}#${index}`;
export const blockId = (path: Path): string => `block:${pointerOf(path)}`;

function Gap({ list, index, empty }: { list: Path; index: number; empty?: string }) {
  const { t } = useSpeech();
  const { ref, over } = usePlaceFor(gapId(list, index), t("designNumbered", { number: index + 1 }), false);
  return (
    <div className={`lc-design-gap${over ? " lc-design-gap-over" : ""}${empty ? " lc-design-gap-empty" : ""}`}>
      <div ref={ref} className="lc-design-gap-place" />
      {empty && <span>{empty}</span>}
    </div>
  );
}

function Framed({ block, path }: { block: Node; path: Path }) {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { chosen, choose, palette } = design;
  const type = String(block["type"]);
  const title = w(palette.kinds.find((each) => each.name === type)?.title) || type;
  const { ref, handle, moving } = useMovable(blockId(path), title, false);
  const on = chosen !== null && same(chosen, path);
  const wrong = findingsOf(design, path);
  const places = placesOf(block, palette.schema);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    if (on && frame.current && !frame.current.contains(window.document.activeElement) && window.document.activeElement?.closest(".lc-design-canvas")) frame.current.focus();
    if (on) frame.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  const when = typeof block["when"] === "string" && block["when"] !== "" ? block["when"] : null;
  return (
    <section
      ref={(found) => {
        frame.current = found;
        ref(found);
      }}
      tabIndex={0}
      data-block={pointerOf(path)}
      data-type={type}
      aria-label={wrong.length > 0 ? `${title}: ${wrong[0]!.message}` : title}
      aria-current={on || undefined}
      className={`lc-design-block${on ? " lc-design-chosen" : ""}${moving ? " lc-design-moving" : ""}${wrong.length > 0 ? " lc-design-faulty" : ""}${places.length > 0 ? " lc-design-holder" : ""}`}
      onClick={(event) => (event.stopPropagation(), choose(path))}
      onFocus={(event) => event.target === event.currentTarget && !on && choose(path)}
    >
      <div className="lc-design-tab">
        <button type="button" ref={handle} className="lc-design-grip" aria-label={t("designMove", { name: title })} tabIndex={-1}>
          <HolderOutlined />
        </button>
        <span>{title}</span>
        {when !== null && (
          <code title={t("designWhen")}>{when}</code>
        )}
        {wrong.length > 0 && <WarningFilled className="lc-design-flag" title={wrong.map((each) => each.message).join("\n")} />}
      </div>
      {places.length === 0 ? <BlockFace block={block} path={path} /> : <Held block={block} path={path} places={places} />}
    </section>
  );
}

/** What is in a block: side by side where it says so, else one below the other under the name of the part. */
function Held({ block, path, places }: { block: Node; path: Path; places: { path: Path; name: string }[] }) {
  const { palette } = useDesign();
  const { w } = useSpeech();
  const beside = places.length > 0 && places.every((each) => each.path.length === 2);
  const shares = Array.isArray(block["widths"]) ? block["widths"] : [];
  const rows = typeof block["rows"] === "string" ? block["rows"] : null;
  const face = block["type"] === "place";
  return (
    <>
      {face && <BlockFace block={block} path={path} />}
      {rows !== null && <code className="lc-design-name">{rows}</code>}
      <div className={beside ? "lc-design-beside" : undefined} style={beside ? { gridTemplateColumns: places.map((_, index) => `minmax(0, ${typeof shares[index] === "number" ? shares[index] : 1}fr)`).join(" ") } : undefined}>
        {places.map((each) => (
          <div key={pointerOf(each.path)} className="lc-design-inner">
            {!beside && places.length > 1 && <div className="lc-design-name">{w(optionWords(palette, each.name))}</div>}
            <Blocks list={[...path, ...each.path]} />
          </div>
        ))}
      </div>
    </>
  );
}
