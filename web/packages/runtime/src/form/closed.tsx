import { LockOutlined } from "@ant-design/icons";
import type { Form, StoredRecord } from "@lowcode/protocol";

/** A form as it may be filled in while a flow keeps the record closed: only what is left open. */
export function leftOpen(form: Form, record: StoredRecord | null): Form {
  const closed = record?._meta?.closed;
  if (!closed) return form;
  return { ...form, fields: form.fields.map((field) => (closed.but.includes(field.name) ? field : { ...field, read_only: true })) };
}

/** That a record is closed for now, and why. */
export function Closed({ record }: { record: StoredRecord }) {
  const closed = record._meta?.closed;
  return closed ? (
    <p className="lc-record-closed">
      <LockOutlined aria-hidden /> {closed.message}
    </p>
  ) : null;
}
