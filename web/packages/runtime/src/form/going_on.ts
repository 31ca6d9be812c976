import { brief, useSpeech } from "@lowcode/kit";
import type { KeptDraft } from "@lowcode/protocol";
import { App } from "antd";
import { useEffect, useRef } from "react";
import { isCut } from "../offline/start";
import type { Runtime } from "../runtime";
import { leftOf, take } from "./left";

/** What this tab still holds of forms that were open becomes drafts; those that the end of the session interrupted are
 * open again. */
export function useGoingOn(runtime: Runtime | null): void {
  const { message } = App.useApp();
  const speech = useSpeech();
  const latest = useRef(runtime);
  latest.current = runtime;
  const actor = runtime?.session.actor.id;
  useEffect(() => {
    if (actor === undefined) return;
    let stopped = false;
    const goOn = async () => {
      for (const each of leftOf(actor)) {
        const { client, app, openForm } = latest.current!;
        try {
          const { id } = await client.run<Pick<KeptDraft, "id">>("forms.save_draft", each.draft);
          take(each.key);
          if (each.open && app.forms[each.form] && !stopped) openForm({ form: each.form, id: each.record, draft: id });
        } catch (error) {
          if (isCut(error)) return; // the tab keeps it until there is an answer
          take(each.key);
          void message.error(brief(error, speech));
        }
      }
    };
    void goOn();
    return () => void (stopped = true);
    // Once for each person: words in another language begin nothing anew.
  }, [actor]);
}
