import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { address } from "@lowcode/protocol";

/** Keeps the page fresh by what the server tells, and says which version of the app is in use there; without a channel
 * the polling of counts is enough. */
export function useEvents(): string | undefined {
  const [version, setVersion] = useState<string>();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stale = new Set<string>();
    const refresh = (key: string) => {
      stale.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const each of stale) void queries.invalidateQueries({ queryKey: [each] });
        stale.clear();
      }, 400);
    };
    const listen = (): EventSource => {
      const source = new EventSource(address("events"));
      source.addEventListener("record", () => ["records", "record", "timeline"].forEach(refresh));
      source.addEventListener("notification", () => refresh("notifications"));
      source.addEventListener("task", () => refresh("tasks"));
      source.addEventListener("flow", () => ["flows", "task", "timeline"].forEach(refresh));
      source.addEventListener("app", (event: MessageEvent<string>) => setVersion((JSON.parse(event.data) as { digest: string }).digest));
      let failures = 0;
      source.addEventListener("error", () => {
        failures += 1;
        if (source.readyState === EventSource.CLOSED || failures > 5) source.close();
      });
      source.addEventListener("open", () => (failures = 0));
      return source;
    };
    let source = listen();
    const again = () => {
      if (source.readyState === EventSource.CLOSED) source = listen();
    };
    window.addEventListener("online", again);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", again);
      source.close();
    };
  }, [queries]);
  return version;
}
