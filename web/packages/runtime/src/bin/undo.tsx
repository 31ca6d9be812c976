import { brief, useSpeech } from "@lowcode/kit";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { changed } from "../changed";
import { useRuntime } from "../runtime";

/** Seconds for which it is offered. */
const OFFERED = 8;
const KEY = "undo-deletion";
/** Ends the offer that stands: one at a time, and the newest counts. */
let over: () => void = () => undefined;

/** Says that records were deleted, and offers to undo it for a while: by a press, or by Ctrl+Z outside of a field. */
export function useUndo(): (form: string, ids: number[]) => void {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  return (form, ids) => {
    over();
    const undo = async () => {
      over();
      try {
        const found = await client.run<{ restored: unknown[]; refused: { problems: { detail: string }[] }[] }>("forms.bring_back", { form, ids });
        const why = found.refused.flatMap(({ problems }) => problems.map(({ detail }) => detail));
        if (why.length > 0) void message.warning(t("broughtSome", { done: found.restored.length, failed: found.refused.length, reason: why[0]! }), 8);
        else void message.success(t("broughtBack", { count: found.restored.length }));
        await changed(queries);
      } catch (error) {
        void message.error(brief(error, speech), 6);
      }
    };
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
      if (event.defaultPrevented || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || typing) return;
      event.preventDefault();
      void undo();
    };
    window.addEventListener("keydown", pressed);
    const end = () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("lowcode:ended", end);
      message.destroy(KEY);
    };
    // Whoever comes next deleted nothing.
    window.addEventListener("lowcode:ended", end);
    over = end;
    void message.open({
      key: KEY,
      type: "success",
      duration: OFFERED,
      onClose: end,
      content: (
        <>
          {t("deleted")}{" "}
          <Button type="link" size="small" aria-keyshortcuts="Control+Z" title={t("undoKeys")} onClick={() => void undo()}>
            {t("undo")}
          </Button>
        </>
      ),
    });
  };
}
