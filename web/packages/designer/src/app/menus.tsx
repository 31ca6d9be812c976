import { CheckOutlined, DeleteOutlined } from "@ant-design/icons";
import { Icon, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useMovable } from "@lowcode/runtime/dragging";
import { Button } from "antd";
import { Options } from "../controls";
import { findingsOf, optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { Framed, Gap } from "../forms/canvas";
import { Roles } from "../forms/settings/picks";
import { resolved } from "../schema";
import { at, isNode, pointerOf, type Node, type Path } from "../tree";
import type { AppPalette } from "./page";
import { inMenus, shownBy } from "./parts";
import { IconChoice, Shown, useShown } from "./shown";

/** What may stand in a menu, and what stands in one already. */
export function MenuSides({ press }: { press: (id: string) => void }) {
  const { document, palette } = useDesign();
  const { t } = useSpeech();
  const { own } = palette as AppPalette;
  const there = inMenus(document);
  const titleOf = useShown();
  const listed = (what: "form" | "dashboard" | "report") => Object.keys(own[what]).map((name) => `${what}:${name}`).sort((one, other) => Number(there.has(one)) - Number(there.has(other)) || titleOf(one).localeCompare(titleOf(other)));
  const group = (title: string, items: string[]) => items.length > 0 && (
    <section>
      <h2>{title}</h2>
      {items.map((each) => <Taken key={each} id={`new:${each}`} title={each === "menu" ? t("appMenu") : titleOf(each)} there={there.has(each)} press={press} />)}
    </section>
  );
  return (
    <div className="lc-design-palette">
      <p className="lc-quiet">{t("appMenusHint")}</p>
      {group(t("appMenus"), ["menu", "tasks"])}
      {group(t("appForms"), listed("form"))}
      {group(t("appBoards"), listed("dashboard"))}
      {group(t("appReports"), listed("report"))}
    </div>
  );
}

function Taken({ id, title, there, press }: { id: string; title: string; there: boolean; press: (id: string) => void }) {
  const { ref, moving } = useMovable(id, title, false);
  return (
    <button type="button" ref={ref} className={`lc-design-kind${moving ? " lc-design-moving" : ""}`} data-thing={id.slice(4)} onClick={() => press(id)}>
      {title}{there && <> <CheckOutlined className="lc-quiet" /></>}
    </button>
  );
}

/** The menus as they will stand beside the page, each a place to drop on. */
export function MenuCanvas() {
  const { document, choose } = useDesign();
  const { t } = useSpeech();
  const menus = Array.isArray(document["menus"]) ? document["menus"] : [];
  return (
    <div className="lc-form-sheet lc-app-menus" onClick={(event) => event.target === event.currentTarget && choose(null)}>
      {menus.length === 0 && <p className="lc-quiet">{t("appMenusNone")}</p>}
      {menus.map((menu, index) => isNode(menu) && <div key={index}><Gap list={["menus"]} index={index} /><Menu menu={menu} path={["menus", index]} /></div>)}
      <Gap key={menus.length} list={["menus"]} index={menus.length} empty={`+ ${t("appMenu")}`} />
    </div>
  );
}

function Menu({ menu, path }: { menu: Node; path: Path }) {
  const { t } = useSpeech();
  const list = [...path, "items"];
  const items = Array.isArray(menu["items"]) ? menu["items"] : [];
  return (
    <Framed path={path} kind={t("appMenu")} title={menu["title"]} className="lc-form-section">
      <OfRoles item={menu} />
      {items.map((item, index) => isNode(item) && <div key={index}><Gap list={list} index={index} /><Item item={item} path={[...list, index]} /></div>)}
      <Gap key={items.length} list={list} index={items.length} empty={items.length === 0 ? t("appItemDrop") : undefined} />
    </Framed>
  );
}

function Item({ item, path }: { item: Node; path: Path }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const titleOf = useShown();
  const shown = shownBy(item);
  const title = w(item["title"] as string) || (shown ? titleOf(shown) : t("appItem"));
  const form = app.forms[String(item["form"])];
  return (
    <Framed path={path} kind={t("appItem")} name={title}>
      <div className="lc-app-item">
        <Icon name={(item["icon"] as string | undefined) ?? form?.icon} fallback={item["dashboard"] ? "dashboard" : item["report"] ? "chart" : item["tasks"] ? "check" : String(item["form"])} />
        <span>{title}</span>
        <OfRoles item={item} />
      </div>
    </Framed>
  );
}

/** Who alone sees it. */
function OfRoles({ item }: { item: Node }) {
  const { palette } = useDesign();
  const { w } = useSpeech();
  const roles = Array.isArray(item["roles"]) ? item["roles"].map(String) : [];
  const titles = roles.map((each) => w(palette.names?.["role"]?.find(({ value }) => value === each)?.title) || each);
  return titles.length > 0 ? <span className="lc-quiet lc-app-roles">{titles.join(w({ "zh-CN": "、", en: ", " }))}</span> : null;
}

/** What the chosen menu, or the chosen item, says. */
export function MenuInspector() {
  const design = useDesign();
  const { t, w } = useSpeech();
  const { chosen, document, palette, drop } = design;
  const thing = chosen?.[0] === "menus" && chosen.length > 1 ? at(document, chosen) : undefined;
  if (!chosen || !isNode(thing)) return <section className="lc-design-inspector" aria-label={t("appMenus")}><header><h2>{t("appMenus")}</h2></header><p className="lc-quiet">{t("appChoose")}</p></section>;
  const item = chosen.length > 2;
  const what = t(item ? "appItem" : "appMenu");
  const wrong = findingsOf(design, chosen);
  const schema = resolved({ $ref: "#/$defs/MenuDefinition" }, palette.schema);
  const own = resolved({ $ref: "#/$defs/MenuItem" }, palette.schema);
  return (
    <section className="lc-design-inspector" aria-label={what} key={pointerOf(chosen)}>
      <header>
        <h2>{what}</h2>
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: what })} title={t("designTakeAway", { name: what })} onClick={() => drop(chosen)} />
      </header>
      {wrong.length > 0 && <ul className="lc-design-findings">{wrong.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>}
      {item ? (
        <>
          <Shown path={chosen} reports />
          <Options schema={picked(own, ["title"])} path={chosen} />
          <p className="lc-quiet">{t("appTitleOwn")}</p>
          <IconChoice path={[...chosen, "icon"]} label={w(optionWords(palette, "icon"))} />
        </>
      ) : (
        <Options schema={picked(schema, ["title"])} path={chosen} />
      )}
      <Roles path={[...chosen, "roles"]} label={t("appSeenBy")} />
    </section>
  );
}
