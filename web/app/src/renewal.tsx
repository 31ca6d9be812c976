import { unsaved, useNarrow, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { App, Button } from "antd";
import { useCallback, useEffect, useRef } from "react";

/** So long a page waits before it asks for the new version: whoever designed it sees it at once elsewhere, other
 * processes learn of it meanwhile, and not every page asks at the same moment. */
const PAUSE = 3000;
const SPREAD = 3000;
const TRIES = 5;
const KEY = "lowcode-version";

/** Goes on with another version of the app when the server tells of one (`told`). While something is being filled in
 * it only says so: whoever loads it then keeps what they typed, and it comes by itself once nothing is unsaved. */
export function useRenewal(told: string | undefined): void {
  const { app, renew } = useRuntime();
  const { message, notification } = App.useApp();
  const { t } = useSpeech();
  // On a phone the buttons of a form stand at the bottom.
  const placement = useNarrow() ? "top" : "bottomLeft";
  const latest = useRef(renew);
  latest.current = renew;
  const newer = told !== undefined && app.digest !== undefined && told !== app.digest;
  const load = useCallback(
    async (last: boolean) => {
      try {
        if (await latest.current()) void message.info(t("appRenewed"));
      } catch {
        if (last) void message.warning(t("appNotRenewed"));
      }
    },
    [message, t],
  );
  useEffect(() => {
    if (!newer) return;
    let tries = 0;
    let shown = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = setTimeout(look, PAUSE);
      if (unsaved()) {
        if (!shown) notification.info({ key: KEY, title: t("appNewer"), description: t("appNewerHint"), duration: 0, placement, actions: <Button type="primary" size="small" onClick={() => void load(true)}>{t("appRenew")}</Button> });
        shown = true;
      } else if (tries < TRIES) {
        tries += 1; // another process may still answer with the version before
        void load(tries === TRIES);
      }
    };
    timer = setTimeout(look, PAUSE + Math.random() * SPREAD);
    return () => {
      clearTimeout(timer);
      notification.destroy(KEY);
    };
  }, [newer, told, load, notification, placement, t]);
}
