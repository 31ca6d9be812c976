import { UploadOutlined } from "@ant-design/icons";
import { Badge, brief, instant, link, useSpeech, type TextKey } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Facts } from "@lowcode/runtime/connections/known";
import { Value } from "@lowcode/runtime/form/value";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Input, Upload } from "antd";
import { useState } from "react";
import { useDesign } from "../design";
import type { Json, Node } from "../tree";
import { useRested } from "../work";
import { Section } from "./mapping";

interface Tried {
  findings: { message: string }[];
  read: { subject: string; sender: string; sender_name: string; recipients: string[]; at: string | null; text: string; files: string[]; answers: boolean };
  known: boolean;
  state: "filed" | "unknown" | "automatic" | "refused" | null;
  by: "answer" | "address" | null;
  about: { form: string; record: number; label: string | null } | null;
  saved: Record<string, Json>;
  problems: { pointer: string; detail: string }[];
}

const PAUSE = 600;
const COLORS = { filed: "green", unknown: "orange", automatic: "gray", refused: "red" } as const;

/** What is typed, as base64 of its UTF-8. */
function encoded(written: string): string {
  const bytes = new TextEncoder().encode(written);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** What would become of a letter in the mailbox as it stands on the desk. Nothing of it is kept. */
export function TryLetter() {
  const { client } = useRuntime();
  const { document } = useDesign();
  const speech = useSpeech();
  const { t } = speech;
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const sending = useMutation({ mutationFn: async (chosen: File) => Number((await client.upload(chosen)).id) });
  const sent = file === null ? undefined : sending.data;
  const wanted = useRested(JSON.stringify([document, text]), PAUSE);
  const [meant, written] = JSON.parse(wanted) as [Node, string];
  const ready = file === null ? written.trim() !== "" : sent !== undefined;
  const found = useQuery({
    queryKey: ["letter-try", wanted, sent],
    queryFn: ({ signal }) => client.run<Tried>("api.try_letter", { document: meant, ...(sent === undefined ? { letter: encoded(written) } : { file: sent }) }, { signal }),
    enabled: ready,
    placeholderData: (before) => before,
    gcTime: 30_000,
    staleTime: Infinity,
    retry: false,
  });
  const take = (chosen: File) => {
    setFile(chosen);
    sending.mutate(chosen);
  };
  return (
    <Section title={t("letterTry")} hint={t("letterTryHint")}>
      <div className="lc-design-row">
        <Upload showUploadList={false} accept=".eml,message/rfc822,text/plain" beforeUpload={(chosen) => (take(chosen), false)}><Button icon={<UploadOutlined />} loading={sending.isPending}>{t("letterUpload")}</Button></Upload>
        {file && <><span className="lc-grow">{file.name}</span><Button type="text" onClick={() => setFile(null)}>{t("letterPaste")}</Button></>}
      </div>
      {!file && <Input.TextArea className="lc-design-code" aria-label={t("letterTry")} autoSize={{ minRows: 5, maxRows: 12 }} placeholder={"From: Li Na <li.na@acme.example>\nTo: sales@example.com\nSubject: …\n\n…"} value={text} onChange={(event) => setText(event.target.value)} />}
      {file && sending.error && <p className="lc-design-wrong" role="alert">{brief(sending.error, speech)}</p>}
      {ready && found.error && <p className="lc-design-wrong" role="alert">{brief(found.error, speech)}</p>}
      {ready && found.data && !found.error && <Became tried={found.data} form={String(meant["form"] ?? "")} />}
    </Section>
  );
}

function Became({ tried, form }: { tried: Tried; form: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const { read, state, about } = tried;
  const made = app.forms[form];
  return (
    <div role="status" className="lc-came">
      <p>
        {state === null ? <span className="lc-quiet">{t("tableTryWrong")}</span> : <Badge color={COLORS[state]}>{t(`letterState_${state}` as TextKey)}</Badge>} {tried.known && <Badge color="blue">{t("letterKnown")}</Badge>}
      </p>
      {about && <p>{t(tried.by === "answer" ? "letterByAnswer" : "letterByAddress")} <a href={link(["records", about.form, about.record])}>{w(app.forms[about.form]?.title)} · {about.label ?? about.record}</a></p>}
      {tried.problems.map((each, place) => <p key={place} className="lc-design-wrong">{each.detail}</p>)}
      {state === "filed" && (
        <>
          <h3>{t("letterMakes", { name: w(made?.title) || form })}</h3>
          <Facts facts={Object.entries(tried.saved).map(([name, value]) => {
            const field = made?.fields.find((each) => each.name === name);
            return [w(field?.title) || name, field && value !== null ? <Value field={field} value={value} /> : "–"] as const;
          })} />
        </>
      )}
      <details className="lc-ruled-more">
        <summary>{t("letterRead")}</summary>
        <Facts facts={[[t("letterFrom"), `${read.sender_name} <${read.sender}>`], [t("letterTo"), read.recipients.join(", ")], [t("letterSubject"), read.subject], read.at !== null && [t("letterAt"), instant(read.at, true)], read.files.length > 0 && [t("letterFiles"), read.files.join(", ")]]} />
        <p className="lc-letter-text">{read.text}</p>
      </details>
    </div>
  );
}
