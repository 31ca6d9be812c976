import { PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Form, Relation, StoredRecord } from "@lowcode/protocol";
import { Button } from "antd";
import { ShortList } from "../grid/short";
import { ownViews } from "../grid/views";
import { manyOf, nameOf } from "../fields";
import { useRuntime } from "../runtime";
import { presetOf, whereOf } from "./adds";

/** Records that link to this one, and a new one with the link already set. */
export function Related({ form, relation, target, record }: { form: Form; relation: Relation; target: Form; record: StoredRecord }) {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const view = ownViews(target).find((each) => each.type === "grid");
  const columns = (view?.columns ?? []).filter((each) => nameOf(each) !== relation.by).slice(0, 7);
  const where = whereOf(form, relation, record);
  const preset = presetOf(form, relation, record);
  const title = w(relation.title) || w(manyOf(target));
  const add = target.permissions["create"] && (
    <Button icon={<PlusOutlined />} onClick={() => openForm({ form: target.name, preset })}>
      {t("newRecord", { name: w(target.title) })}
    </Button>
  );
  return <ShortList form={target} title={title} whole={`${title} · ${record._label}`} where={where} columns={columns} beside={add} />;
}
