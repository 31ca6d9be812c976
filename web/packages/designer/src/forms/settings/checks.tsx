import { useSpeech } from "@lowcode/kit";
import { Options } from "../../controls";
import { useDesign } from "../../design";
import { picked } from "../../flows/schemas";
import { resolved } from "../../schema";
import { spokenIn } from "../../titles";
import type { Json, Node } from "../../tree";
import { fieldsOf, freeName } from "../fields";
import { Items } from "./items";
import { fieldOf, listOf } from "./parts";
import { Condition, OneField, OrderedFields, SeveralFields, useFields } from "./picks";

/** What must hold of every record, what may occur once, and how the same thing entered twice is recognised. */
export function Checks() {
  const { document, palette, languages } = useDesign();
  const { w, t } = useSpeech();
  const root = palette.schema;
  const fields = useFields();
  const titles = (found: Json | undefined) => (Array.isArray(found) ? found.map((each) => fields.find((one) => one.value === fieldOf(each))?.label ?? fieldOf(each)).join(" + ") : "");
  const first = fieldsOf(document).find((each) => each["type"] === "text") ?? fieldsOf(document)[0];
  const name = first ? String(first["name"]) : null;
  const ranges = fieldsOf(document).filter((each) => typeof each["until"] === "string").map((each) => String(each["name"]));
  const schema = (model: string) => resolved({ $ref: `#/$defs/${model}` }, root);
  const check = spokenIn({ name: freeName(listOf(document, "checks"), "check"), expression: "", message: { "zh-CN": "内容不符合要求", en: "This is not allowed" } }, languages);
  return (
    <>
      <Items list="checks" adding="formNewCheck" title="formChecks" hint="formChecksHint" begin={check} called={(item) => w(item["message"] as string) || String(item["name"])}>
        {(_, path) => <><Condition path={[...path, "expression"]} label={t("formCheckHolds")} required /><Options schema={picked(schema("CheckDefinition"), ["message"])} path={path} /><OneField path={[...path, "field"]} label={t("formCheckField")} /></>}
      </Items>
      <Items list="unique" adding="formNewUnique" title="formUnique" hint="formUniqueHint" begin={name === null ? null : { fields: [name] }} lacking="formFieldFirst" called={(item) => titles(item["fields"])}>
        {(_, path) => <><OrderedFields path={[...path, "fields"]} linked={false} required /><Options schema={picked(schema("UniqueDefinition"), ["message"])} path={path} /></>}
      </Items>
      <Items list="duplicates" adding="formNewDuplicates" title="formDuplicates" hint="formDuplicatesHint" begin={name === null ? null : { fields: [name] }} lacking="formFieldFirst" called={(item) => titles(item["fields"])}>
        {(_, path) => <><OrderedFields path={[...path, "fields"]} linked={false} required /><Options schema={picked(schema("DuplicateDefinition"), ["match"])} path={path} /></>}
      </Items>
      <Items list="without_overlaps" adding="formNewOverlaps" title="formOverlaps" hint="formOverlapsHint" begin={ranges[0] === undefined ? null : { range: ranges[0] }} lacking="formRangeFirst" called={(item: Node) => titles([item["range"] ?? ""])}>
        {(_, path) => <><OneField path={[...path, "range"]} types={["date", "datetime"]} required /><SeveralFields path={[...path, "per"]} /><Condition path={[...path, "where"]} label={t("formRecordsOther")} /><Options schema={picked(schema("WithoutOverlapsDefinition"), ["message"])} path={path} /></>}
      </Items>
    </>
  );
}
