import { PlusOutlined } from "@ant-design/icons";
import { Failure, go, link, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, Relation, StoredRecord } from "@lowcode/protocol";
import { Button } from "antd";
import { Cards } from "../grid/cards";
import { useShown } from "../grid/columns";
import { Count } from "../grid/count";
import { More } from "../grid/more";
import { PlainTable } from "../grid/plain";
import { fieldsFor, useRecords } from "../grid/records";
import { ownViews } from "../grid/views";
import { manyOf, nameOf } from "../fields";
import { useRuntime } from "../runtime";

/** Records that link to this one, and a new one with the link already set. */
export function Related({ form, relation, target, record }: { form: Form; relation: Relation; target: Form; record: StoredRecord }) {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const narrow = useNarrow();
  const view = ownViews(target).find((each) => each.type === "grid");
  const columns = useShown(target, (view?.columns ?? []).filter((each) => nameOf(each) !== relation.by).slice(0, 7));
  const where = relation.any ? `${relation.by} = "${form.name}/${record.id}"` : `${relation.by}.id = ${record.id}`;
  const preset = { [relation.by]: { id: record.id, label: record._label, ...(relation.any && { form: form.name }) } };
  const records = useRecords({ form: target, where, fields: fieldsFor(columns), limit: 20 });
  const title = w(relation.title) || w(manyOf(target));
  const add = target.permissions["create"] && (
    <Button icon={<PlusOutlined />} onClick={() => openForm({ form: target.name, preset })}>
      {t("newRecord", { name: w(target.title) })}
    </Button>
  );
  return (
    <section className="lc-related" aria-label={title}>
      <div className="lc-related-head">
        <Count total={records.total} />
        <span className="lc-grow" />
        {(records.total?.value ?? 0) > 20 && (
          <Button type="link" onClick={() => go(link(["records", target.name], { where, title: `${title} · ${record._label}` }))}>
            {t("viewAll")}
          </Button>
        )}
        {add}
      </div>
      {records.error ? (
        <Failure small error={records.error} retry={() => void records.refetch()} />
      ) : records.isPending ? (
        <Sketch rows={3} />
      ) : records.items.length === 0 ? (
        <Nothing small title={t("emptyRelated", { name: title })} />
      ) : narrow ? (
        <Cards form={target} items={records.items} columns={columns} />
      ) : (
        <PlainTable form={target} label={title} shown={columns} items={records.items} />
      )}
      <More records={records} />
    </section>
  );
}
