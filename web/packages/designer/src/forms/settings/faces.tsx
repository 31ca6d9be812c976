import { useSpeech, type TextKey } from "@lowcode/kit";
import { Select } from "antd";
import { Options } from "../../controls";
import { useDesign } from "../../design";
import { picked } from "../../flows/schemas";
import { resolved } from "../../schema";
import { isNode, type Node, type Path } from "../../tree";
import { fieldsOf, freeName } from "../fields";
import { Items } from "./items";
import { listOf } from "./parts";
import { Labelled, OneField, OrderedFields } from "./picks";

const OF_FACE = ["text", "submit", "thanks", "redirect", "opens", "closes", "most", "closed", "limit", "limit_total"];
/** Kinds of fields that a new one asks for where they are required, or that nearly everybody asks for. */
const ASKED = new Set(["text", "long_text", "email", "phone", "select", "multi_select", "date", "number", "integer", "boolean"]);
const FEW = 5;

/** What the form is to those without an account: each public form in sentences, with its fields, words and times. */
export function Faces({ written }: { written: Node }) {
  const { document, faces, palette } = useDesign();
  const { t, w } = useSpeech();
  const schema = resolved({ $ref: "#/$defs/PublicDefinition" }, palette.schema);
  const simple = fieldsOf(document).filter((each) => ASKED.has(String(each["type"])) && each["read_only"] !== true && each["hidden"] !== true);
  const asked = simple.filter((each, index) => each["required"] === true || index < FEW).map((each) => String(each["name"]));
  const once = listOf(document, "unique").length > 0 || fieldsOf(document).some((each) => each["unique"] === true);
  const begin = asked.length === 0 ? null : { name: freeName(listOf(document, "public"), "public"), title: document["title"] ?? "", fields: asked, ...(once ? { duplicates: "keep" } : {}) };
  const published = new Set(listOf(written, "public").map((each) => (isNode(each) ? each["name"] : "")));
  return (
    <Items list="public" adding="formNewPublic" title="formPublic" hint="formPublicHint" begin={begin} lacking="formFieldFirst" called={(item) => w(item["title"] as string) || String(item["name"])}>
      {(item, path) => {
        const name = String(item["name"]);
        const told = faces?.find((face) => face.name === name)?.told ?? [];
        return (
          <>
            {published.has(name) && <a href={`public/${String(document["name"])}/${name}`} target="_blank" rel="noreferrer">{t("formPublicOpen")}</a>}
            <ul className="lc-design-told">{told.map((one) => <li key={one.what + one.key}>{w(one.words)}</li>)}</ul>
            <Options schema={picked(schema, ["title"])} path={path} />
            <OrderedFields path={[...path, "fields"]} linked={false} required />
            <Repeated path={path} face={item} />
            <Options schema={picked(schema, OF_FACE)} path={path} />
          </>
        );
      }}
    </Items>
  );
}

const REPEATED = { create: "formRepeatedCreate", keep: "formRepeatedKeep", fill: "formRepeatedFill", link: "formRepeatedLink" } as const satisfies Record<string, TextKey>;

/** What becomes of a submission whose record is there already. */
function Repeated({ path, face }: { path: Path; face: Node }) {
  const { change } = useDesign();
  const { t } = useSpeech();
  const label = t("formRepeated");
  const value = String(face["duplicates"] ?? "create");
  const put = (next: string) => {
    const { duplicates: _, link: __, ...rest } = face;
    change(path, next === "create" ? rest : { ...rest, duplicates: next });
  };
  return (
    <>
      <Labelled label={label}><Select aria-label={label} value={value} options={Object.entries(REPEATED).map(([each, words]) => ({ value: each, label: t(words) }))} onChange={put} /></Labelled>
      {value === "link" && <OneField path={[...path, "link"]} types={["link"]} required />}
    </>
  );
}
