import { CheckCircleFilled, PlusOutlined } from "@ant-design/icons";
import { link, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, Wanted } from "@lowcode/protocol";
import { Button } from "antd";
import { Fragment, type ReactNode } from "react";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import { presetOf, whereOf } from "./adds";

/** One thing that is asked for: whether it is there, and, while it is not, the way to it. */
export function Ask({ each, children }: { each: Wanted; children?: ReactNode }) {
  const { t } = useSpeech();
  return (
    <span className={each.met ? "lc-asked lc-asked-met" : "lc-asked"}>
      {each.met ? <CheckCircleFilled className="lc-asked-done" aria-label={t("stageMet")} /> : <span className="lc-asked-open" role="img" aria-label={t("stageUnmet")} />}
      <span>
        {each.title}
        {!each.required && <span className="lc-quiet"> {t("stageOptional")}</span>}
        {!each.met && <span className="lc-asked-ways">{children}</span>}
      </span>
    </span>
  );
}

/** The ways to what is missing: its field; of a condition the fields it reads, and the records it counts
 * or looks through, those that are there and a new one. */
export function Seek({ form, record, each, go }: { form: Form; record: StoredRecord; each: Wanted; go: (field: string) => void }) {
  const { app, openForm } = useRuntime();
  const { t, w } = useSpeech();
  const may = record._meta?.can?.["edit"] !== false;
  const fixed = record._meta?.read_only ?? [];
  const fields = form.fields.filter((field) => may && !field.read_only && !fixed.includes(field.name) && field.type !== "state" && (each.field === field.name || each.reads.includes(field.name)));
  const relations = (form.relations ?? []).filter((relation) => each.rows.includes(relation.name) && app.forms[relation.form]);
  return (
    <>
      {fields.map((field) => (
        <Button key={field.name} type="link" size="small" onClick={() => go(field.name)}>
          {each.field === null ? w(field.title) || field.name : t("stageFill")}
        </Button>
      ))}
      {relations.map((relation) => {
        const target = app.forms[relation.form]!;
        const title = w(relation.title) || w(manyOf(target));
        return (
          <Fragment key={relation.name}>
            <Button type="link" size="small" href={link(["records", target.name], { where: whereOf(form, relation, record), title: `${title} · ${record._label}` })}>
              {title}
            </Button>
            {target.permissions["create"] && (
              <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => openForm({ form: target.name, preset: presetOf(form, relation, record) })}>
                {t("newRecord", { name: w(target.title) })}
              </Button>
            )}
          </Fragment>
        );
      })}
    </>
  );
}
