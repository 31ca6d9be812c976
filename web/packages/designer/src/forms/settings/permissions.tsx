import { useSpeech, type TextKey } from "@lowcode/kit";
import { Checkbox, Select } from "antd";
import { useState } from "react";
import { optionWords, useDesign } from "../../design";
import { at, isNode, type Node, type Path } from "../../tree";
import { Items } from "./items";
import { listOf } from "./parts";
import { Condition, Labelled, Roles, SeveralFields } from "./picks";

/** The records most permissions speak of, each as its condition. */
const RECORDS: Record<string, TextKey> = { "": "formRecordsAll", "owner = ME()": "formRecordsOwn", "owner in TEAM()": "formRecordsTeam", "INUNIT(owner)": "formRecordsUnit" };

/** Who may do what with which records, and which fields are kept from them. */
export function Permissions({ verbs }: { verbs: string[] }) {
  const { document, palette } = useDesign();
  const { w } = useSpeech();
  const named = new Set(listOf(document, "permissions").flatMap((each) => (isNode(each) ? [each["role"] ?? ""].flat() : [])));
  const next = palette.roles.find((each) => !named.has(each)) ?? palette.roles[0] ?? "";
  const roleTitle = (name: unknown) => w(palette.names?.["role"]?.find((each) => each.value === name)?.title ?? String(name));
  const verbTitle = (name: string) => w(palette.words.choices[name] ?? name);
  const called = (item: Node) => {
    const roles = (Array.isArray(item["role"]) ? item["role"] : [item["role"]]).filter(Boolean).map(roleTitle).join(w({ "zh-CN": "、", en: ", " }));
    const may = (Array.isArray(item["can"]) ? item["can"] : []).map((each) => verbTitle(String(each))).join(" · ");
    return roles && `${roles}: ${may}`;
  };
  return (
    <Items list="permissions" adding="formNewPermission" title="formPermissions" hint="formPermissionsHint" begin={{ role: next, can: ["read"] }} called={called}>
      {(_, path) => <Permission path={path} verbs={verbs.map((value) => ({ value, label: verbTitle(value) }))} />}
    </Items>
  );
}

function Permission({ path, verbs }: { path: Path; verbs: { value: string; label: string }[] }) {
  const { document, palette, change } = useDesign();
  const { w, t } = useSpeech();
  const can = at(document, [...path, "can"]);
  const label = w(optionWords(palette, "can"));
  return (
    <>
      <Roles path={[...path, "role"]} label={t("formRoles")} required />
      <Labelled label={label} required>
        <Checkbox.Group aria-label={label} className="lc-form-verbs" value={Array.isArray(can) ? can.map(String) : []} options={verbs} onChange={(next) => change([...path, "can"], verbs.map((each) => each.value).filter((each) => next.includes(each)))} />
      </Labelled>
      <Records path={[...path, "where"]} />
      <div className="lc-form-pair">
        <SeveralFields path={[...path, "hide"]} columns />
        <SeveralFields path={[...path, "read_only"]} label={t("formReadOnlyFields")} columns />
      </div>
    </>
  );
}

/** With which records: all, one's own …, or those of a condition. */
function Records({ path }: { path: Path }) {
  const { document, change } = useDesign();
  const { t } = useSpeech();
  const found = at(document, path);
  const where = typeof found === "string" ? found : "";
  const [free, setFree] = useState(!(where in RECORDS));
  const label = t("formRecords");
  const choose = (next: string) => {
    setFree(next === "other");
    if (next !== "other") change(path, next || undefined);
  };
  return (
    <>
      <Labelled label={label}><Select aria-label={label} value={free ? "other" : where} options={[...Object.entries(RECORDS).map(([value, words]) => ({ value, label: t(words) })), { value: "other", label: t("formRecordsOther") }]} onChange={choose} /></Labelled>
      {free && <Condition path={path} label={t("formRecordsOther")} />}
    </>
  );
}
