import { CheckCircleFilled, CloseCircleFilled, InboxOutlined, InfoCircleFilled } from "@ant-design/icons";
import { Failure, instant, recordLink, useSpeech, Waiting } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button, Card, Descriptions, Form, InputNumber, Upload } from "antd";
import { useState, type ReactNode } from "react";
import { useRuntime } from "../runtime";
import { sha256 } from "./sha256";

interface Print {
  id: number;
  template: string;
  record_type: string;
  record_id: number;
  copy: number;
  file_name: string;
  printed_by: number | null;
  printed_at: string;
}
interface Batch {
  id: number;
  template: string;
  papers: number;
  asked_by: number | null;
  ended_at: string;
}
interface Answer {
  known: boolean;
  digest: string | null;
  print: Print | null;
  batch: Batch | null;
  proven: boolean | null;
}
type Asked = { digest: string; name: string } | { print: number };

/** Whether a file is what was printed here: its fingerprint is computed in the browser, the file stays where it is. */
export default function VerifyPage() {
  const { t } = useSpeech();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const [number, setNumber] = useState<number | null>(null);
  const look = async (file: File) => {
    setBusy(true);
    setAsked({ digest: await sha256(file), name: file.name });
    setBusy(false);
  };
  return (
    <div className="lc-page lc-verify">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("verify")}</h1>
        </div>
      </header>
      <p className="lc-quiet">{t("verifyHint")}</p>
      <Upload.Dragger showUploadList={false} multiple={false} beforeUpload={(file) => (void look(file), false)}>
        <p className="ant-upload-drag-icon">
          <InboxOutlined />
        </p>
        <p>{t("verifyDrop")}</p>
      </Upload.Dragger>
      <Form layout="inline" className="lc-verify-number" onFinish={() => number !== null && setAsked({ print: number })}>
        <Form.Item label={t("verifyNumber")}>
          <InputNumber min={1} precision={0} value={number} onChange={(value) => setNumber(value)} aria-label={t("verifyNumber")} />
        </Form.Item>
        <Button htmlType="submit" disabled={number === null}>
          {t("verifyNow")}
        </Button>
      </Form>
      {busy ? <Waiting /> : asked && <Found key={JSON.stringify(asked)} asked={asked} />}
    </div>
  );
}

function Found({ asked }: { asked: Asked }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const given = "digest" in asked ? { digest: asked.digest } : asked;
  const found = useQuery({ queryKey: ["verify", given], queryFn: () => client.run<Answer>("printing.verify", given), gcTime: 0, retry: false });
  if (found.error instanceof Problem && found.error.status === 404) return <Verdict sort="bad" title={t("verifyNoNumber")} />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const { known, print, batch, proven, digest } = found.data;
  const name = "name" in asked ? asked.name : undefined;
  if (!known) return <Verdict sort="bad" title={t("verifyUnknown")} hint={t("verifyUnknownHint")} name={name} digest={digest} />;
  const number = "print" in asked;
  return (
    <Verdict sort={number ? "told" : "good"} title={number ? t("verifyKept") : t("verifyKnown")} hint={number ? t("verifyKeptHint") : proven ? t("verifyProven") : proven === false ? t("verifyOther") : undefined} name={name} digest={digest}>
      {print ? <OfPrint print={print} /> : batch ? <OfBatch batch={batch} /> : <p className="lc-quiet">{t("verifyHidden")}</p>}
    </Verdict>
  );
}

const SIGNS = { good: <CheckCircleFilled />, bad: <CloseCircleFilled />, told: <InfoCircleFilled /> };

function Verdict({ sort, title, hint, name, digest, children }: { sort: keyof typeof SIGNS; title: string; hint?: string; name?: string; digest?: string | null; children?: ReactNode }) {
  const { t } = useSpeech();
  return (
    <Card className={`lc-verdict lc-verdict-${sort}`} role="status">
      <h2>
        {SIGNS[sort]} {title}
      </h2>
      {name && <p className="lc-verdict-name">{name}</p>}
      {hint && <p className="lc-quiet">{hint}</p>}
      {children}
      {digest && !digest.startsWith("batch:") && (
        <p className="lc-verdict-digest">
          <span className="lc-quiet">{t("verifyFingerprint")}</span> <code>{digest}</code>
        </p>
      )}
    </Card>
  );
}

function OfPrint({ print }: { print: Print }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const form = app.forms[print.record_type];
  const title = form?.print?.find((each) => each.name === print.template)?.title;
  return (
    <Descriptions column={1} size="small">
      <Descriptions.Item label={t("verifyPaper")}>{w(title) || print.file_name}</Descriptions.Item>
      <Descriptions.Item label={t("verifyRecord")}>
        <a href={recordLink(print.record_type, print.record_id)}>{print.file_name.replace(/\.[a-z]+$/, "")}</a>
      </Descriptions.Item>
      <Descriptions.Item label={t("verifyCopy")}>{`${print.copy}　${t("printNumber", { number: print.id })}`}</Descriptions.Item>
      <Descriptions.Item label={t("verifyBy")}>
        <Person id={print.printed_by} />
      </Descriptions.Item>
      <Descriptions.Item label={t("verifyAt")}>{instant(print.printed_at)}</Descriptions.Item>
    </Descriptions>
  );
}

function OfBatch({ batch }: { batch: Batch }) {
  const { t } = useSpeech();
  return (
    <Descriptions column={1} size="small">
      <Descriptions.Item label={t("verifyPaper")}>{t("verifyBatch", { count: batch.papers })}</Descriptions.Item>
      <Descriptions.Item label={t("verifyBy")}>
        <Person id={batch.asked_by} />
      </Descriptions.Item>
      <Descriptions.Item label={t("verifyAt")}>{instant(batch.ended_at)}</Descriptions.Item>
    </Descriptions>
  );
}

function Person({ id }: { id: number | null }) {
  const { client } = useRuntime();
  const found = useQuery({ queryKey: ["verify", "person", id], queryFn: () => client.run<Record<string, string>>("records.label", { type: "user", ids: [id] }), enabled: id !== null });
  return <>{(id !== null && found.data?.[String(id)]) || "–"}</>;
}
