import { HolderOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import ReactGridLayout, { useContainerWidth, verticalCompactor, type Layout, type LayoutItem } from "react-grid-layout";
import "react-grid-layout/css/styles.css";
import { COLUMNS, LEAST, moved, type Spot } from "./moving";

const ROW = 62;
const GAP = 14;

interface Props<Tile extends Spot> {
  tiles: Tile[];
  /** The tiles where somebody put them; called for nothing else. */
  put: (tiles: Tile[]) => void;
  nameOf: (tile: Tile) => string;
  /** What stands in a tile below its head, and at the end of its head. */
  inside: (tile: Tile) => ReactNode;
  tools: (tile: Tile) => ReactNode;
  /** What is said of a tile to whom it is drawn: its class and its report. */
  said: (tile: Tile) => { className: string; report?: string };
  chosen?: string | null;
  choose?: (tile: Tile) => void;
  /** What is dragged onto the grid from beside it: its size, and what is done with it where it is let go. */
  drop?: { size: { w: number; h: number }; dropped: (at: { x: number; y: number }, tiles: Tile[]) => void };
}

/** The tiles as they come to lie when nothing holds them: each as high up as it can be. */
export function settled<Tile extends Spot>(tiles: Tile[]): Tile[] {
  return placed(tiles, verticalCompactor.compact(tiles.map(itemOf), COLUMNS));
}

const itemOf = <Tile extends Spot>({ i, x, y, w, h, least = LEAST }: Tile): LayoutItem => ({ i, x, y, w, h, minW: LEAST, minH: least });

function placed<Tile extends Spot>(tiles: Tile[], layout: Layout): Tile[] {
  const places = new Map(layout.map((each) => [each.i, each]));
  return tiles.map((tile) => {
    const at = places.get(tile.i);
    return at && (at.x !== tile.x || at.y !== tile.y || at.w !== tile.w || at.h !== tile.h) ? { ...tile, x: at.x, y: at.y, w: at.w, h: at.h } : tile;
  });
}

/** The grid of a board while it is made: tiles are dragged, made larger and smaller; all of it by keyboard, too. */
export function BoardGrid<Tile extends Spot>({ tiles, put, nameOf, inside, tools, said, chosen, choose, drop }: Props<Tile>) {
  const { t } = useSpeech();
  const { width, containerRef, mounted } = useContainerWidth();
  const how = useId();
  /** The tile that was moved by key: where it stands is told. */
  const [held, setHeld] = useState("");
  const stopped = (layout: Layout) => {
    const next = placed(tiles, layout);
    if (next.some((tile, place) => tile !== tiles[place])) put(next);
  };
  const keys = (tile: Tile) => (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = moved(tiles, tile.i, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    setHeld(tile.i);
    put(settled(next));
  };
  const told = tiles.find((each) => each.i === held);
  return (
    <>
      <p id={how} className="lc-quiet lc-board-how">
        {t("moveTileHow")}
      </p>
      <span className="lc-hidden" role="status">
        {told && t("tileStands", { name: nameOf(told), column: told.x + 1, row: told.y + 1, wide: told.w, high: told.h })}
      </span>
      <div ref={containerRef} className="lc-board-grid">
        {mounted && (
          <ReactGridLayout
            width={width}
            layout={tiles.map(itemOf)}
            gridConfig={{ cols: COLUMNS, rowHeight: ROW, margin: [GAP, GAP], containerPadding: [0, 0] }}
            dragConfig={{ enabled: true, handle: ".lc-tile > header", cancel: "button:not(.lc-handle), input, textarea, a" }}
            dropConfig={drop ? { enabled: true, defaultItem: drop.size } : undefined}
            onDragStop={stopped}
            onResizeStop={stopped}
            onDrop={(layout, item) => item && drop?.dropped({ x: item.x, y: item.y }, placed(tiles, layout))}
          >
            {tiles.map((tile) => {
              const { className, report } = said(tile);
              return (
                <div key={tile.i}>
                  <section className={`lc-tile ${className}${chosen === tile.i ? " lc-tile-chosen" : ""}`} aria-label={nameOf(tile)} data-report={report} onClick={choose && (() => choose(tile))}>
                    <header>
                      <button type="button" className="lc-handle" aria-label={t("moveTile", { name: nameOf(tile) })} aria-describedby={how} title={t("moveTileHow")} onKeyDown={keys(tile)} onFocus={choose && (() => chosen !== tile.i && choose(tile))}>
                        <HolderOutlined />
                      </button>
                      <h2>{nameOf(tile)}</h2>
                      <span className="lc-tile-tools">{tools(tile)}</span>
                    </header>
                    {inside(tile)}
                  </section>
                </div>
              );
            })}
          </ReactGridLayout>
        )}
      </div>
    </>
  );
}
