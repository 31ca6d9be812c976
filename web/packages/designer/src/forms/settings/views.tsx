import { useSpeech } from "@lowcode/kit";
import { Select } from "antd";
import { Options } from "../../controls";
import { optionWords, useDesign } from "../../design";
import { picked } from "../../flows/schemas";
import { resolved } from "../../schema";
import { spokenIn } from "../../titles";
import type { Node, Path } from "../../tree";
import { fieldsOf, freeName } from "../fields";
import { Conditions } from "./conditions";
import { Items } from "./items";
import { CARDS, listOf, viewedAs, type Needed } from "./parts";
import { Condition, Labelled, OneField, OrderedFields, Roles, SeveralFields, Sorting, useFields } from "./picks";

/** Whether it may be the owner, whom every record has. */
const withOwner = (key: string, type: string): boolean => key === "resource" || key === "color" || (key === "by" && type !== "kanban");
/** How many fields a new list shows. */
const FEW = 6;
/** What each kind of view says besides the fields that it is drawn by. */
const PLAIN: Record<string, string[]> = { calendar: ["shows"], resource: ["shows", "capacity"], map: ["tiles"] };

/** The ways of looking at the records: lists, boards, calendars. */
export function Views({ needed }: { needed: Record<string, Needed[]> }) {
  const { document, palette, languages } = useDesign();
  const { w, t } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/ViewDefinition" }, palette.schema);
  const shown = fieldsOf(document).filter((each) => each["type"] !== "lines" && each["hidden"] !== true).slice(0, FEW).map((each) => String(each["name"]));
  const begin = { ...(spokenIn({ title: { "zh-CN": "新列表", en: "New list" } }, languages) as Node), name: freeName(listOf(document, "views"), "view"), type: "grid", columns: shown };
  const called = (item: Node) => `${w(item["title"] as string) || String(item["name"])} · ${w(palette.words.choices[String(item["type"] ?? "grid")] ?? "")}`;
  return (
    <Items list="views" adding="formNewView" title="formViews" hint="formViewsHint" begin={begin} called={called}>
      {(item, path) => {
        const type = String(item["type"] ?? "grid");
        return (
          <>
            <div className="lc-form-pair"><Options schema={picked(schema, ["title"])} path={path} /><ViewKind path={path} item={item} needed={needed} /></div>
            <div className="lc-form-pair">{(needed[type] ?? []).map(([key, types, must]) => <OneField key={key} path={[...path, key]} types={withOwner(key, type) ? [...types, "user"] : types} linked={key === "color"} required={must} />)}</div>
            {type === "kanban" && <OneField path={[...path, "sum"]} types={["number", "integer", "money", "percent", "formula", "rollup"]} />}
            {(PLAIN[type] ?? []).length > 0 && <Options schema={picked(schema, PLAIN[type]!)} path={path} />}
            {CARDS.has(type) ? <SeveralFields path={[...path, "card"]} /> : <OrderedFields path={[...path, "columns"]} label={t("formViewColumns")} />}
            <Conditions path={[...path, "filter"]} />
            <Condition path={[...path, "where"]} label={t("formViewWhere")} />
            <div className="lc-form-pair"><Sorting path={[...path, "sort"]} />{type === "grid" && <OneField path={[...path, "group"]} />}</div>
            <Whose path={path} />
          </>
        );
      }}
    </Items>
  );
}

/** Another kind of view draws by other fields: those of the kind before go, and the first that fit come. */
function ViewKind({ path, item, needed }: { path: Path; item: Node; needed: Record<string, Needed[]> }) {
  const { palette, change } = useDesign();
  const { w } = useSpeech();
  const label = w(optionWords(palette, "type"));
  const fields = useFields();
  const kinds = resolved({ $ref: "#/$defs/ViewDefinition" }, palette.schema).properties?.["type"];
  const options = (resolved(kinds ?? {}, palette.schema).enum ?? []).map(String).map((value) => ({ value, label: w(palette.words.choices[value] ?? value) }));
  return <Labelled label={label}><Select aria-label={label} value={String(item["type"] ?? "grid")} options={options} onChange={(next: string) => change(path, viewedAs(item, next, needed, fields))} /></Labelled>;
}

/** Who sees it, and whose page begins with it. */
function Whose({ path }: { path: Path }) {
  const { t } = useSpeech();
  return (
    <div className="lc-form-pair">
      <Roles path={[...path, "roles"]} label={t("formViewRoles")} />
      <Roles path={[...path, "default"]} label={t("formViewDefault")} everybody />
    </div>
  );
}
