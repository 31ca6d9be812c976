import { HolderOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { useEffect, useId, useMemo, useState, type CSSProperties, type DragEvent, type KeyboardEvent, type ReactNode } from "react";
import ReactGridLayout, { useContainerWidth, verticalCompactor, type Layout, type LayoutItem } from "react-grid-layout";
import { createScaledStrategy } from "react-grid-layout/core";
import "react-grid-layout/css/styles.css";
import { COLUMNS, LEAST, moved, type Spot } from "./moving";

const ROW = 62;
const GAP = 14;
/** What is dragged over the grid and does not lie on it yet. */
const COMING = "\0coming";

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
  /** So wide is it drawn at least; where there is less room, all of it is smaller. */
  least?: number;
  chosen?: string | null;
  choose?: (tile: Tile) => void;
  /** What is being dragged from beside the grid: its size, and what is done with it where it is let go. */
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
export function BoardGrid<Tile extends Spot>({ tiles, put, nameOf, inside, tools, said, least = 0, chosen, choose, drop }: Props<Tile>) {
  const { t } = useSpeech();
  const { width, containerRef, mounted } = useContainerWidth();
  const [coming, setComing] = useState<Spot | null>(null);
  const draggedOver = drop !== undefined;
  useEffect(() => {
    if (!draggedOver) setComing(null); // let go elsewhere
  }, [draggedOver]);
  const lying: Spot[] = coming && drop ? settled<Spot>([...tiles, coming]) : tiles;
  const scale = width > 0 && width < least ? width / least : 1;
  const strategy = useMemo(() => (scale < 1 ? createScaledStrategy(scale) : undefined), [scale]);
  const how = useId();
  /** The tile that was moved by key: where it stands is told. */
  const [held, setHeld] = useState("");
  /** Where what is dragged from beside the grid would come to lie: its head under the pointer. */
  const aimed = (event: DragEvent, { w, h }: { w: number; h: number }) => {
    const box = containerRef.current?.getBoundingClientRect();
    if (!box) return null;
    const column = (Math.max(width, least) + GAP) / COLUMNS;
    const x = Math.round((event.clientX - box.left) / scale / column - w / 2);
    const y = Math.floor((event.clientY - box.top) / scale / (ROW + GAP));
    return { i: COMING, x: Math.min(Math.max(x, 0), COLUMNS - w), y: Math.max(y, 0), w, h, least: 1 };
  };
  const dragged = drop && {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      const next = aimed(event, drop.size);
      if (next && (next.x !== coming?.x || next.y !== coming.y)) setComing(next);
    },
    onDragLeave: (event: DragEvent) => event.currentTarget.contains(event.relatedTarget as Element | null) || setComing(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setComing(null);
      const at = lying.find((each) => each.i === COMING) ?? aimed(event, drop.size);
      if (at) drop.dropped({ x: at.x, y: at.y }, placed(tiles, lying.map(itemOf)));
    },
  };
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
      <div ref={containerRef} className="lc-board-grid" {...dragged}>
        {mounted && (
          <div style={scale < 1 ? ({ zoom: scale, width: least, "--lc-pressed": 1 / scale } as CSSProperties) : undefined}>
            <ReactGridLayout
              width={Math.max(width, least)}
              positionStrategy={strategy}
              layout={lying.map(itemOf)}
              gridConfig={{ cols: COLUMNS, rowHeight: ROW, margin: [GAP, GAP], containerPadding: [0, 0] }}
              dragConfig={{ enabled: true, handle: ".lc-tile > header", cancel: "button:not(.lc-handle), input, textarea, a" }}
                onDragStop={stopped}
              onResizeStop={stopped}
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
              {coming && drop && <div key={COMING} className="lc-board-coming" />}
            </ReactGridLayout>
          </div>
        )}
      </div>
    </>
  );
}
