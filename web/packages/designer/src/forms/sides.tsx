import { useSpeech, type TextKey } from "@lowcode/kit";
import { useMovable } from "@lowcode/runtime/dragging";
import { Tabs } from "antd";
import { useDesign } from "../design";
import type { Node } from "../tree";
import { unplaced } from "./fields";

/** What stands on a form besides fields. */
export const PARTS: Record<string, Node> = {
  section: { section: { "zh-CN": "新分组", en: "New section" }, columns: 2, fields: [] },
  tab: { tab: { "zh-CN": "新页签", en: "New tab" }, sections: [{ columns: 2, fields: [] }] },
  divider: { divider: { "zh-CN": "分隔线", en: "Divider" } },
  notice: { notice: { "zh-CN": "提示文字", en: "Words for whoever fills it in" } },
};
export const PART_WORDS: Record<string, TextKey> = { section: "formSection", tab: "formTab", divider: "formDivider", notice: "formNotice" };

/** What may be put on the form: kinds of fields, parts, and fields that are shown nowhere. */
export function FormSides({ press }: { press: (id: string) => void }) {
  const { document } = useDesign();
  const { t } = useSpeech();
  const left = unplaced(document);
  return (
    <Tabs
      size="small"
      className="lc-design-sides"
      items={[
        { key: "kinds", label: t("designFields"), children: <Kinds press={press} /> },
        { key: "left", label: `${t("formUnplaced")}${left.length > 0 ? ` ${left.length}` : ""}`, children: <Unplaced press={press} /> },
      ]}
    />
  );
}

function Kinds({ press }: { press: (id: string) => void }) {
  const { palette } = useDesign();
  const { w, t } = useSpeech();
  const groups = [...new Set([...Object.keys(palette.words.groups), ...palette.kinds.map((each) => each.group)])];
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("formPaletteHint")}</p>
      <section>
        <h2>{t("formParts")}</h2>
        {Object.keys(PARTS).map((name) => <Movable key={name} id={`part:${name}`} title={t(PART_WORDS[name]!)} press={press} />)}
      </section>
      {groups.map((group) => {
        const own = palette.kinds.filter((each) => each.group === group);
        return own.length === 0 ? null : (
          <section key={group}>
            <h2>{w(palette.words.groups[group]) || group}</h2>
            {own.map((kind) => <Movable key={kind.name} id={`new:${kind.name}`} title={w(kind.title)} press={press} />)}
          </section>
        );
      })}
    </div>
  );
}

function Unplaced({ press }: { press: (id: string) => void }) {
  const { document } = useDesign();
  const { w, t } = useSpeech();
  const left = unplaced(document);
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t(left.length === 0 ? "formAllPlaced" : "formUnplacedHint")}</p>
      {left.map(({ name, field }) => <Movable key={name} id={`field:${name}`} title={w(field["title"] as string) || name} press={press} />)}
    </div>
  );
}

function Movable({ id, title, press }: { id: string; title: string; press: (id: string) => void }) {
  const { ref, moving } = useMovable(id, title, false);
  return (
    <button type="button" ref={ref} data-put={id} className={moving ? "lc-design-kind lc-design-moving" : "lc-design-kind"} onClick={() => press(id)} onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), press(id))}>
      {title}
    </button>
  );
}
