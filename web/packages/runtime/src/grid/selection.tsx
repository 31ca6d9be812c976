import { brief, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRuntime } from "../runtime";

/** What can be done with the chosen rows. */
export function Selection({ form, chosen, clear }: { form: Form; chosen: StoredRecord[]; clear: () => void }) {
  const { client } = useRuntime();
  const { modal, message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const remove = async () => {
    let reason: unknown = null;
    let failed = 0;
    for (const record of chosen)
      try {
        await client.remove(form.name, record.id, record.version);
      } catch (error) {
        failed += 1;
        reason = error;
      }
    await queries.invalidateQueries();
    clear();
    if (failed > 0) void message.warning(t("deletedSome", { done: chosen.length - failed, failed, reason: brief(reason, speech) }), 6);
    else void message.success(t("deleted"));
  };
  return (
    <div className="lc-selection" role="status">
      <span>{t("selected", { count: chosen.length })}</span>
      {form.permissions["delete"] && (
        <Button
          size="small"
          danger
          onClick={() => modal.confirm({ title: t("deleteMany", { count: chosen.length }), content: t("deleteHint"), okText: t("delete"), cancelText: t("cancel"), okButtonProps: { danger: true }, onOk: remove })}
        >
          {t("delete")}
        </Button>
      )}
      <Button size="small" type="text" onClick={clear}>
        {t("clearSelection")}
      </Button>
    </div>
  );
}
