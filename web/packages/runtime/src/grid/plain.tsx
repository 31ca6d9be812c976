import { go, recordLink, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useRef } from "react";
import { forItself } from "./cells";
import { ColumnCell } from "./cell";
import { useColumns, type Shown } from "./columns";
import { useFitted } from "./fitted";
import { placed } from "./row";

/** A short table of records that is read, inside of another page. */
export function PlainTable({ form, label, shown, items }: { form: Form; label: string; shown: Shown[]; items: StoredRecord[] }) {
  const { w } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const columns = useFitted(useColumns(form, shown), box, 0);
  return (
    <div ref={box} className="lc-sheet lc-sheet-plain">
      <table className="lc-table" aria-label={label} style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}>
        <colgroup>
          {columns.map(({ name, width, grows }) => (
            <col key={name} style={grows ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ field, name }, at) => (
              <th key={name} scope="col" style={placed(columns, at, 0)}>
                <span className="lc-head-words">{w(field.title) || name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((record) => (
            <tr key={record.id} className="lc-row" data-row-key={record.id} onClick={(event) => !forItself(event) && go(recordLink(form.name, record.id))}>
              {columns.map((column, at) => (
                <td key={column.name} style={placed(columns, at, 0)}>
                  <ColumnCell form={form} column={column} record={record} values={record} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
