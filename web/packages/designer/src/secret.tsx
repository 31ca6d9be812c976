import { Badge, useSpeech } from "@lowcode/kit";
import { AutoComplete, Input, Segmented } from "antd";
import { useDesign } from "./design";
import type { Schema } from "./schema";
import { at, isNode, type Json, type Path } from "./tree";

interface Props {
  label: string;
  schema: Schema;
  path: Path;
  required: boolean;
  wrong: boolean;
}

const VARIABLE = "LOWCODE_SECRET_";

/** A secret by its name, never its value; where it may be, what is no secret is written as it is. */
export function SecretInput({ label, schema, path, required, wrong }: Props) {
  const { document, palette, change } = useDesign();
  const { t } = useSpeech();
  const value = at(document, path);
  const choice = schema.anyOf !== undefined;
  const named = !choice || isNode(value);
  const name = isNode(value) ? String(value["secret"] ?? "") : "";
  const numbers = schema.anyOf?.some((each) => each.type === "integer");
  const write = (text: string): Json | undefined => (text === "" ? (required ? "" : undefined) : numbers && /^\d{1,15}$/.test(text) ? Number(text) : text);
  const put = (text: string) => {
    const next = text.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
    change(path, next === "" && !required && !choice ? undefined : { secret: next.startsWith(VARIABLE) ? next.slice(VARIABLE.length) : next });
  };
  const known = palette.secrets ?? [];
  const { there, bound } = known.find((each) => each.name === name) ?? { there: undefined, bound: null };
  return (
    <div className="lc-design-secret">
      {choice && <Segmented size="small" aria-label={label} value={named ? "secret" : "plain"} onChange={(next) => change(path, next === "secret" ? { secret: "" } : write(""))} options={[{ value: "plain", label: t("secretPlain") }, { value: "secret", label: t("secretNamed") }]} />}
      {named ? (
        <>
          <AutoComplete value={name} onChange={put} status={wrong ? "error" : undefined} options={known.filter((each) => each.name.includes(name)).map((each) => ({ value: each.name }))}>
            <Input aria-label={choice ? t("secretOf", { name: label }) : label} placeholder={t("secretName")} spellCheck={false} maxLength={80 + VARIABLE.length} />
          </AutoComplete>
          {bound !== null && <p className="lc-quiet">{t("connectionSecretBound", { bound })}</p>}
          {/^[A-Z]/.test(name) && (there ? <Badge color="green">{t("connectionSecretThere")}</Badge> : <p className="lc-quiet">{t(there === undefined ? "secretNew" : "connectionSecretWhere", { names: VARIABLE + name })}</p>)}
        </>
      ) : (
        <Input placeholder={typeof schema.default === "string" && schema.default !== "" ? schema.default : undefined} aria-label={t("secretPlainOf", { name: label })} status={wrong ? "error" : undefined} value={typeof value === "string" || typeof value === "number" ? String(value) : ""} onChange={(event) => change(path, write(event.target.value))} />
      )}
    </div>
  );
}
