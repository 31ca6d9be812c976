import { brief, decimal, downloadFile, useSpeech } from "@lowcode/kit";
import { App, Button, Progress } from "antd";
import { useCallback, useRef } from "react";
import { useRuntime } from "../runtime";

/** Below so many records a file is there before a progress could be read. */
const SEEN = 2000;
const KEY = "lc-export";

/** Saves a file of records, with its progress and a way out while it is large. */
export function useExport(): (url: string) => Promise<void> {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const going = useRef<AbortController | null>(null);
  return useCallback(
    async (url) => {
      const { t } = speech;
      going.current?.abort();
      const run = (going.current = new AbortController());
      const cancel = () => run.abort();
      void message.open({ key: KEY, type: "loading", content: t("exportBegun"), duration: 0 });
      try {
        const file = await client.made(url, (share, rows) => rows > SEEN && void message.open({ key: KEY, duration: 0, content: <Running share={share} rows={rows} cancel={cancel} /> }), { signal: run.signal });
        downloadFile(file.name, file.content);
        void message.open({ key: KEY, type: "success", content: t("exportDone", { count: decimal(file.rows, 0) }) });
      } catch (error) {
        const stopped = error instanceof DOMException && error.name === "AbortError";
        if (stopped && going.current !== run) return;
        void message.open({ key: KEY, type: stopped ? "info" : "error", content: stopped ? t("exportStopped") : brief(error, speech), duration: 5 });
      } finally {
        if (going.current === run) going.current = null;
      }
    },
    [client, message, speech],
  );
}

function Running({ share, rows, cancel }: { share: number; rows: number; cancel: () => void }) {
  const { t } = useSpeech();
  return (
    <div className="lc-export-run" role="status">
      <span>{t("exportProgress", { done: decimal(Math.floor(share * rows), 0), total: decimal(rows, 0) })}</span>
      <Progress percent={Math.floor(share * 100)} status="active" size="small" />
      <Button size="small" onClick={cancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}
