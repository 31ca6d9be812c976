import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Failure, Icon, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { KeptDraft } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button } from "antd";
import { useRuntime } from "../runtime";

/** What somebody was filling in and has not saved. */
export default function DraftsPage() {
  const { app, client, openForm } = useRuntime();
  const queries = useQueryClient();
  const { t, w } = useSpeech();
  const found = useQuery({ queryKey: ["drafts", "all"], queryFn: () => client.run<{ items: KeptDraft[] }>("forms.drafts") });
  const items = (found.data?.items ?? []).filter((each) => app.forms[each.form]);
  const discard = (id: number) => void client.run("forms.discard_draft", { id }).then(() => queries.invalidateQueries({ queryKey: ["drafts"] }));
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("drafts")}</h1>
        </div>
      </header>
      {found.error ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Sketch rows={4} />
      ) : items.length === 0 ? (
        <div className="lc-sheet"><Nothing title={t("emptyDrafts")} hint={t("emptyDraftsHint")} /></div>
      ) : (
        <ul className="lc-drafts">
          {items.map((draft) => {
            const form = app.forms[draft.form]!;
            const name = draft.title || t("newRecord", { name: w(form.title) });
            return (
              <li key={draft.id}>
                <Icon name={form.icon} />
                <div className="lc-draft-words">
                  <button type="button" className="lc-draft-open" onClick={() => openForm({ form: draft.form, id: draft.record ?? undefined, draft: draft.id })}>
                    {name}
                  </button>
                  <span className="lc-quiet">
                    {draft.record ? t("draftOfRecord", { name: w(form.title) }) : w(form.title)} · <When at={draft.updated_at} />
                    {draft.newer && <Badge status="warning" text={t("draftNewerShort")} />}
                  </span>
                </div>
                <Button icon={<EditOutlined />} aria-label={`${t("draftContinue")} ${name}`} onClick={() => openForm({ form: draft.form, id: draft.record ?? undefined, draft: draft.id })}>
                  {t("draftContinue")}
                </Button>
                <Button icon={<DeleteOutlined />} aria-label={`${t("draftDiscard")} ${name}`} title={t("draftDiscard")} onClick={() => discard(draft.id)} />
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
