import { DeleteOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Button, Segmented, Select } from "antd";
import { Option, Options } from "../controls";
import { optionWords, useDesign, type Optional } from "../design";
import { blank, resolved, sortOf, type Schema } from "../schema";
import { at, isNode, type Path } from "../tree";
import { doneAt, useMeant, useRule, Wrong } from "./about";

/** The ways to lines of a record: its own, and those in lines where rows that are there change. */
function waysTo(fields: readonly Field[], inner: boolean, way = "", title = "", w: (field: Field) => string): { value: string; label: string }[] {
  return fields.filter((each) => each.fields).flatMap((each) => {
    const [path, label] = [`${way}${each.name}`, `${title}${w(each)}`];
    return [{ value: path, label }, ...(inner ? waysTo(each.fields ?? [], inner, `${path}.`, `${label} · `, w) : [])];
  });
}

/** Lines of a record that are made or changed, each chosen by what the form calls it. */
export function Lined({ name, schema, path }: Optional) {
  const { document, palette, change } = useDesign();
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { ofRule } = useRule();
  const beside = path.slice(0, -1);
  const meant = useMeant(beside);
  const deed = doneAt(document, beside);
  const fields = app.forms[meant ?? (deed === "set" ? ofRule : "")]?.fields ?? [];
  const ways = waysTo(fields, deed !== "create", "", "", (field) => w(field.title) || field.name);
  const found = at(document, path);
  const given = isNode(found) ? Object.keys(found) : [];
  const label = w(optionWords(palette, name, path));
  const root = palette.schema;
  const own = schema.additionalProperties ?? resolved(schema, root).additionalProperties;
  const inner = resolved(typeof own === "object" ? (own as Schema) : {}, root);
  const left = ways.filter((each) => !given.includes(each.value));
  const away = (way: string) => change(path, given.length === 1 ? undefined : Object.fromEntries(Object.entries(isNode(found) ? found : {}).filter(([each]) => each !== way)));
  if (ways.length === 0 && given.length === 0) return null;
  return (
    <div className="lc-design-list" data-option={name}>
      <div className="lc-design-label">{label}</div>
      <Wrong path={path} />
      {given.map((way) => {
        const called = ways.find((each) => each.value === way)?.label ?? way;
        return (
          <fieldset key={way} className="lc-flow-part">
            <legend>{called} <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: called })} onClick={() => away(way)} /></legend>
            <Wrong path={[...path, way]} />
            {sortOf(inner, root) === "object" ? <Options schema={inner} path={[...path, way]} /> : <Made schema={inner} path={[...path, way]} label={called} />}
          </fieldset>
        );
      })}
      {left.length > 0 && <Select className="lc-flow-add-event" aria-label={t("designAdd", { name: label })} placeholder={t("designAdd", { name: label })} value={null} options={left} onChange={(way: string) => change([...path, way], deed === "create" ? [{ values: {} }] : blank(inner, root))} />}
    </div>
  );
}

/** Lines that are made: written out one by one, or one for each of other rows. */
function Made({ schema, path, label }: { schema: Schema; path: Path; label: string }) {
  const { document, palette, change } = useDesign();
  const { t } = useSpeech();
  const ways = (schema.anyOf ?? []).map((each) => resolved(each, palette.schema));
  const written = Array.isArray(at(document, path));
  const way = ways.find((each) => (each.type === "array") === written);
  return (
    <>
      <Segmented block size="small" aria-label={label} value={written ? "written" : "rows"} options={[{ value: "written", label: t("ruleLinesWritten") }, { value: "rows", label: t("ruleLinesOfRows") }]} onChange={(next) => change(path, next === "written" ? [{ values: {} }] : { rows: "", values: {} })} />
      {way && (written ? <Option name="rows" schema={way} path={path} required /> : <Options schema={way} path={path} />)}
    </>
  );
}
