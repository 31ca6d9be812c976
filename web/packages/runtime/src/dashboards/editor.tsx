import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, ColumnWidthOutlined, HolderOutlined, ShrinkOutlined } from "@ant-design/icons";
import { brief, Nothing, useNarrow, useSpeech } from "@lowcode/kit";
import type { Dashboard, Tile } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Select } from "antd";
import { useId, useState, type KeyboardEvent } from "react";
import ReactGridLayout, { useContainerWidth, type Layout } from "react-grid-layout";
import "react-grid-layout/css/styles.css";
import { useRuntime } from "../runtime";
import { COLUMNS, moved } from "./moving";
import { ResultView } from "./result";

interface Placed extends Tile {
  i: string;
}

/** A board of one's own: charts are dragged, made larger and smaller, added and taken away; all of it by keyboard, too. */
export default function Editor({ board, id, done }: { board: Dashboard; id: number | undefined; done: (id?: number) => void }) {
  const speech = useSpeech();
  const { t, w } = speech;
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const narrow = useNarrow();
  const queries = useQueryClient();
  const { width, containerRef, mounted } = useContainerWidth();
  const [title, setTitle] = useState(w(board.title));
  const [tiles, setTiles] = useState<Placed[]>(() => board.tiles.map((tile, index) => ({ ...tile, i: `${index}` })));
  const [saving, setSaving] = useState(false);
  /** The chart that was moved by key: where it stands now is told. */
  const [held, setHeld] = useState("");
  const nameOf = (tile: Tile) => w(tile.title) || w(tile.result?.title) || w(app.reports?.[tile.report]?.title) || tile.report;
  const move = (layout: Layout) => {
    const places = new Map(layout.map((each) => [each.i, each]));
    setTiles((before) => {
      if (before !== tiles) return before; // Somebody was quicker: of what stands now it is told next.
      return before.map((tile) => {
        const at = places.get(tile.i);
        return at ? { ...tile, x: at.x, y: at.y, w: at.w, h: at.h } : tile;
      });
    });
  };
  const how = useId();
  const change = (i: string, key: string, shift: boolean) => setTiles((before) => moved(before, i, key, shift) ?? before);
  const keys = (tile: Placed) => (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !moved(tiles, tile.i, event.key, event.shiftKey)) return;
    event.preventDefault();
    setHeld(tile.i);
    change(tile.i, event.key, event.shiftKey);
  };
  const add = (report: string) => {
    const bottom = Math.max(0, ...tiles.map((tile) => tile.y + tile.h));
    setTiles([...tiles, { report, i: `${Date.now()}`, x: 0, y: bottom, w: 6, h: 5 }]);
  };
  const save = () => {
    setSaving(true);
    const kept = tiles.map(({ report, title: own, x, y, w: wide, h }) => ({ report, x, y, w: wide, h, ...(own && { title: own }) }));
    const filters = (board.filters ?? []).map((each) => ({ name: each.name, title: each.title ?? "", type: each.type, options: each.options ?? [], default: each.value ?? null }));
    client.run<{ id: number }>("reports.keep_board", { id, title: title.trim() || t("boardTitle"), tiles: kept, filters }).then(
      (answer) => {
        void queries.invalidateQueries({ queryKey: ["boards"] });
        done(answer.id);
      },
      (error: unknown) => {
        setSaving(false);
        void message.error(brief(error, speech));
      },
    );
  };
  /** On a phone charts stand below one another: one changes places with its neighbour, sizes and all. */
  const inOrder = [...tiles].sort((one, other) => one.y - other.y || one.x - other.x);
  const swap = (tile: Placed, neighbour: Placed | undefined) => {
    if (!neighbour) return;
    const placeOf = ({ x, y, w: wide, h }: Placed) => ({ x, y, w: wide, h });
    setTiles((before) => before.map((each) => (each.i === tile.i ? { ...each, ...placeOf(neighbour) } : each.i === neighbour.i ? { ...each, ...placeOf(tile) } : each)));
  };
  const told = tiles.find((each) => each.i === held);
  const away = (tile: Placed) => <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("removeTile", { name: nameOf(tile) })} onClick={() => setTiles(tiles.filter((each) => each.i !== tile.i))} />;
  const inside = (tile: Placed) => <div className="lc-tile-body">{tile.result ? <ResultView result={{ ...tile.result, drill: false }} /> : <Nothing small title={nameOf(tile)} />}</div>;
  const reports = Object.entries(app.reports ?? {}).map(([name, report]) => ({ value: name, label: w(report.title) || name }));
  return (
    <div className="lc-board-editor">
      <div className="lc-board-bar">
        <Input aria-label={t("boardTitle")} value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
        <Select aria-label={t("addTile")} placeholder={t("addTile")} value={null} showSearch={{ optionFilterProp: "label" }} options={reports} onChange={(name: string | null) => name && add(name)} />
        <span className="lc-grow" />
        <Button onClick={() => done()}>{t("cancel")}</Button>
        <Button type="primary" loading={saving} onClick={save}>
          {t("save")}
        </Button>
      </div>
      {narrow && (
        <div className="lc-board-stack">
          {inOrder.map((tile, index) => (
            <section key={tile.i} className="lc-tile" aria-label={nameOf(tile)} data-report={tile.report}>
              <header>
                <h2>{nameOf(tile)}</h2>
                <span className="lc-grow" />
                <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("tileUp", { name: nameOf(tile) })} onClick={() => swap(tile, inOrder[index - 1])} />
                <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === inOrder.length - 1} aria-label={t("tileDown", { name: nameOf(tile) })} onClick={() => swap(tile, inOrder[index + 1])} />
                {away(tile)}
              </header>
              {inside(tile)}
            </section>
          ))}
        </div>
      )}
      {!narrow && (
        <p id={how} className="lc-quiet lc-board-how">
          {t("moveTileHow")}
        </p>
      )}
      <span className="lc-hidden" role="status">
        {told && t("tileStands", { name: nameOf(told), column: told.x + 1, row: told.y + 1, wide: told.w, high: told.h })}
      </span>
      <div ref={containerRef}>
        {mounted && !narrow && (
          <ReactGridLayout
            width={width}
            layout={tiles.map(({ i, x, y, w: wide, h }) => ({ i, x, y, w: wide, h, minW: 2, minH: 2 }))}
            gridConfig={{ cols: COLUMNS, rowHeight: 62, margin: [14, 14], containerPadding: [0, 0] }}
            dragConfig={{ enabled: true, handle: ".lc-handle" }}
            onLayoutChange={move}
          >
            {tiles.map((tile) => (
              <div key={tile.i}>
                <section className="lc-tile" aria-label={nameOf(tile)} data-report={tile.report}>
                  <header>
                    <button type="button" className="lc-handle" aria-label={t("moveTile", { name: nameOf(tile) })} aria-describedby={how} title={t("moveTileHow")} onKeyDown={keys(tile)}>
                      <HolderOutlined />
                    </button>
                    <h2>{nameOf(tile)}</h2>
                    <span className="lc-grow" />
                    <Button type="text" size="small" icon={<ShrinkOutlined />} aria-label={t("narrowerTile", { name: nameOf(tile) })} onClick={() => change(tile.i, "ArrowLeft", true)} />
                    <Button type="text" size="small" icon={<ColumnWidthOutlined />} aria-label={t("widerTile", { name: nameOf(tile) })} onClick={() => change(tile.i, "ArrowRight", true)} />
                    {away(tile)}
                  </header>
                  {inside(tile)}
                </section>
              </div>
            ))}
          </ReactGridLayout>
        )}
      </div>
    </div>
  );
}
