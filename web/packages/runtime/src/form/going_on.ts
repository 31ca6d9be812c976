import { brief, useSpeech } from "@lowcode/kit";
import type { KeptDraft } from "@lowcode/protocol";
import { App } from "antd";
import { useEffect, useRef } from "react";
import type { Runtime } from "../runtime";
import { handIn, leftOf, take } from "./left";

/** What the server could not say anything of is handed in again after so long. */
const AGAIN = 30_000;

/** What this tab still holds of forms that were open becomes drafts; those that the end of the session interrupted are
 * open again, and so are those that the server keeps no draft of, with what it said. */
export function useGoingOn(runtime: Runtime | null): void {
  const { message } = App.useApp();
  const speech = useSpeech();
  const latest = useRef({ runtime, speech });
  latest.current = { runtime, speech };
  const actor = runtime?.session.actor.id;
  useEffect(() => {
    if (actor === undefined) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Handed in at the beginning; what an open form puts down later is its own. */
    const goOn = async (keys: string[]) => {
      const waits: string[] = [];
      for (const each of leftOf(actor).filter(({ key }) => keys.includes(key))) {
        const { client } = latest.current.runtime!;
        const kept = await handIn(each, (draft) => client.run<Pick<KeptDraft, "id">>("forms.save_draft", draft));
        if (stopped) return;
        const { app, openForm } = latest.current.runtime!;
        if (kept.kind === "waits") {
          waits.push(each.key);
          continue;
        }
        take(each.key);
        if (kept.kind === "refused") void message.error(brief(kept.error, latest.current.speech), 8);
        if (!app.forms[each.form]) continue;
        if (kept.kind === "refused") openForm({ form: each.form, id: kept.record, left: each.draft });
        else if (each.open) openForm({ form: each.form, id: each.record, draft: kept.id });
      }
      if (waits.length > 0) timer = setTimeout(() => void goOn(waits), AGAIN);
    };
    void goOn(leftOf(actor).map(({ key }) => key));
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
    // Once for each person: words in another language begin nothing anew.
  }, [actor]);
}
