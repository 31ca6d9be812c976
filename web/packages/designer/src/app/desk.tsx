import { go, languageName, usePlace, useSpeech } from "@lowcode/kit";
import { Dragging } from "@lowcode/runtime/dragging";
import { Segmented } from "antd";
import { useEffect, useMemo } from "react";
import { DesignContext, findingsOf, type Design } from "../design";
import { placed } from "../named";
import { spokenIn } from "../titles";
import { at, insert, move, pathOf, pointerOf, put, remove, same, type Node, type Path } from "../tree";
import { Head, useKeys, useWork } from "../work";
import { MenuCanvas, MenuInspector, MenuSides } from "./menus";
import type { AppPalette } from "./page";
import { blocksOf, droppedRole, partAt, PARTS, PART_WORDS, partOf, placeOf, renamedRole, rolesOf, showing, zones, type Part } from "./parts";
import { CalendarsOfApp, General, Homes, RolesOfApp } from "./settings";

interface Props {
  /** The document of the app as its text, and the same understood. */
  base: string;
  begun: Node;
  palette: AppPalette;
  reopen: () => void;
}

/** The desk of the app as a whole: its menus, with what may stand in them on the left; and its other parts. */
export function AppDesk({ base, begun, palette, reopen }: Props) {
  const { w, t, locale } = useSpeech();
  const work = useWork("app.json", base, begun, "app.check_document");
  const { document, chosen, act, findings } = work;
  const blocks = useMemo(() => blocksOf(document), [document]);
  const languages = Array.isArray(document["languages"]) ? document["languages"].map(String) : palette.languages;
  const known = useMemo(() => named(document, palette, locale), [document, palette, locale]);
  const part = partAt(usePlace().path[1]);
  // What is chosen elsewhere, such as what is wrong there, leads to its part; a part that is come to chooses of itself.
  useEffect(() => {
    if (chosen !== null && partOf(chosen) !== part) go(placed(placeOf(partOf(chosen))));
  }, [chosen]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (partOf(chosen) !== part) act({ type: "choose", chosen: [PARTS[part][0] ?? "title"] });
  }, [part]); // eslint-disable-line react-hooks/exhaustive-deps
  const changed = (next: Node, what: string, way?: Path | null) => act({ type: "change", document: next, what, chosen: way });
  const add = (list: Path, index: number, item: Node) => changed(insert(document, list, index, item), "", [...list, index]);
  const shift = (from: Path, list: Path, index: number) => {
    const fits = from.length === 2 ? same(list, from.slice(0, 1)) : list[list.length - 1] === "items";
    const moved = fits && index >= 0 ? move(document, from, list, index) : null;
    if (moved) changed(moved.whole, "", moved.path);
  };
  const drop = (way: Path) => {
    changed(way[0] === "roles" ? droppedRole(document, way) : remove(document, way), "", way[0] === "menus" ? null : [way[0]!]);
  };
  const putThing = (id: string, list: Path, index: number) => {
    if (id === "menu") {
      if (list.length === 1) add(list, index, { title: spokenIn({ "zh-CN": "新菜单", en: "New menu" }, languages), items: [] });
    } else if (list.length > 1) add(list, index, showing({}, id));
    else changed(insert(document, list, index, { title: spokenIn({ "zh-CN": "新菜单", en: "New menu" }, languages), items: [showing({}, id)] }), "", [...list, index]);
  };
  const dropped = (id: string, place: string) => {
    const found = /^gap:(.*)#(\d+)$/.exec(place);
    if (!found) return;
    const [list, index] = [pathOf(found[1]!), Number(found[2])];
    if (id.startsWith("new:")) putThing(id.slice(4), list, index);
    else shift(pathOf(id.slice(5)), list, index);
  };
  /** Behind the chosen item; into the chosen menu, else the last. */
  const press = (id: string) => {
    const menus = Array.isArray(document["menus"]) ? document["menus"] : [];
    if (id === "new:menu" || menus.length === 0) return putThing(id.slice(4), ["menus"], menus.length);
    const menu = chosen?.[0] === "menus" && typeof chosen[1] === "number" ? chosen[1] : menus.length - 1;
    const items = at(document, ["menus", menu, "items"]);
    putThing(id.slice(4), ["menus", menu, "items"], chosen && chosen.length > 2 ? (chosen[3] as number) + 1 : Array.isArray(items) ? items.length : 0);
  };
  const keys = useKeys(act, ".lc-form-canvas", (event) => {
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (!chosen || chosen.length < 2) return;
    const [list, place] = [chosen.slice(0, -1), chosen[chosen.length - 1] as number];
    if (event.key === "Delete" || event.key === "Backspace") return does(() => drop(chosen));
    if (event.altKey && event.key === "ArrowUp") return does(() => shift(chosen, list, place - 1));
    if (event.altKey && event.key === "ArrowDown") return does(() => shift(chosen, list, place + 2));
  });
  const design: Design = {
    name: "app", document, palette: known, offers: { own: [], linked: [], rows: [] }, findings, blocks, chosen: chosen && at(document, chosen) !== undefined ? chosen : null, language: locale, languages,
    choose: (way) => act({ type: "choose", chosen: way }),
    change: (way, value) => changed(put(document, way, value), pointerOf(way)),
    add, shift, drop,
    upload: () => Promise.reject(new Error("the settings of an app have no pictures")),
  };
  const rename = (way: Path, to: string) => changed(renamedRole(document, way, to), pointerOf([...way, "name"]), way);
  return (
    <DesignContext value={design}>
      <div className="lc-designer" onKeyDown={keys}>
        <Head work={work} title={`${t("designApp")} · ${w(document["title"] as string) || String(document["name"])}`} back={{ place: "design", words: "design" }} blocks={[...blocks, ["calendar"]]} reopen={reopen} />
        <nav className="lc-form-parts" aria-label={t("appPartsOf")}>
          <Segmented value={part} options={(Object.keys(PARTS) as Part[]).map((value) => ({ value, label: <span className={findings.some((each) => each.pointer !== "" && partOf(pathOf(each.pointer)) === value) ? "lc-design-wrong" : undefined}>{t(PART_WORDS[value])}</span> }))} onChange={(next) => go(placed(placeOf(next)))} />
        </nav>
        {part === "menus" ? (
          <Dragging onMove={dropped}>
            <div className="lc-design-desk">
              <aside className="lc-design-left" aria-label={t("appMenus")}><MenuSides press={press} /></aside>
              <div className="lc-design-canvas lc-form-canvas"><MenuCanvas /></div>
              <aside className="lc-design-right"><MenuInspector /></aside>
            </div>
          </Dragging>
        ) : (
          <div className="lc-form-settings">
            <div>
              <Apart part={part} />
              {part === "roles" && <RolesOfApp written={begun} rename={rename} />}
              {part === "home" && <Homes />}
              {part === "calendars" && <CalendarsOfApp />}
              {part === "general" && <General />}
            </div>
          </div>
        )}
      </div>
    </DesignContext>
  );

  /** What is wrong with the part and beside none of its items. */
  function Apart({ part }: { part: Part }) {
    const rest = (part === "calendars" ? findings : findingsOf(design, null)).filter((each) => each.pointer !== "" && partOf(pathOf(each.pointer)) === part);
    return rest.length > 0 ? <ul className="lc-design-findings">{rest.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul> : null;
  }
}

/** What options may name: the roles as they are designed, languages, zones and currencies as the browser calls them. */
function named(document: Node, palette: AppPalette, locale: string): AppPalette {
  const every = rolesOf(document);
  const currency = new Intl.DisplayNames(locale, { type: "currency" });
  const languages = [...new Set(["zh-CN", "en", ...palette.languages])];
  const names = {
    role: every, roles: every, languages: languages.map((value) => ({ value, title: languageName(value) })),
    zone: zones(), currency: Intl.supportedValuesOf("currency").map((value) => ({ value, title: `${value} ${currency.of(value) ?? ""}` })),
  };
  return { ...palette, roles: every.map((each) => each.value), languages, names };
}
