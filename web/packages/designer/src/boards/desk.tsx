import { DesktopOutlined, MobileOutlined, PlusOutlined } from "@ant-design/icons";
import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import type { BoardFilter, Dashboard } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Filters } from "@lowcode/runtime/dashboards/filters";
import { settled } from "@lowcode/runtime/dashboards/grid";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Segmented } from "antd";
import { useEffect, useMemo, useState } from "react";
import { DesignContext, type Design, type Offers, type Palette } from "../design";
import type { Begun } from "../opened";
import { spokenIn } from "../titles";
import { insert, move, pointerOf, put, same, type Json, type Node, type Path } from "../tree";
import { Head, useKeys, useRested, useWork } from "../work";
import { asked, below, drawnBy, filtersOf, reportOf, sizeOf, sortOf, tilesOf, withoutFilter, withTiles, type Offered, type Placed } from "./board";
import { BoardCanvas, BoardOnPhone } from "./canvas";
import { filterTitle } from "./filters";
import { BoardInspector, writtenOption } from "./inspector";
import { BoardSides, type Added } from "./sides";

export interface BoardPalette extends Pick<Palette, "schema" | "words" | "roles" | "languages" | "functions"> {
  reports: Offered[];
}

const NO_OFFERS: Offers = { own: [], linked: [], rows: [] };
const PAUSE = 300;

/** The desk of a board that everybody has: its grid with the numbers there are, what may stand on it, and what it says. */
export function BoardDesk({ name, path, base, begun, palette, reopen }: Begun<BoardPalette>) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const narrow = useNarrow();
  const work = useWork(path, base, begun, "reports.check_board");
  const { document, chosen, act, findings } = work;
  const [view, setView] = useState<"grid" | "phone">("grid");
  const [dragged, setDragged] = useState<Added | null>(null);
  const [sheet, setSheet] = useState<"add" | "options" | null>(null);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const offered = useMemo(() => new Map(palette.reports.map((each) => [each.name, each])), [palette]);
  const { drawn, failed } = useDrawn(document, offered, values);
  const titled = (each: Offered) => ({ value: each.name, title: each.title as string });
  const known = useMemo<Palette>(() => {
    const roles = palette.roles.map((value) => ({ value, title: app.roles?.find((each) => each.name === value)?.title ?? value }));
    return { ...palette, kinds: [], variables: [], pictures: [], outputs: [], reports: palette.reports.map((each) => each.name), names: { role: roles, roles, report: palette.reports.map(titled) } };
  }, [palette, app]);
  const blocks = useMemo<Path[]>(() => ["tiles", "filters"].flatMap((list) => (Array.isArray(document[list]) ? document[list].map((_, index) => [list, index]) : [])), [document]);
  const changed = (next: Node, what = "", way?: Path | null) => act({ type: "change", document: next, what, ...(way === undefined ? {} : { chosen: way }) });
  const nameOf = ({ tile }: Placed): string => {
    const sort = sortOf(tile);
    if (sort === "heading") return w(tile["heading"] as string) || t("boardHeading");
    if (sort === "text") return t("boardText");
    return w(tile["title"] as string) || w(offered.get(reportOf(tile))?.title as string) || reportOf(tile);
  };
  const place = (tiles: Placed[]) => {
    const now = tilesOf(document).find((each) => chosen !== null && same(each.path, chosen));
    const index = tiles.findIndex((each) => each.i === now?.i);
    changed(withTiles(document, tiles), "", chosen?.[0] === "tiles" ? (index < 0 ? null : ["tiles", index]) : undefined);
  };
  const made = ({ sort, report }: Added): Node => (sort === "report" ? { report: report! } : sort === "heading" ? { heading: spokenIn({ "zh-CN": "小标题", en: "Heading" }, palette.languages) } : { text: spokenIn({ "zh-CN": "", en: "" }, palette.languages) });
  const added = (what: Added, at: { x: number; y: number }, lying: Placed[]) => {
    const size = sizeOf(what.sort, offered.get(what.report ?? "")?.chart);
    const put = { i: "new", x: Math.min(at.x, 12 - size.w), y: at.y, ...size, ...(what.sort === "report" ? {} : { least: 1 }), tile: made(what), path: [] };
    changed(withTiles(document, settled([...lying, put])), "", ["tiles", lying.length]);
    setDragged(null);
  };
  /** Beside the last one where there is room, else below. */
  const add = (what: Added) => {
    const tiles = tilesOf(document);
    const size = sizeOf(what.sort, offered.get(what.report ?? "")?.chart);
    const last = tiles.filter((each) => each.y + each.h === below(tiles)).sort((one, other) => other.x - one.x)[0];
    const right = last ? last.x + last.w : 12;
    added(what, right + size.w <= 12 && last ? { x: right, y: last.y } : { x: 0, y: below(tiles) }, tiles);
    setSheet(null);
  };
  const drop = (way: Path) => changed(way[0] === "filters" ? withoutFilter(document, way[1] as number) : put(document, way, undefined), "", null);
  const keys = useKeys(act, ".lc-board-canvas", (pressed) => {
    if (!chosen || chosen[0] !== "tiles" || (pressed.key !== "Delete" && pressed.key !== "Backspace")) return;
    pressed.preventDefault();
    drop(chosen);
  });
  const design: Design = {
    name, document, palette: known, offers: NO_OFFERS, findings, blocks, chosen, language: locale, languages: palette.languages, own: writtenOption,
    choose: (way) => {
      act({ type: "choose", chosen: way });
      if (narrow && way === null) setSheet("options");
    },
    change: (way, value: Json | undefined) => changed(put(document, way, value), pointerOf(way)),
    add: (list, index, item) => changed(insert(document, list, index, item), "", [...list, index]),
    shift: (from, list, index) => {
      const moved = move(document, from, list, index);
      if (moved && index >= 0) changed(moved.whole, "", moved.path);
    },
    drop,
    upload: () => Promise.reject(new Error("a board has no pictures")),
  };
  const shownFilters = filtersOf(document).map<BoardFilter>((each) => ({ name: String(each["name"]), title: filterTitle(each, w, t), type: each["type"] as BoardFilter["type"], options: Array.isArray(each["options"]) ? (each["options"] as never) : [], value: each["default"] ?? null }));
  const above = (
    <>
      {failed && <Alert type="warning" banner title={failed} />}
      <div className="lc-board-head">
        {shownFilters.length > 0 && <Filters filters={shownFilters} values={values} change={setValues} />}
        <span className="lc-grow" />
        {!narrow && <Segmented aria-label={t("designView")} value={view} onChange={setView} options={[{ value: "grid", icon: <DesktopOutlined />, label: t("boardOnDesk") }, { value: "phone", icon: <MobileOutlined />, label: t("boardOnPhone") }]} />}
      </div>
    </>
  );
  const sides = <BoardSides offered={palette.reports} add={add} drag={narrow || view === "phone" ? undefined : setDragged} />;
  const inspector = <BoardInspector offered={offered} nameOf={nameOf} put={place} take={(next, way) => changed(next, "", way)} />;
  const onPhone = <BoardOnPhone nameOf={nameOf} drawn={drawn} />;
  const close = () => (act({ type: "choose", chosen: null }), setSheet(null));
  const apart = (event: { target: unknown; currentTarget: unknown }) => event.target === event.currentTarget && act({ type: "choose", chosen: null });
  return (
    <DesignContext value={design}>
      <div className={`lc-designer lc-board-designer${narrow ? " lc-table-phone" : ""}`} onKeyDown={keys}>
        <Head work={work} title={w(document["title"] as string) || name} back={{ place: "boards/design", words: "designBoards" }} blocks={blocks} reopen={reopen} />
        {narrow ? (
          <div className="lc-table-phone-body">
            <div className="lc-table-tools">
              <Button size="small" icon={<PlusOutlined />} onClick={() => setSheet("add")}>{t("add")}</Button>
              <Button size="small" onClick={() => (act({ type: "choose", chosen: null }), setSheet("options"))}>{t("boardAbout")}</Button>
            </div>
            {above}
            <div className="lc-board-canvas">{onPhone}</div>
            <Drawer open={sheet !== null || chosen !== null} placement="bottom" size="70%" closable={{ placement: "end" }} title={t(sheet === "add" ? "boardAdd" : "ruleOptions")} onClose={close} rootClassName="lc-flow-drawer" destroyOnHidden>{sheet === "add" ? sides : inspector}</Drawer>
          </div>
        ) : (
          <div className="lc-design-desk lc-board-desk">
            <aside className="lc-design-left" aria-label={t("boardAdd")}>{sides}</aside>
            <div className="lc-design-canvas lc-board-canvas lc-board-editor" onClick={apart}>
              {above}
              {view === "grid" ? <BoardCanvas nameOf={nameOf} offered={offered} drawn={drawn} put={place} dragged={dragged} drop={added} /> : <div className="lc-board-phone" aria-label={t("boardOnPhone")}><h2>{w(document["title"] as string) || name}</h2>{onPhone}</div>}
            </div>
            <aside className="lc-design-right">{inspector}</aside>
          </div>
        )}
      </div>
    </DesignContext>
  );
}

/** What the server draws of the tiles, by what decides it; why not, where it cannot. */
function useDrawn(document: Node, offered: ReadonlyMap<string, Offered>, values: Record<string, unknown>) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const rested = useRested(document, PAUSE);
  const whole = useMemo(() => asked(rested, new Set(offered.keys())), [rested, offered]);
  const [known, setKnown] = useState<ReadonlyMap<string, Dashboard["tiles"][number]>>();
  const wanted = { document: whole, filters: values };
  const query = useQuery({ queryKey: ["records", "board-try", speech.locale, wanted], queryFn: ({ signal }) => client.run<Dashboard>("reports.try_board", wanted, { signal }), placeholderData: (before) => before, gcTime: 30_000, retry: false });
  useEffect(() => {
    if (!query.data || query.isPlaceholderData) return;
    setKnown(new Map(query.data.tiles.map((each) => [drawnBy({ report: each.report ?? "", filters: (each.follows ?? {}) as Json }), each])));
  }, [query.data, query.isPlaceholderData]);
  return { drawn: known, failed: query.error ? brief(query.error, speech) : null };
}
