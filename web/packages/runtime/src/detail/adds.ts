import { useSpeech } from "@lowcode/kit";
import type { Form, Relation, StoredRecord } from "@lowcode/protocol";
import { useRuntime } from "../runtime";

/** What a record of a relation begins with: the link to the record it is made at. */
export const presetOf = (form: Form, relation: Relation, record: StoredRecord) => ({ [relation.by]: { id: record.id, label: record._label, ...(relation.any && { form: form.name }) } });

/** The records of a relation that link to a record, as a condition on them. */
export const whereOf = (form: Form, relation: Relation, record: StoredRecord): string => (relation.any ? `${relation.by} = "${form.name}/${record.id}"` : `${relation.by}.id = ${record.id}`);

/** What is written down often of a record, one press away: new records of the relations its form names. */
export function useAdds(form: Form, record: StoredRecord) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  return (form.detail?.add ?? []).flatMap((name) => {
    const relation = form.relations?.find((each) => each.name === name);
    const target = relation && app.forms[relation.form];
    return relation && target?.permissions["create"] ? [{ key: name, title: w(target.title), open: { form: target.name, preset: presetOf(form, relation, record) } }] : [];
  });
}
