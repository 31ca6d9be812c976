import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { brief, useSpeech } from "@lowcode/kit";
import type { Activity, Form } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRuntime } from "../runtime";

/** The number of a comment in the timeline. */
export const numberOf = (item: Activity): number => Number(String(item.id).slice(1));

/** What whoever wrote a comment may do with it; an administrator may take away those of others. */
export function OwnComment({ form, id, item, edit }: { form: Form; id: number; item: Activity; edit: () => void }) {
  const { client, session } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const own = item.by?.id === session.actor.id;
  if (item.kind !== "comment" || item.removed || !(own || session.actor.administrator)) return null;
  const remove = () =>
    modal.confirm({
      title: t("commentRemove"),
      content: t("commentRemoveAsk"),
      okText: t("delete"),
      cancelText: t("cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await client.run("forms.remove_comment", { form: form.name, id, comment: numberOf(item) });
          await queries.invalidateQueries({ queryKey: ["timeline", form.name, id] });
        } catch (error) {
          void message.error(brief(error, speech));
        }
      },
    });
  return (
    <span className="lc-own-comment">
      {own && <Button type="text" size="small" icon={<EditOutlined />} aria-label={t("commentEdit")} title={t("commentEdit")} onClick={edit} />}
      <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("commentRemove")} title={t("commentRemove")} onClick={remove} />
    </span>
  );
}
