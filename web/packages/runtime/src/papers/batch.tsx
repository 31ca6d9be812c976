import { Failure, useSpeech, Waiting } from "@lowcode/kit";
import { address, type Form, type StoredRecord } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal, Progress, Radio, Select, Space } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { Labels } from "./labels";

interface State {
  state: "waiting" | "running" | "done";
  total: number;
  done: number;
  refused: { id: number; reason: string }[];
  files: { id: number; name: string }[];
}

/** The papers of many records in one go, with progress, then the file. */
export function BatchDialog({ form, chosen, close }: { form: Form; chosen: StoredRecord[]; close: () => void }) {
  const { client } = useRuntime();
  const { t, w, locale } = useSpeech();
  const papers = (form.print ?? []).filter((each) => each.outputs?.includes("pdf") ?? true);
  const [template, setTemplate] = useState(papers[0]?.name ?? "");
  const [format, setFormat] = useState("pdf");
  const [batch, setBatch] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const found = useQuery({
    queryKey: ["batch", batch],
    queryFn: () => client.run<State>("printing.progress", { batch }),
    enabled: batch !== null,
    refetchInterval: (query) => (query.state.data?.state === "done" ? false : 1000),
    gcTime: 0,
  });
  const begin = async () => {
    setError(null);
    try {
      setBatch((await client.run<{ batch: number }>("printing.batch", { template, format, language: locale, ids: chosen.map((each) => each.id) })).batch);
    } catch (problem) {
      setError(problem);
    }
  };
  const now = found.data;
  const paper = papers.find((each) => each.name === template);
  const label = (id: number) => chosen.find((each) => each.id === id)?._label ?? String(id);
  return (
    <Modal open title={t("printMany", { count: chosen.length })} onCancel={close} footer={null}>
      {error || found.error ? (
        <Failure error={error ?? found.error} retry={() => (error ? void begin() : void found.refetch())} />
      ) : batch === null ? (
        <Space direction="vertical" size="middle" style={{ width: "100%" }}>
          <Select aria-label={t("paperKind")} style={{ width: "100%" }} value={template} onChange={setTemplate} options={papers.map((each) => ({ value: each.name, label: w(each.title) }))} />
          {paper && (paper.labels || paper.roll) ? <Labels key={paper.name} paper={paper} ids={chosen.map((each) => each.id)} /> : null}
          <Radio.Group style={paper?.labels || paper?.roll ? { display: "none" } : undefined} value={format} onChange={(event) => setFormat(String(event.target.value))} options={[{ value: "pdf", label: t("batchPdf") }, { value: "zip", label: t("batchZip") }]} />
          {!paper?.labels && !paper?.roll && (
            <Button type="primary" onClick={() => void begin()} disabled={!template}>
              {t("batchBegin")}
            </Button>
          )}
        </Space>
      ) : !now ? (
        <Waiting />
      ) : (
        <Space direction="vertical" size="middle" style={{ width: "100%" }}>
          <Progress percent={Math.round((100 * now.done) / Math.max(now.total, 1))} status={now.state === "done" ? "success" : "active"} />
          {now.files.map((file) => (
            <Button key={file.id} type="primary" href={address(`files/${file.id}`, { download: true })}>
              {t("batchGet", { name: file.name })}
            </Button>
          ))}
          {now.refused.length > 0 && <Alert type="warning" showIcon message={t("batchRefused", { count: now.refused.length })} description={now.refused.slice(0, 10).map((each) => <div key={each.id}>{`${label(each.id)}: ${each.reason}`}</div>)} />}
        </Space>
      )}
    </Modal>
  );
}
