import { Failure, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { useTables, type TableLine } from "@lowcode/runtime/automation/tables";
import { Button, List } from "antd";
import { Fragment, useState } from "react";
import { Begin, type Wish } from "../begin";
import type { Json, Node } from "../tree";
import { askable } from "./known";

/** The decision tables of the app, what each is about and who asks it, and a new one. */
export function TablesList() {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const [beginning, setBeginning] = useState(false);
  const found = useTables();
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const tables = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const begin = <Button type="primary" onClick={() => setBeginning(true)}>{t("tableNew")}</Button>;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("designTables")}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{t("designTablesHint")}</p>
      </header>
      {tables.length === 0 ? <Nothing title={t("tablesNone")} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={tables}
          renderItem={(each) => (
            <List.Item actions={[<Button key="design" size="small" href={link(["tables", each.table])} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta
                title={w(each.title) || each.table}
                description={<><code>{each.table}</code> · {w(app.forms[each.form ?? ""]?.title) || t("application")} · {t("tableRows", { count: each.rows })} · {each.used_by.length === 0 ? t("tableUnused") : <>{t("tableUsedBy")} {each.used_by.map((one, place) => <Fragment key={`${one.kind}/${one.name}`}>{place > 0 && ", "}<User {...one} /></Fragment>)}</>}</>}
              />
            </List.Item>
          )}
        />
      )}
      {beginning && <BeginTable taken={tables.map((each) => each.table)} close={() => setBeginning(false)} />}
    </div>
  );
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
