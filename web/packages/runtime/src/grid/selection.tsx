import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { Follows } from "../bin/follows";
import { useUndo } from "../bin/undo";
import { changed } from "../changed";
import { useRuntime } from "../runtime";

const BatchDialog = lazy(() => import("../papers/batch").then((module) => ({ default: module.BatchDialog })));
const ManyForm = lazy(() => import("./many"));

/** Whether there is anything that can be done with several rows at once. */
export const choosable = (form: Form): boolean => form.permissions["delete"] === true || form.permissions["edit"] === true || (form.buttons?.length ?? 0) > 0 || (form.print?.length ?? 0) > 0;

/** So many are deleted by one request. */
const PIECE = 200;

/** What can be done with the chosen rows: another value, a button of a rule, delete. */
export function Selection({ form, chosen, clear, keep }: { form: Form; chosen: StoredRecord[]; clear: () => void; keep: (rows: StoredRecord[]) => void }) {
  const runtime = useRuntime();
  const { client } = runtime;
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const size = narrow ? "middle" : "small";
  const [editing, setEditing] = useState(false);
  const [printing, setPrinting] = useState(false);
  const offer = useUndo();
  const [done, setDone] = useState<number | null>(null);
  /** One after the other, so that each is refused or saved for itself; what was refused says why and stays chosen. */
  const each = async (work: (record: StoredRecord) => Promise<unknown>, all: string) => {
    let reason: unknown = null;
    const failed: StoredRecord[] = [];
    setDone(0);
    for (const [index, record] of chosen.entries()) {
      try {
        await work(record);
      } catch (error) {
        failed.push(record);
        reason = error;
      }
      setDone(index + 1);
    }
    setDone(null);
    await changed(queries);
    if (failed.length === 0) {
      clear();
      void message.success(all);
      return;
    }
    keep(failed);
    void message.warning(t("manySome", { done: chosen.length - failed.length, failed: failed.length, reason: brief(reason, speech) }), 8);
  };
  /** In one step, so that it is undone in one; what was refused says why and stays chosen. */
  const remove = async () => {
    const gone: number[] = [];
    const refused = new Map<number, string>();
    let reason = "";
    setDone(0);
    try {
      for (let start = 0; start < chosen.length; start += PIECE) {
        const some = chosen.slice(start, start + PIECE);
        const found = await client.run<{ deleted: number[]; refused: { id: number; problems: { detail: string }[] }[] }>("forms.delete_many", { form: form.name, ids: some.map((one) => one.id), versions: some.map((one) => one.version) });
        gone.push(...found.deleted);
        for (const one of found.refused) refused.set(one.id, (reason = one.problems.map(({ detail }) => detail).join("; ")));
        setDone(Math.min(chosen.length, start + PIECE));
      }
    } catch (error) {
      reason = brief(error, speech);
      for (const one of chosen) if (!gone.includes(one.id)) refused.set(one.id, reason);
    }
    setDone(null);
    await changed(queries);
    if (refused.size === 0) clear();
    else {
      keep(chosen.filter((one) => refused.has(one.id)));
      void message.warning(t("manySome", { done: gone.length, failed: refused.size, reason }), 8);
    }
    if (gone.length > 0) offer(form.name, gone);
  };
  const busy = done !== null;
  const idle = busy || chosen.length === 0;
  return (
    <div className={narrow ? "lc-selection lc-selection-low" : "lc-selection"}>
      <span role="status">{busy ? t("manyProgress", { done, count: chosen.length }) : chosen.length === 0 ? t("chooseNone") : t("selected", { count: chosen.length })}</span>
      {form.permissions["edit"] && (
        <Button size={size} disabled={idle} onClick={() => setEditing(true)}>
          {t("manyEdit")}
        </Button>
      )}
      {(form.print?.length ?? 0) > 0 && (
        <Button size={size} disabled={idle} onClick={() => setPrinting(true)}>
          {t("print")}
        </Button>
      )}
      {(form.buttons ?? []).map((button) => (
        <Button
          key={button.rule}
          size={size}
          disabled={idle}
          onClick={() =>
            modal.confirm({
              title: t("manyPress", { name: w(button.title), count: chosen.length }),
              content: w(button.confirm),
              okText: t("confirm"),
              cancelText: t("cancel"),
              onOk: () => void each((record) => client.run("rules.press", { rule: button.rule, id: record.id }), w(button.title)),
            })
          }
        >
          {w(button.title)}
        </Button>
      ))}
      {form.permissions["delete"] && (
        <Button
          size={size}
          danger
          disabled={idle}
          onClick={() => modal.confirm({ title: t("deleteMany", { count: chosen.length }), content: <Follows runtime={runtime} speech={speech} form={form.name} ids={chosen.map(({ id }) => id)} />, okText: t("delete"), cancelText: t("cancel"), okButtonProps: { danger: true }, onOk: () => void remove() })}
        >
          {t("delete")}
        </Button>
      )}
      <Button size={size} type="text" disabled={busy} onClick={clear}>
        {t("clearSelection")}
      </Button>
      <Suspense fallback={null}>
        {printing && <BatchDialog form={form} chosen={chosen} close={() => setPrinting(false)} />}
        {editing && (
          <ManyForm
            form={form}
            count={chosen.length}
            close={() => setEditing(false)}
            save={(values) => {
              setEditing(false);
              void each((record) => client.update(form.name, record.id, record.version, values), t("saved"));
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
