import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { link, useNarrow, useSpeech } from "@lowcode/kit";
import { inOrder } from "@lowcode/runtime/dashboards/places";
import { settled } from "@lowcode/runtime/dashboards/grid";
import { Button, Input, InputNumber } from "antd";
import { Section } from "../connections/mapping";
import { Options, Spoken } from "../controls";
import { findingsOf, optionWords, useDesign, type Optional } from "../design";
import { picked } from "../flows/schemas";
import { Labelled, Roles } from "../forms/settings/picks";
import { placed } from "../named";
import { Other } from "../rules/options";
import { resolved } from "../schema";
import { at, isNode, pathOf, within as inside, type Node, type Path } from "../tree";
import { filtersOf, reportOf, sortOf, swapped, tilesOf, type Offered, type Placed } from "./board";
import { AddFilter, FilterInspector, filterTitle, FollowsBy } from "./filters";

interface Props {
  offered: ReadonlyMap<string, Offered>;
  nameOf: (tile: Placed) => string;
  put: (tiles: Placed[]) => void;
  take: (document: Node, chosen?: Path | null) => void;
}

/** Words in Markdown need room. */
export const writtenOption = ({ name, path, schema }: Optional) =>
  name === "text" && path[0] === "tiles" ? <Written key={name} path={path} hint={schema.description} /> : undefined;

function Written({ path }: { path: Path; hint?: string }) {
  const { palette, change } = useDesign();
  const { t, w } = useSpeech();
  const label = w(optionWords(palette, "text"));
  return (
    <div className="lc-design-option" data-option="text">
      <div className="lc-design-label">{label}</div>
      <Spoken path={path} label={label} box={(own, text, called) => <Input.TextArea autoSize={{ minRows: 5 }} aria-label={called} placeholder={t("boardTextHint")} value={text} onChange={(event) => change(own, event.target.value)} />} />
    </div>
  );
}

/** What is chosen on the board: a tile, a filter, or the board itself. */
export function BoardInspector(props: Props) {
  const { chosen, document } = useDesign();
  const found = chosen && at(document, chosen);
  if (chosen && isNode(found) && chosen[0] === "filters") return <FilterInspector key={chosen[1]} path={chosen} filter={found} {...props} />;
  const tile = chosen && tilesOf(document).find((each) => each.path[1] === chosen[1]);
  if (chosen && tile && chosen[0] === "tiles") return <TileInspector key={tile.i} placed={tile} {...props} />;
  return <AboutBoard {...props} />;
}

/** What is wrong that no option below says beside itself. */
function Findings({ path, said = [] }: { path: Path | null; said?: string[] }) {
  const design = useDesign();
  const wrong = findingsOf(design, path).filter((each) => !said.some((option) => inside(pathOf(each.pointer), [...(path ?? []), option])));
  return wrong.length > 0 && <ul className="lc-design-findings">{wrong.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>;
}

function TileInspector({ placed: tile, offered, nameOf, put, take }: Props & { placed: Placed }) {
  const { document, palette, choose } = useDesign();
  const { t, w } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/TileDefinition" }, palette.schema);
  const narrow = useNarrow();
  const sort = sortOf(tile.tile);
  const options = sort === "report" ? ["report", "title"] : [sort];
  const what = t(sort === "report" ? "boardReport" : sort === "heading" ? "boardHeading" : "boardText");
  const tiles = tilesOf(document);
  const read = inOrder(tiles);
  const place = read.findIndex((each) => each.i === tile.i);
  const swap = (other: Placed | undefined) => other && put(settled(swapped(tiles, tile, other)));
  const filters = filtersOf(document);
  const report = reportOf(tile.tile);
  const measured = (side: "x" | "y" | "w" | "h", least: number, most: number) => (
    <Labelled label={w(optionWords(palette, side))}>
      <InputNumber className="lc-fill" size="small" aria-label={w(optionWords(palette, side))} min={least} max={most} precision={0} value={tile[side]} onChange={(next) => next !== null && put(settled(tiles.map((each) => (each.i === tile.i ? within({ ...each, [side]: next }) : each))))} />
    </Labelled>
  );
  return (
    <section className="lc-design-inspector" aria-label={what}>
      <header>
        <h2>{what}</h2>
        <Button size="small" type="link" onClick={() => choose(null)}>{t("boardAbout")}</Button>
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: nameOf(tile) })} onClick={() => put(tiles.filter((each) => each.i !== tile.i))} />
      </header>
      <Findings path={tile.path} said={options} />
      <Options schema={picked(schema, options)} path={tile.path} />
      {sort === "report" && report !== "" && (
        <div className="lc-board-ways">
          <Button size="small" icon={<EditOutlined />} href={placed("reports/design", report)}>{t("boardChangeReport")}</Button>
          <Button size="small" type="link" href={link(["report", report])}>{t("boardOpenReport")}</Button>
        </div>
      )}
      {sort === "report" && filters.length > 0 && (
        <Section title={t("boardFollows")} hint={t("boardFollowsHint")}>
          {filters.map((each, index) => (
            <Labelled key={index} label={filterTitle(each, w, t)}>
              <FollowsBy tile={tile} filter={each} report={offered.get(report)} label={nameOf(tile)} take={take} />
            </Labelled>
          ))}
        </Section>
      )}
      <Section title={t("boardPlace")} hint={narrow ? undefined : t("moveTileHow")}>
        <div className="lc-board-measures">
          {measured("x", 0, 11)}
          {measured("y", 0, 1000)}
          {measured("w", 2, 12)}
          {measured("h", tile.least ?? 2, 40)}
        </div>
        <div className="lc-board-ways">
          <Button size="small" icon={<ArrowUpOutlined />} disabled={place <= 0} onClick={() => swap(read[place - 1])}>{t("boardSooner")}</Button>
          <Button size="small" icon={<ArrowDownOutlined />} disabled={place === read.length - 1} onClick={() => swap(read[place + 1])}>{t("boardLater")}</Button>
        </div>
      </Section>
      <Other path={tile.path} schema={schema} />
    </section>
  );
}

const within = (tile: Placed): Placed => ({ ...tile, w: Math.min(tile.w, 12), x: Math.min(tile.x, 12 - Math.min(tile.w, 12)) });

/** The board itself: what it is called, who sees it, and its filters. */
function AboutBoard({ offered, take }: Props) {
  const { document, palette, choose } = useDesign();
  const { t, w } = useSpeech();
  const filters = filtersOf(document);
  const used = [...new Set(tilesOf(document).map((each) => reportOf(each.tile)))];
  return (
    <section className="lc-design-inspector" aria-label={t("boardAbout")}>
      <header><h2>{t("boardAbout")}</h2></header>
      <Findings path={null} said={["title"]} />
      <Options schema={picked(palette.schema, ["title"])} path={[]} />
      <Roles path={["roles"]} />
      <Section title={t("boardFilters")} hint={t("boardFiltersHint")}>
        {filters.map((each, index) => (
          <Button key={index} block className="lc-board-filter-line" onClick={() => choose(["filters", index])}>
            {filterTitle(each, w, t)} <span className="lc-quiet">{w(palette.words.choices[String(each["type"])] ?? "")}</span>
          </Button>
        ))}
        <AddFilter take={take} />
      </Section>
      <p className="lc-quiet">{t("boardMenuHint", { count: used.filter((each) => offered.has(each)).length })} <a href={placed("app")}>{t("designApp")}</a></p>
      <Other path={[]} schema={palette.schema} />
    </section>
  );
}
