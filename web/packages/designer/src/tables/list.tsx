import { link, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useTables, type TableLine } from "@lowcode/runtime/automation/tables";
import { Fragment } from "react";
import { Begin, type Wish } from "../begin";
import { Listed } from "../listed";
import type { Json, Node } from "../tree";
import { askable } from "./known";

/** The decision tables of the app, what each is about and who asks it, and a new one. */
export function TablesList() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const users = (each: TableLine) => each.used_by.map((one, place) => <Fragment key={`${one.kind}/${one.name}`}>{place > 0 && ", "}<User {...one} /></Fragment>);
  const describe = (each: TableLine) => (
    <>
      {w(app.forms[each.form ?? ""]?.title) || t("application")} · {t("tableRows", { count: each.rows })} · {each.used_by.length === 0 ? t("tableUnused") : <>{t("tableUsedBy")} {users(each)}</>}
    </>
  );
  const words = { title: t("designTables"), hint: t("designTablesHint"), none: t("tablesNone"), begin: t("tableNew") };
  return <Listed place="tables" words={words} found={useTables()} nameOf={(each) => each.table} describe={describe} beginning={(taken, close) => <BeginTable taken={taken} close={close} />} />;
}

/** A document that asks a table: where it is looked at, if there is such a place. */
function User({ kind, name, title }: TableLine["used_by"][number]) {
  const { w } = useSpeech();
  const places: Record<string, string> = { rules: link(["automation", "rules"], { rule: name }), flows: link(["flows", "design", name]), forms: link(["forms", name]) };
  return places[kind] ? <a href={places[kind]}>{w(title)}</a> : <>{w(title)}</>;
}

/** A new table asks a field first; it begins with one column of each side. */
function BeginTable({ taken, close }: { taken: string[]; close: () => void }) {
  const { app } = useRuntime();
  const { t } = useSpeech();
  const words = { what: t("tableNew"), title: t("tableTitle"), taken: t("tableTaken"), field: t("tableFirstInput") };
  const made = ({ name, form, field }: Wish, title: Json): Node => {
    const asked = app.forms[form]?.fields.find((each) => each.name === field)?.title as Json | undefined;
    const input = { name: field.replaceAll(".", "_"), expression: field, ...(asked ? { title: asked } : {}) };
    return { name, type: "table", title, form, hit: "FIRST", inputs: [input], outputs: [{ name: "answer", type: "text", title: { "zh-CN": "结果", en: "Answer" } }], rules: [{ when: {}, then: {} }] };
  };
  return <Begin place="tables" words={words} taken={taken} fieldsOf={(form) => askable(app.forms[form ?? ""]?.fields)} made={made} close={close} />;
}
