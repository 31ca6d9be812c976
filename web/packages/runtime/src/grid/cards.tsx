import { recordLink, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { blank } from "../fields";
import { Cell } from "./cell";
import type { Shown } from "./columns";

/** A list on a phone: one card for each record. */
export function Cards({ form, items, columns }: { form: Form; items: StoredRecord[]; columns: Shown[] }) {
  const { w } = useSpeech();
  const badges = columns.filter(({ field }) => field.type === "state");
  const rest = columns.filter(({ field, name }) => field.type !== "state" && name !== form.label).slice(0, 5);
  return (
    <ul className="lc-cards">
      {items.map((record) => (
        <li key={record.id} className="lc-card">
          <div className="lc-card-head">
            <a className="lc-card-title" href={recordLink(form.name, record.id)}>
              {record._label}
            </a>
            {badges.map(({ field, name }) => !blank(record[name]) && <Cell key={name} field={field} value={record[name]} />)}
          </div>
          <dl className="lc-card-facts">
            {rest.map(({ field, name }) =>
              blank(record[name]) ? null : (
                <div key={name}>
                  <dt>{w(field.title)}</dt>
                  <dd>
                    <Cell field={field} value={record[name]} />
                  </dd>
                </div>
              ),
            )}
          </dl>
        </li>
      ))}
    </ul>
  );
}
