import { brief, useNarrow, useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { Alert, AutoComplete, Button, Drawer, Input, Upload } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Publishing } from "./publication";

const PATH = /^[a-z]+\/[a-z0-9_/]+\.json$/;

/** Any document of the app (a rule without a form, a decision table, a flow …) written, looked at and published. */
export function DocumentDrawer({ close }: { close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const narrow = useNarrow();
  const [path, setPath] = useState("");
  const [text, setText] = useState("");
  const [publishing, setPublishing] = useState<"text" | "away">();
  const query = useQuery({ queryKey: ["publication", "documents"], queryFn: () => client.run<{ documents: Record<string, string> }>("app.documents", {}), staleTime: 0 });
  const known = query.data?.documents ?? {};
  const there = path in known;
  const named = PATH.test(path) || path === "app.json";
  const choose = (next: string) => {
    setPath(next);
    if (known[next] !== undefined && (text === "" || text === known[path])) setText(known[next]);
  };
  const take = async (file: File) => {
    const name = file.name;
    const written = await file.text();
    setText(written);
    if (!named) setPath(Object.keys(known).find((each) => each.endsWith(`/${name}`)) ?? `rules/${name}`);
  };
  const documents = { [path]: publishing === "away" ? null : text };
  return (
    <Drawer open onClose={close} title={t("publishDocument")} size={narrow ? "100%" : 720}>
      <p className="lc-quiet">{t("publishDocumentHint")}</p>
      {query.error && <Alert type="error" message={brief(query.error, speech)} />}
      <label className="lc-document-path">
        <span>{t("documentPath")}</span>
        <AutoComplete aria-label={t("documentPath")} value={path} status={path !== "" && !named ? "error" : ""} placeholder="rules/…json" onChange={choose} options={Object.keys(known).sort().map((value) => ({ value }))} filterOption={(typed, option) => (option?.value ?? "").includes(typed)} />
      </label>
      <p className="lc-quiet">{named && (there ? t("documentThere") : t("documentNew"))}</p>
      <Input.TextArea aria-label={t("documentText")} className="lc-document-text" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} autoSize={{ minRows: 12, maxRows: 28 }} />
      <div className="lc-actions">
        <Button type="primary" disabled={!named || text.trim() === "" || text === known[path]} onClick={() => setPublishing("text")}>{t("publishLook")}</Button>
        <Upload accept=".json" showUploadList={false} beforeUpload={(file) => { void take(file); return false; }}><Button>{t("documentFile")}</Button></Upload>
        {there && path !== "app.json" && <Button danger onClick={() => setPublishing("away")}>{t("documentAway")}</Button>}
      </div>
      {publishing && <Publishing title={`${t("publishDocument")}: ${path}`} label={t("publishNow")} danger={publishing === "away"} look={{ operation: "app.plan", values: { documents } }} act={{ operation: "app.publish", values: { documents } }} close={() => setPublishing(undefined)} done={close} />}
    </Drawer>
  );
}
