import { CloseOutlined, ColumnWidthOutlined, ShrinkOutlined } from "@ant-design/icons";
import { Nothing, Sketch, useSpeech } from "@lowcode/kit";
import type { Tile } from "@lowcode/protocol";
import { BoardGrid, settled } from "@lowcode/runtime/dashboards/grid";
import { moved } from "@lowcode/runtime/dashboards/moving";
import { inOrder, leftOver } from "@lowcode/runtime/dashboards/places";
import { ResultView } from "@lowcode/runtime/dashboards/result";
import { kindOf, TileView, Words } from "@lowcode/runtime/dashboards/tile";
import { Button, Spin } from "antd";
import { useDesign } from "../design";
import { pathOf, same, within, type Path } from "../tree";
import { drawnBy, reportOf, sizeOf, sortOf, tilesOf, type Offered, type Placed } from "./board";
import type { Added } from "./sides";

interface Props {
  nameOf: (tile: Placed) => string;
  offered: ReadonlyMap<string, Offered>;
  /** What the server drew, by what decides it; undefined while it was not asked yet. */
  drawn: ReadonlyMap<string, Tile> | undefined;
  put: (tiles: Placed[]) => void;
  dragged: Added | null;
  drop: (added: Added, at: { x: number; y: number }, tiles: Placed[]) => void;
}

/** About as wide as a board is on a desk: numbers and labels break as they will there. */
const DRAWN = 1000;

/** The grid with the tiles as everybody will see them, and with the numbers there are. */
export function BoardCanvas({ nameOf, offered, drawn, put, dragged, drop }: Props) {
  const { document, chosen, findings, choose } = useDesign();
  const { t } = useSpeech();
  const tiles = tilesOf(document);
  const resized = (tile: Placed, key: string) => put(settled(moved(tiles, tile.i, key, true) ?? tiles));
  const wrong = (path: Path) => findings.some((each) => within(pathOf(each.pointer), path));
  const now = tiles.find((each) => chosen && same(each.path, chosen));
  return (
    <>
      {tiles.length === 0 && <div className="lc-board-empty"><Nothing title={t("boardEmpty")} hint={t("boardEmptyHint")} /></div>}
      <BoardGrid
        tiles={tiles}
        put={put}
        nameOf={nameOf}
        least={DRAWN}
        chosen={now?.i ?? null}
        choose={(tile) => choose(tile.path)}
        inside={(tile) => <Inside tile={tile} drawn={drawn} offered={offered} />}
        said={({ tile, path }) => ({
          className: [sortOf(tile) === "heading" ? "lc-tile-low" : "", drawn?.get(drawnBy(tile))?.result?.chart?.type === "kpi" ? "lc-tile-kpi" : "", wrong(path) ? "lc-tile-wrong" : ""].join(" "),
          report: sortOf(tile) === "report" ? String(tile["report"]) : undefined,
        })}
        tools={(tile) => (
          <>
            <Button type="text" size="small" icon={<ShrinkOutlined />} aria-label={t("narrowerTile", { name: nameOf(tile) })} onClick={() => resized(tile, "ArrowLeft")} />
            <Button type="text" size="small" icon={<ColumnWidthOutlined />} aria-label={t("widerTile", { name: nameOf(tile) })} onClick={() => resized(tile, "ArrowRight")} />
            <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("removeTile", { name: nameOf(tile) })} onClick={(event) => (event.stopPropagation(), put(tiles.filter((each) => each.i !== tile.i)))} />
          </>
        )}
        drop={dragged ? { size: sizeOf(dragged.sort, offered.get(dragged.report ?? "")?.chart), dropped: (at, lying) => drop(dragged, at, lying) } : undefined}
      />
    </>
  );
}

function Inside({ tile: { tile }, drawn, offered }: { tile: Placed } & Pick<Props, "drawn" | "offered">) {
  const { t, w } = useSpeech();
  const sort = sortOf(tile);
  if (sort === "heading") return null;
  if (sort === "text") return <div className="lc-tile-body lc-tile-text"><Words text={w(tile["text"] as string) || t("boardTextHint")} /></div>;
  if (!offered.has(reportOf(tile))) return <div className="lc-tile-body"><Nothing small title={t("notShown")} hint={t("reportGone", { name: reportOf(tile) })} /></div>;
  const found = drawn?.get(drawnBy(tile));
  if (!found) return <div className="lc-tile-body">{drawn ? <Spin /> : null}</div>;
  return <div className="lc-tile-body">{found.result ? <ResultView result={{ ...found.result, drill: false, hierarchies: undefined }} /> : <Nothing small title={t("notShown")} hint={found.problem?.detail} />}</div>;
}

/** The board as a phone shows it: tiles below one another as they are read, numbers two in a row. */
export function BoardOnPhone({ nameOf, drawn }: Pick<Props, "nameOf" | "drawn">) {
  const { document, chosen, choose } = useDesign();
  const { t } = useSpeech();
  const shown = inOrder(tilesOf(document)).map((placed) => ({ placed, tile: shownAs(placed, drawn, nameOf(placed)) }));
  const single = leftOver(shown, (each) => kindOf(each.tile) === "kpi");
  if (shown.length === 0) return <Nothing title={t("boardEmpty")} hint={t("boardEmptyHint")} />;
  // How high a tile is, is known with what it shows.
  if (drawn === undefined) return <Sketch rows={24} />;
  return (
    <div className="lc-tiles lc-tiles-narrow">
      {shown.map((each) => (
        <div key={each.placed.i} className={`lc-tile-place lc-tile-place-${kindOf(each.tile)}${single.has(each) ? " lc-tile-place-single" : ""}${chosen && same(chosen, each.placed.path) ? " lc-tile-place-chosen" : ""}`} onClickCapture={(event) => (event.stopPropagation(), choose(each.placed.path))}>
          <TileView tile={each.tile} filters={{}} pressed={() => undefined} />
        </div>
      ))}
    </div>
  );
}

/** A tile as the page shows it. */
function shownAs({ tile, x, y, w, h }: Placed, drawn: Props["drawn"], name: string): Tile {
  const place = { x, y, w, h };
  const sort = sortOf(tile);
  if (sort === "heading") return { ...place, heading: tile["heading"] as string };
  if (sort === "text") return { ...place, text: tile["text"] as string };
  const found = drawn?.get(drawnBy(tile));
  return { ...place, report: String(tile["report"]), title: name, ...(found?.result && { result: { ...found.result, drill: false } }), ...(found?.problem && { problem: found.problem }) };
}
