import { decimal, useSpeech, When } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Popconfirm } from "antd";
import { useRuntime } from "../runtime";

/** A file that was brought in, or is on its way. */
export interface Brought {
  batch: number | null;
  run: number | null;
  name: string;
  at: string;
  by: string | null;
  state: string;
  create: number;
  update: number;
  total: number;
  done: number;
  /** Whether its file is still being read, so that `total` is not all yet. */
  reads_on: boolean;
  error: string | null;
  undoable: boolean;
}

const GOING = new Set(["reading", "running", "stopping", "undoing"]);

/** What was brought in lately: to be followed, or taken back. */
export function Recent({ form, busy, follow, resume, undo }: { form: Form; busy: boolean; follow: (run: number) => void; resume: (run: number) => void; undo: (each: Brought) => void }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const found = useQuery({
    queryKey: ["imports", form.name],
    queryFn: () => client.run<{ items: Brought[] }>("forms.imports", { form: form.name, limit: 5 }),
    refetchInterval: (query) => (query.state.data?.items.some((each) => GOING.has(each.state)) ? 2000 : false),
  });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  const standing = (each: Brought) => {
    if (GOING.has(each.state) && each.reads_on) return t("importReadsOn", { done: decimal(each.done, 0) });
    if (GOING.has(each.state)) return t("importGoing", { done: decimal(each.done, 0), total: decimal(each.total, 0) });
    if (each.state === "undone" || each.state === "stopped") return t("importTakenBack");
    if (each.state === "halted") return broken(t("importHalted"), each.error);
    if (each.state === "failed") return broken(t("importFailed"), each.error);
    return t("importBrought", { create: decimal(each.create, 0), update: decimal(each.update, 0) });
  };
  const broken = (what: string, why: string | null) => (
    <span className="lc-import-broken lc-problem">
      <span>{what}</span>
      {why && <small>{why}</small>}
    </span>
  );
  return (
    <section className="lc-import-recent" aria-label={t("importRecent")}>
      <h3 className="lc-section-title">{t("importRecent")}</h3>
      <ul>
        {items.map((each) => (
          <li key={`${each.run} ${each.batch}`}>
            <span className="lc-import-file">
              <strong>{each.name}</strong>
              <small>
                <When at={each.at} /> {each.by}
              </small>
            </span>
            <span>{standing(each)}</span>
            <span className="lc-import-acts">
              {each.run !== null && GOING.has(each.state) && each.state !== "undoing" && (
                <Button size="small" onClick={() => follow(each.run!)}>
                  {t("importFollow")}
                </Button>
              )}
              {each.run !== null && each.state === "halted" && (
                <Button size="small" disabled={busy} onClick={() => resume(each.run!)}>
                  {t("importGoOn")}
                </Button>
              )}
              {each.undoable && (
                <Popconfirm okButtonProps={{ autoFocus: true }} destroyOnHidden title={t("importUndo")} description={t("importUndoSure")} okText={t("importUndo")} cancelText={t("cancel")} onConfirm={() => undo(each)}>
                  <Button size="small" danger disabled={busy}>
                    {t("importUndo")}
                  </Button>
                </Popconfirm>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
