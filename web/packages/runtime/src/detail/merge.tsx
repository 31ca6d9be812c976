import { brief, Failure, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import { isReference, type Field, type Form, type Reference, type StoredRecord } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Radio } from "antd";
import { useId, useState } from "react";
import { blank, manyOf, pathTitle } from "../fields";
import { Cell } from "../grid/cell";
import { useRuntime } from "../runtime";
import { ReferenceInput } from "../widgets/inputs/reference";

/** How a duplicate was recognised. */
const HOW = { exact: "duplicatesExact", similar: "duplicatesSimilar", sounds: "duplicatesSounds" } as const;

interface Duplicate extends Reference {
  match: "exact" | "similar" | "sounds";
}

/** What the server joins by itself, or keeps to itself. */
const NOT_CHOSEN = new Set(["tags", "multi_select", "attachment", "image", "links", "members", "departments", "lines", "state", "secret", "password"]);

/** The same thing entered twice becomes one record: this one, with the values that somebody chooses side by side. */
export default function Merge({ form, record, close }: { form: Form; record: StoredRecord; close: () => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [other, setOther] = useState<Reference | null>(null);
  const found = useQuery({ queryKey: ["record", form.name, other?.id], queryFn: () => client.get(form.name, other!.id), enabled: other !== null });
  return (
    <Drawer title={`${t("mergeRecords")} · ${record._label}`} open onClose={close} size={narrow ? "100%" : 760} destroyOnHidden>
      <div className="lc-merge">
        <Which form={form} record={record} value={other} onChange={setOther} />
        {other === null ? (
          <p className="lc-quiet">{t("mergeHint")}</p>
        ) : found.error ? (
          <Failure small error={found.error} retry={() => void found.refetch()} />
        ) : !found.data ? (
          <Sketch rows={6} />
        ) : (
          <Beside key={other.id} form={form} into={record} other={found.data} close={close} />
        )}
      </div>
    </Drawer>
  );
}

/** The other record: one that the rules of the form find, or one that somebody looks up. */
function Which({ form, record, value, onChange }: { form: Form; record: StoredRecord; value: Reference | null; onChange: (other: Reference | null) => void }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const id = useId();
  const plain = Object.fromEntries(form.fields.map((field) => [field.name, record[field.name]]).map(([name, each]) => [name, isReference(each) ? each.id : each]));
  const likely = useQuery({ queryKey: ["duplicates", form.name, record.id, record.version], queryFn: () => client.run<{ items: Duplicate[] }>("forms.duplicates", { form: form.name, id: record.id, values: plain }), enabled: form.duplicates === true });
  const items = likely.data?.items ?? [];
  const wanted: Field = { name: "other", type: "link", title: t("mergeWith"), to: form.name };
  return (
    <section className="lc-merge-which">
      {items.length > 0 && (
        <>
          <h2 className="lc-section-title">{t("mergeFound")}</h2>
          <Radio.Group value={value?.id ?? null} onChange={(event) => onChange(items.find((each) => each.id === event.target.value) ?? null)} aria-label={t("mergeFound")}>
            {items.map((each) => (
              <Radio key={each.id} value={each.id}>
                {each.label} <span className="lc-quiet">{t(HOW[each.match])}</span>
              </Radio>
            ))}
          </Radio.Group>
        </>
      )}
      <label htmlFor={id} className="lc-quiet">
        {t(items.length > 0 ? "mergeOther" : "mergeWith")}
      </label>
      <ReferenceInput
        id={id}
        label={t("mergeWith")}
        field={wanted}
        value={value}
        onChange={(each) => onChange(each as Reference | null)}
        placeholder={t("searchIn", { name: w(manyOf(form)) })}
        ask={async (search, signal) => (await client.list(form.name, { search, limit: 20 }, { signal })).items.filter((each) => each.id !== record.id).map((each) => ({ id: each.id, label: each._label }))}
      />
    </section>
  );
}

/** Both records field by field, where they differ. */
function Beside({ form, into, other, close }: { form: Form; into: StoredRecord; other: StoredRecord; close: () => void }) {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const fixed = new Set(into._meta?.read_only ?? []);
  const rows = form.fields.filter((field) => !NOT_CHOSEN.has(field.type) && !field.read_only && !field.veiled && !fixed.has(field.name) && JSON.stringify(into[field.name] ?? null) !== JSON.stringify(other[field.name] ?? null));
  const [take, setTake] = useState<Record<string, number>>(() => Object.fromEntries(rows.map((field) => [field.name, blank(into[field.name]) ? other.id : into.id])));
  const merge = () =>
    modal.confirm({
      title: t("mergeRecords"),
      content: t("mergeAsk", { other: other._label, into: into._label }),
      okText: t("mergeRecords"),
      cancelText: t("cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          const done = await client.run<{ moved: number; left: string[] }>("forms.merge", { form: form.name, into: into.id, others: [other.id], take });
          if (done.left.length > 0) void message.warning(t("mergeLeft", { names: speech.among(done.left.map((path) => pathTitle(form.fields, path, speech.w))) }), 8);
          else void message.success(done.moved > 0 ? t("mergeDone", { count: done.moved }) : t("mergeAlone"), 6);
          close();
          // The other record is gone; to ask for it once more would only be refused.
          await queries.invalidateQueries({ predicate: ({ queryKey: [what, name, id] }) => !(what === "record" && name === form.name && id === other.id) });
        } catch (error) {
          void message.error(brief(error, speech), 6);
        }
      },
    });
  const choice = (field: Field, of: StoredRecord) => (
    <td>
      <Radio checked={take[field.name] === of.id} onChange={() => setTake({ ...take, [field.name]: of.id })} name={field.name} aria-label={t("mergeKeep", { field: w(field.title) || field.name, value: of._label })}>
        <Cell field={field} value={of[field.name]} />
      </Radio>
    </td>
  );
  return (
    <section className="lc-merge-beside">
      <p className="lc-quiet">{t("mergeHint")}</p>
      {rows.length === 0 ? (
        <Nothing small title={t("mergeEqual")} />
      ) : (
        <div className="lc-result" tabIndex={0} role="group" aria-label={t("mergeRecords")}>
          <table className="lc-plain lc-beside">
            <thead>
              <tr>
                <th scope="col">{t("restoreField")}</th>
                <th scope="col">
                  {into._label} <div className="lc-quiet">{t("mergeStays")}</div>
                </th>
                <th scope="col">
                  {other._label} <div className="lc-quiet">{t("mergeGoes")}</div>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((field) => (
                <tr key={field.name}>
                  <th scope="row">{w(field.title) || field.name}</th>
                  {choice(field, into)}
                  {choice(field, other)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Button type="primary" danger onClick={merge}>
        {t("mergeRecords")}
      </Button>
    </section>
  );
}
