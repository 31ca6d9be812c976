import { brief, Failure, instant, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import { Problem, type Activity, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Modal } from "antd";
import { useState } from "react";
import { renewed } from "../changed";
import { Cell } from "../grid/cell";
import { calculated, pathTitle } from "../fields";
import { useRuntime } from "../runtime";

interface Version {
  version: number;
  changes: { field: string; from: unknown; lines?: object }[];
}

/** What of a record becomes another value when it is again as it was after a change, and doing it. */
export default function Restore({ form, record, to, close }: { form: Form; record: StoredRecord; to: Activity; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [busy, setBusy] = useState(false);
  /** Fields that stay as they are, and why some of them cannot come back. */
  const [left, setLeft] = useState<readonly string[]>([]);
  const [refused, setRefused] = useState<Record<string, string>>({});
  const history = useQuery({ queryKey: ["history", form.name, record.id, record.version], queryFn: () => client.related<Version>(form.name, record.id, "history") });
  const changes = history.data ? asItWas(history.data.items, to.version!) : new Map<string, Version["changes"][number]>();
  const others = form.fields.filter((field) => changes.has(field.name) && (unseen(changes.get(field.name)!.from) || JSON.stringify(changes.get(field.name)!.from) !== JSON.stringify(record[field.name] ?? null)));
  const rows = others.filter((field) => !field.read_only);
  /** What is another value now and not theirs to set: it stays, and they are told before. */
  const staying = others.filter((field) => field.read_only && !calculated(field) && field.type !== "completeness");
  const taken = rows.filter((each) => !left.includes(each.name) && each.type !== "password");
  const restore = async () => {
    setBusy(true);
    try {
      const restored = await client.run<{ _left: string[]; _fixed: string[] }>("records.restore", { type: form.name, id: record.id, version: to.version, seen: record.version, fields: left.length > 0 ? taken.map((each) => each.name) : undefined });
      const named = (paths: string[]) => speech.among(paths.map((path) => pathTitle(form.fields, path, w)));
      /** Of rows it is known afterwards; of other fields it was said before. */
      const fixed = restored._fixed.filter((path) => path.includes("."));
      if (restored._left.length > 0) void message.warning(t("restoreLeft", { names: named(restored._left) }), 8);
      if (fixed.length > 0) void message.warning(t("restoreFixedRows", { names: named(fixed) }), 8);
      if (restored._left.length + fixed.length === 0) void message.success(t("restoreDone"));
      await renewed(queries);
      close();
    } catch (error) {
      const found = error instanceof Problem ? Object.fromEntries(error.errors.map((each) => [each.pointer.split("/")[1] ?? "", each.detail])) : {};
      const own = taken.filter((each) => each.name in found).map((each) => each.name);
      setRefused(found);
      setLeft([...left, ...own]);
      if (own.length === 0) void message.error(brief(error, speech), 6);
      setBusy(false);
    }
  };
  return (
    <Modal open title={t("restoreTitle", { at: instant(to.at) })} onCancel={close} okText={t("restoreDo")} cancelText={t("cancel")} okButtonProps={{ disabled: taken.length === 0, loading: busy }} onOk={() => void restore()} width={narrow ? "100%" : 640}>
      {history.error ? (
        <Failure small error={history.error} retry={() => void history.refetch()} />
      ) : !history.data ? (
        <Sketch rows={4} />
      ) : rows.length + staying.length === 0 ? (
        <Nothing small title={t("restoreSame")} />
      ) : (
        <>
          <div className="lc-result" tabIndex={0} role="group" aria-label={t("restoreVersion")}>
            <table className="lc-plain lc-beside">
              <thead>
                <tr>
                  <th scope="col">{t("restoreField")}</th>
                  <th scope="col">{t("restoreNow")}</th>
                  <th scope="col">{t("restoreThen")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((field) => {
                  const change = changes.get(field.name)!;
                  return (
                    <tr key={field.name}>
                      <th scope="row">
                        <Checkbox checked={taken.includes(field)} disabled={field.type === "password"} onChange={(event) => setLeft(event.target.checked ? left.filter((each) => each !== field.name) : [...left, field.name])}>{w(field.title) || field.name}</Checkbox>
                        {refused[field.name] && <div className="lc-rule-why">{refused[field.name]}</div>}
                      </th>
                      {change.lines ? (
                        <td colSpan={2}>{t("restoreLines")}</td>
                      ) : unseen(change.from) ? (
                        <td colSpan={2}>{t(field.type === "password" ? "restoreNever" : "restoreHidden")}</td>
                      ) : (
                        <>
                          <td>
                            <Cell field={field} value={record[field.name]} />
                          </td>
                          <td>
                            <Cell field={field} value={change.from} />
                          </td>
                        </>
                      )}
                    </tr>
                  );
                })}
                {staying.map((field) => (
                  <tr key={field.name}>
                    <th scope="row">{w(field.title) || field.name}</th>
                    <td><Cell field={field} value={record[field.name]} /></td>
                    <td className="lc-quiet">{t("restoreFixed")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="lc-quiet">{t(rows.length > 0 ? "restoreHint" : "restoreNothing")}</p>
        </>
      )}
    </Modal>
  );
}

/** What the history does not tell. */
const unseen = (value: unknown): boolean => value === "********";

/** Of each field that changed after a version, its first change since: what it came from is what it was. */
function asItWas(history: Version[], version: number): Map<string, Version["changes"][number]> {
  const found = new Map<string, Version["changes"][number]>();
  for (const each of [...history].sort((one, other) => other.version - one.version))
    if (each.version > version) for (const change of each.changes) found.set(change.field, change);
  return found;
}
