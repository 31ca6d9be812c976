import { brief, Failure, recordLink, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Modal } from "antd";
import { useState } from "react";
import { changed } from "../changed";
import { pathTitle } from "../fields";
import { useRuntime } from "../runtime";

interface Found {
  form: string;
  record: number;
  restored: { form: string; id: number; label: string }[];
  moved: number;
  kept: { form: string; id: number; label: string; field: string }[];
  unseen: number;
}

/** What taking a merge back comes to, and doing it. The merge is known by its number, or by the version a record got by it. */
export default function UndoMerge({ merge, form, id, version, close }: { merge?: number; form: string; id?: number; version?: number; close: () => void }) {
  const { client, app } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const narrow = useNarrow();
  const [busy, setBusy] = useState(false);
  const look = async (): Promise<{ merge: number; found: Found } | null> => {
    const number = merge ?? (await client.run<{ items: { id: number; version: number }[] }>("forms.merges", { form, id })).items.find((each) => each.version === version)?.id;
    return number === undefined ? null : { merge: number, found: await client.run<Found>("forms.undo_merge", { merge: number, dry_run: true }) };
  };
  const known = useQuery({ queryKey: ["record", form, id, "merge", merge, version], queryFn: look, gcTime: 0 });
  const act = async () => {
    setBusy(true);
    try {
      await client.run("forms.undo_merge", { merge: known.data!.merge });
      void message.success(t("undoMergeDone"));
      close();
      await changed(queries);
    } catch (error) {
      void message.error(brief(error, speech), 6);
      setBusy(false);
    }
  };
  const found = known.data?.found;
  return (
    <Modal open title={t("undoMerge")} okText={t("undoMerge")} cancelText={t("cancel")} okButtonProps={{ disabled: !found, loading: busy }} onOk={() => void act()} onCancel={close} width={narrow ? "100%" : 560} destroyOnHidden>
      {known.error ? (
        <Failure small error={known.error} retry={() => void known.refetch()} />
      ) : known.isPending ? (
        <Sketch rows={3} />
      ) : !found ? (
        <p>{t("undoMergeGone")}</p>
      ) : (
        <div className="lc-bin-said">
          <p>{t("undoMergeComes")}</p>
          <ul>
            {found.restored.map((each) => (
              <li key={each.id}>
                <strong>{each.label}</strong>
              </li>
            ))}
          </ul>
          {found.moved > 0 && <p>{t("undoMergeMoved", { count: found.moved })}</p>}
          {found.kept.length > 0 && (
            <>
              <p>{t("undoMergeKept")}</p>
              <ul>
                {found.kept.map((each) => (
                  <li key={`${each.form}/${each.id}/${each.field}`}>
                    <a href={recordLink(each.form, each.id)}>{each.label}</a> · {pathTitle(app.forms[each.form]?.fields ?? [], each.field, w)}
                  </li>
                ))}
              </ul>
            </>
          )}
          {found.unseen > 0 && <p>{t("undoMergeUnseen", { count: found.unseen })}</p>}
        </div>
      )}
    </Modal>
  );
}
