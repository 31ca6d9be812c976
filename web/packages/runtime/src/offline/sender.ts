import { useSpeech } from "@lowcode/kit";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { changed } from "../changed";
import { useRuntime } from "../runtime";
import { keepChoices } from "./choices";
import type { Wish } from "./due";
import { useWaiting } from "./queue";
import { sendAll } from "./sending";

const AGAIN = 30_000;

/** Sends what waits as soon as the server answers: when the page opens, when the network is back, and every half minute;
 * and what somebody asks for, at once. */
export function useSender(): (wish?: Wish) => Promise<void> {
  const { client, session, app } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { t } = useSpeech();
  const actor = session.actor.id;
  const waits = useWaiting(actor).filter((each) => each.state === "waiting").length;
  const busy = useRef(false);
  const asked = useRef(false); // The network came back while an attempt without one was still on its way.
  const send = useCallback(async (wish?: Wish) => {
    if (!wish) asked.current = busy.current;
    if (busy.current && !wish) return;
    busy.current = true;
    try {
      if (client.token === "" && (await client.session()).actor.id !== actor) return;
      const { done } = await sendAll(client, actor, app.forms, wish);
      if (done === 0) return;
      void message.success(t("unsentSent", { count: done }));
      await changed(queries);
    } catch {
      // Without an answer it waits on; the next try is not far.
    } finally {
      busy.current = false;
      if (asked.current) setTimeout(() => void send(), 0);
    }
  }, [client, actor, app, message, queries, t]);
  useEffect(() => {
    const again = () => void send();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [send]);
  useEffect(() => {
    if (waits === 0) return;
    void send();
    const timer = setInterval(() => void send(), AGAIN);
    return () => clearInterval(timer);
  }, [waits > 0, send]);
  useEffect(() => {
    keepChoices(client, actor, app).catch(() => undefined); // Helps later, and must not stand in the way now.
  }, [client, actor, app]);
  return send;
}
