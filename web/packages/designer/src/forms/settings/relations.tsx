import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Select } from "antd";
import { Options } from "../../controls";
import { useDesign } from "../../design";
import { picked } from "../../flows/schemas";
import { resolved } from "../../schema";
import { at, type Node, type Path } from "../../tree";
import { freeName } from "../fields";
import { Items } from "./items";
import { listOf } from "./parts";
import { Labelled } from "./picks";

interface Way {
  form: string;
  by: string;
  label: string;
}

/** Records of other forms that link here: they are shown below a record, and added up by roll-ups. */
export function Relations() {
  const { document, name, palette } = useDesign();
  const { app } = useRuntime();
  const { w } = useSpeech();
  const called = (title: Text | undefined, own: string) => w(title) || own;
  const ways: Way[] = Object.entries(app.forms).flatMap(([form, found]) =>
    found.fields.filter((each) => ["link", "links", "link_any"].includes(each.type) && [each.to ?? []].flat().includes(name)).map((each) => ({ form, by: each.name, label: `${called(found.title, form)} › ${called(each.title, each.name)}` })),
  );
  const way = (item: Node) => ways.find((each) => each.form === item["form"] && each.by === item["by"]);
  const taken = listOf(document, "relations") as Node[];
  const next = ways.find((each) => !taken.some((one) => one["form"] === each.form && one["by"] === each.by)) ?? ways[0];
  const begin = next ? { name: freeName([...listOf(document, "fields"), ...taken], next.form), form: next.form, by: next.by, title: (app.forms[next.form]?.plural ?? app.forms[next.form]?.title ?? "") as Node } : null;
  const schema = resolved({ $ref: "#/$defs/RelationDefinition" }, palette.schema);
  return (
    <Items list="relations" adding="formNewRelation" title="formRelations" hint="formRelationsHint" begin={begin} lacking="formLinkFirst" called={(item) => w(item["title"] as string) || way(item)?.label || String(item["name"])}>
      {(_, path) => <><Which path={path} ways={ways} /><Options schema={picked(schema, ["title", "timeline"])} path={path} /></>}
    </Items>
  );
}

function Which({ path, ways }: { path: Path; ways: Way[] }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const own = at(document, path) as Node;
  const id = (each: { form: unknown; by: unknown }) => `${String(each.form)}.${String(each.by)}`;
  const put = (next: string) => {
    const found = ways.find((each) => id(each) === next);
    if (found) change(path, { ...own, form: found.form, by: found.by });
  };
  return <Labelled label={t("formRelationBy")} required><Select aria-label={t("formRelationBy")} showSearch={{ optionFilterProp: "label" }} value={id({ form: own["form"], by: own["by"] })} options={ways.map((each) => ({ value: id(each), label: each.label }))} onChange={put} /></Labelled>;
}
