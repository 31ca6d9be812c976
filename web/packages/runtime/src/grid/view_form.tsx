import { useSpeech } from "@lowcode/kit";
import type { Form, SavedView } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

export interface Wanted {
  title: string;
  roles: string[];
  departments: number[];
}

/** The name of a view, and with whom it is shared. */
export default function ViewForm({ form, wanted, known, title, close, save }: { form: Form; wanted: Wanted; known: SavedView | undefined; title: string; close: () => void; save: (wanted: Wanted) => Promise<void> }) {
  const { app, client } = useRuntime();
  const { t, w } = useSpeech();
  const [draft, setDraft] = useState(wanted);
  const [busy, setBusy] = useState(false);
  const share = form.permissions["share"] === true;
  const departments = useQuery({ queryKey: ["departments"], queryFn: () => client.run<{ items: { id: number; label: string }[] }>("identity.departments"), enabled: share, staleTime: 300_000 });
  const submit = async () => {
    if (!draft.title.trim()) return;
    setBusy(true);
    await save(draft);
    setBusy(false);
  };
  return (
    <Modal open title={title} okText={t("save")} cancelText={t("cancel")} okButtonProps={{ disabled: !draft.title.trim(), loading: busy }} onCancel={close} onOk={() => void submit()}>
      <form
        className="lc-many"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          <span>{t("viewTitle")}</span>
          <Input autoFocus maxLength={100} value={draft.title} onChange={(event) => setDraft({ ...draft, title: event.target.value })} />
        </label>
        {share ? (
          <>
            <label>
              <span>{t("viewRoles")}</span>
              <Select mode="multiple" allowClear placeholder={t("viewOnlyMe")} value={draft.roles} options={(app.roles ?? []).map((role) => ({ value: role.name, label: w(role.title) || role.name }))} onChange={(roles) => setDraft({ ...draft, roles })} />
            </label>
            <label>
              <span>{t("viewDepartments")}</span>
              <Select
                mode="multiple"
                allowClear
                placeholder={t("none")}
                value={draft.departments}
                options={(departments.data?.items ?? known?.departments ?? []).map((each) => ({ value: each.id, label: each.label }))}
                showSearch={{ optionFilterProp: "label" }}
                onChange={(next) => setDraft({ ...draft, departments: next })}
              />
            </label>
          </>
        ) : (
          <p className="lc-hint">{t("viewOnlyMe")}</p>
        )}
      </form>
    </Modal>
  );
}
