import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, ColumnWidthOutlined, FontSizeOutlined, FileTextOutlined, ShrinkOutlined } from "@ant-design/icons";
import { brief, Nothing, useNarrow, useSpeech } from "@lowcode/kit";
import type { Dashboard, Tile } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { BoardGrid, settled } from "./grid";
import { moved } from "./moving";
import { inOrder } from "./places";
import { ResultView } from "./result";

interface Placed extends Tile {
  i: string;
  least?: number;
}

/** A heading and a text may be as low as a line. */
const leastOf = (tile: Pick<Tile, "report">): Pick<Placed, "least"> => (tile.report === undefined ? { least: 1 } : {});

/** A board of one's own: charts are dragged, made larger and smaller, added and taken away; all of it by keyboard, too. */
export default function Editor({ board, id, done }: { board: Dashboard; id: number | undefined; done: (id?: number) => void }) {
  const speech = useSpeech();
  const { t, w } = speech;
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const narrow = useNarrow();
  const queries = useQueryClient();
  const [title, setTitle] = useState(w(board.title));
  const [tiles, setTiles] = useState<Placed[]>(() => board.tiles.map((tile, index) => ({ ...tile, i: `${index}`, ...leastOf(tile) })));
  const [saving, setSaving] = useState(false);
  const nameOf = (tile: Tile) => (tile.report === undefined ? w(tile.heading) || t(tile.text === undefined ? "boardHeading" : "boardText") : w(tile.title) || w(tile.result?.title) || w(app.reports?.[tile.report]?.title) || tile.report);
  const change = (i: string, key: string, shift: boolean) => setTiles((before) => settled(moved(before, i, key, shift) ?? before));
  const say = (i: string, said: Partial<Tile>) => setTiles((before) => before.map((each) => (each.i === i ? { ...each, ...said } : each)));
  const add = (tile: Pick<Tile, "report" | "heading" | "text">, w: number, h: number) => {
    const bottom = Math.max(0, ...tiles.map((each) => each.y + each.h));
    setTiles([...tiles, { ...tile, i: `${Date.now()}`, x: 0, y: bottom, w, h, ...leastOf(tile) }]);
  };
  const save = () => {
    setSaving(true);
    const kept = tiles.map(({ report, heading, text, title: own, follows, x, y, w: wide, h }) => ({ report, heading, text, title: own || undefined, filters: follows, x, y, w: wide, h }));
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
  /** On a phone tiles stand below one another: one changes places with its neighbour, sizes and all. */
  const read = inOrder(tiles);
  const swap = (tile: Placed, neighbour: Placed | undefined) => {
    if (!neighbour) return;
    const placeOf = ({ x, y, w: wide, h }: Placed) => ({ x, y, w: wide, h });
    setTiles((before) => before.map((each) => (each.i === tile.i ? { ...each, ...placeOf(neighbour) } : each.i === neighbour.i ? { ...each, ...placeOf(tile) } : each)));
  };
  const away = (tile: Placed) => <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("removeTile", { name: nameOf(tile) })} onClick={() => setTiles(tiles.filter((each) => each.i !== tile.i))} />;
  const inside = (tile: Placed) => {
    if (tile.heading !== undefined) return <Input className="lc-tile-written" aria-label={t("boardHeading")} value={w(tile.heading)} maxLength={200} onChange={(event) => say(tile.i, { heading: event.target.value })} />;
    if (tile.text !== undefined) return <Input.TextArea className="lc-tile-written" aria-label={t("boardText")} placeholder={t("boardTextHint")} value={w(tile.text)} onChange={(event) => say(tile.i, { text: event.target.value })} />;
    return drawnIn(tile);
  };
  const drawnIn = (tile: Placed) => <div className="lc-tile-body">{tile.result ? <ResultView result={{ ...tile.result, drill: false }} /> : <Nothing small title={nameOf(tile)} />}</div>;
  const reports = Object.entries(app.reports ?? {}).map(([name, report]) => ({ value: name, label: w(report.title) || name }));
  return (
    <div className="lc-board-editor">
      <div className="lc-board-bar">
        <Input aria-label={t("boardTitle")} value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
        <Select aria-label={t("addTile")} placeholder={t("addTile")} value={null} showSearch={{ optionFilterProp: "label" }} options={reports} onChange={(name: string | null) => name && add({ report: name }, 6, 5)} />
        <Button icon={<FontSizeOutlined />} onClick={() => add({ heading: t("boardHeading") }, 12, 1)}>{t("boardHeading")}</Button>
        <Button icon={<FileTextOutlined />} onClick={() => add({ text: "" }, 6, 3)}>{t("boardText")}</Button>
        <span className="lc-grow" />
        <Button onClick={() => done()}>{t("cancel")}</Button>
        <Button type="primary" loading={saving} onClick={save}>
          {t("save")}
        </Button>
      </div>
      {narrow && (
        <div className="lc-board-stack">
          {read.map((tile, index) => (
            <section key={tile.i} className="lc-tile" aria-label={nameOf(tile)} data-report={tile.report}>
              <header>
                <h2>{nameOf(tile)}</h2>
                <span className="lc-grow" />
                <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("tileUp", { name: nameOf(tile) })} onClick={() => swap(tile, read[index - 1])} />
                <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === read.length - 1} aria-label={t("tileDown", { name: nameOf(tile) })} onClick={() => swap(tile, read[index + 1])} />
                {away(tile)}
              </header>
              {inside(tile)}
            </section>
          ))}
        </div>
      )}
      {!narrow && (
        <BoardGrid
          tiles={tiles}
          put={setTiles}
          nameOf={nameOf}
          inside={inside}
          said={(tile) => ({ className: tile.heading !== undefined ? "lc-tile-low" : "", report: tile.report })}
          tools={(tile) => (
            <>
              <Button type="text" size="small" icon={<ShrinkOutlined />} aria-label={t("narrowerTile", { name: nameOf(tile) })} onClick={() => change(tile.i, "ArrowLeft", true)} />
              <Button type="text" size="small" icon={<ColumnWidthOutlined />} aria-label={t("widerTile", { name: nameOf(tile) })} onClick={() => change(tile.i, "ArrowRight", true)} />
              {away(tile)}
            </>
          )}
        />
      )}
    </div>
  );
}
