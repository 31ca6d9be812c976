import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import type { BoardFilter, Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Filters } from "@lowcode/runtime/dashboards/filters";
import { Button, Dropdown, Select } from "antd";
import { Section } from "../connections/mapping";
import { Options } from "../controls";
import { optionWords, useDesign } from "../design";
import { picked } from "../flows/schemas";
import { freeName } from "../forms/fields";
import { Labelled } from "../forms/settings/picks";
import { resolved } from "../schema";
import { spokenIn } from "../titles";
import { insert, isNode, put, type Json, type Node, type Path } from "../tree";
import { filtersOf, followedBy, following, reportOf, sortOf, tilesOf, withoutFilter, type Offered, type Placed } from "./board";

export type FilterSort = BoardFilter["type"];
/** What each sort of filter is called and named to begin with: reports follow the one of their own name. */
const BEGUN: Record<FilterSort, { name: string; title: { "zh-CN": string; en: string } }> = {
  period: { name: "period", title: { "zh-CN": "期间", en: "Period" } },
  member: { name: "owner", title: { "zh-CN": "负责人", en: "Owner" } },
  department: { name: "department", title: { "zh-CN": "部门", en: "Department" } },
  select: { name: "choice", title: { "zh-CN": "选项", en: "Choice" } },
};

export const filterTitle = (filter: Node, w: (title: never) => string, t: (key: TextKey) => string): string => w(filter["title"] as never) || (filter["type"] === "period" ? t("period") : String(filter["name"]));

interface Props {
  offered: ReadonlyMap<string, Offered>;
  nameOf: (tile: Placed) => string;
  /** Another document, and what is chosen in it. */
  take: (document: Node, chosen?: Path | null) => void;
}

/** Adds a filter: what it is compared with each report says. */
export function AddFilter({ take }: Pick<Props, "take">) {
  const { document, languages } = useDesign();
  const { t, w } = useSpeech();
  const { palette } = useDesign();
  const filters = filtersOf(document);
  const begin = (type: FilterSort) => {
    const { name, title } = BEGUN[type];
    const filter: Node = { name: freeName(document["filters"], name), title: spokenIn(title, languages), type };
    take(insert(document, ["filters"], filters.length, filter), ["filters", filters.length]);
  };
  const once = filters.some((each) => each["type"] === "period");
  const items = (Object.keys(BEGUN) as FilterSort[]).map((key) => ({ key, label: w(palette.words.choices[key] ?? key), disabled: key === "period" && once, onClick: () => begin(key) }));
  return (
    <Dropdown autoFocus trigger={["click"]} menu={{ items }}>
      <Button size="small" icon={<PlusOutlined />}>{t("boardAddFilter")}</Button>
    </Dropdown>
  );
}

/** What the chosen filter says, and which tiles follow it by what. */
export function FilterInspector({ path, filter, offered, nameOf, take }: Props & { path: Path; filter: Node }) {
  const { document, palette, change, choose } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/FilterDefinition" }, palette.schema);
  const title = filterTitle(filter, w, t);
  const shown: BoardFilter = { name: "default", title: t("boardBegins"), type: filter["type"] as FilterSort, options: Array.isArray(filter["options"]) ? (filter["options"] as never) : [], value: null };
  const tiles = tilesOf(document).filter((each) => sortOf(each.tile) === "report");
  return (
    <section className="lc-design-inspector" aria-label={t("boardFilter")}>
      <header>
        <h2>{t("boardFilter")} · {w(palette.words.choices[String(filter["type"])] ?? "")}</h2>
        <Button size="small" type="link" onClick={() => choose(null)}>{t("boardAbout")}</Button>
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => take(withoutFilter(document, path[1] as number), null)} />
      </header>
      <p className="lc-quiet"><code>{String(filter["name"])}</code></p>
      <Options schema={picked(schema, ["title"])} path={path} />
      {filter["type"] === "select" && <ChoicesOf path={path} filter={filter} tiles={tiles} offered={offered} take={take} forms={app.forms} />}
      <div className="lc-board-begins">
        <Filters filters={[shown]} values={{ default: filter["default"] ?? null }} change={(next) => change([...path, "default"], (next["default"] ?? undefined) as Json | undefined)} />
      </div>
      <Section title={t("boardFollowed")} hint={t("boardFollowedHint")}>
        {tiles.length === 0 && <p className="lc-quiet">{t("boardEmpty")}</p>}
        {tiles.map((each) => (
          <Labelled key={each.i} label={nameOf(each)}>
            <FollowsBy tile={each} filter={filter} report={offered.get(reportOf(each.tile))} label={nameOf(each)} take={take} />
          </Labelled>
        ))}
      </Section>
    </section>
  );
}

const NO = "\0no";
const USUAL = "\0usual";

/** By which of its own a report follows a filter. */
export function FollowsBy({ tile, filter, report, label, take }: { tile: Placed; filter: Node; report: Offered | undefined; label: string; take: Props["take"] }) {
  const { document } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const name = String(filter["name"]);
  const usual = followedBy({ ...tile.tile, filters: {} }, filter, report).by;
  const now = followedBy(tile.tile, filter, report);
  const period = filter["type"] === "period";
  const fields = app.forms[report?.form ?? ""]?.fields;
  const titleOf = (value: string) => (value === "period" ? t("boardByDate") : w(fields?.find((each) => each.name === value)?.title) || w(report?.follows.find((each) => each.value === value)?.title as string) || value);
  const others = period ? (report?.dated && name !== "period" ? ["period"] : []) : (report?.follows ?? []).map((each) => each.value).filter((each) => each !== name);
  const gone = now.said && now.by !== null && now.by !== name && !others.includes(now.by) ? [now.by] : [];
  const options = [
    { value: USUAL, label: usual !== null ? titleOf(usual) : t(period ? "boardNoDate" : others.length > 0 ? "boardNoField" : "boardFollowsNot") },
    ...[...others, ...gone].map((value) => ({ value, label: titleOf(value) })),
    ...(usual === null ? [] : [{ value: NO, label: t("boardFollowsNot") }]),
  ];
  const value = !now.said ? USUAL : now.by === null ? (usual === null ? USUAL : NO) : now.by === name ? USUAL : now.by;
  const turn = (next: string) => take(following(document, tile.path, name, next === USUAL ? undefined : next === NO ? false : next));
  return <Select size="small" className={now.by === null ? "lc-fill lc-board-unfollowed" : "lc-fill"} aria-label={`${label}: ${filterTitle(filter, w, t)}`} showSearch={{ optionFilterProp: "label" }} disabled={options.length === 1} value={value} options={options} onChange={turn} />;
}

/** What may be chosen in a filter: the options of a field, which the tiles about its form follow by that field then. */
function ChoicesOf({ path, filter, tiles, offered, take, forms }: { path: Path; filter: Node; tiles: Placed[]; offered: Props["offered"]; take: Props["take"]; forms: Record<string, { title: unknown; fields: Field[] }> }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const about = [...new Set(tiles.map((each) => offered.get(reportOf(each.tile))?.form ?? ""))].filter((each) => each in forms);
  const fields = about.flatMap((form) => forms[form]!.fields.filter((each) => (each.options?.length ?? 0) > 0 && ["select", "radio", "state"].includes(each.type)).map((field) => ({ form, field })));
  const options = Array.isArray(filter["options"]) ? filter["options"].filter(isNode) : [];
  const chosen = (names: string[]) => change([...path, "options"], names.map((each) => options.find((one) => one["name"] === each) ?? { name: each, title: each }));
  const fill = (place: number) => {
    const { form, field } = fields[place]!;
    const filled = put(put(document, [...path, "options"], (field.options ?? []).map(({ name, title }) => ({ name, title })) as Json), [...path, "title"], (field.title ?? field.name) as Json);
    const name = String(filter["name"]);
    take(tiles.filter((each) => offered.get(reportOf(each.tile))?.form === form).reduce((found, each) => following(found, each.path, name, field.name === name ? undefined : field.name), filled));
  };
  return (
    <>
      <Labelled label={t("boardOptionsOf")}>
        <Select aria-label={t("boardOptionsOf")} className="lc-fill" placeholder={t("choose")} value={null} showSearch={{ optionFilterProp: "label" }} options={fields.map(({ form, field }, value) => ({ value, label: `${w(forms[form]!.title as string)} › ${w(field.title) || field.name}` }))} onChange={(place: number | null) => place !== null && fill(place)} />
      </Labelled>
      <Labelled label={w(optionWords(palette, "options"))}>
        <Select<string[]> mode="tags" className="lc-fill" open={false} suffixIcon={null} aria-label={w(optionWords(palette, "options"))} placeholder={t("boardOptionsType")} value={options.map((each) => String(each["name"]))} options={options.map((each) => ({ value: String(each["name"]), label: w(each["title"] as string) || String(each["name"]) }))} onChange={chosen} />
      </Labelled>
    </>
  );
}
