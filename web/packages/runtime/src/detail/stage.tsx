import { ClockCircleOutlined, FileTextOutlined, PaperClipOutlined } from "@ant-design/icons";
import { brief, recordLink, useSpeech } from "@lowcode/kit";
import { address, type Field, type Form, type Stage, type StoredFile, type StoredRecord, type Wanted } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Upload } from "antd";
import { useState } from "react";
import { renewed } from "../changed";
import { useRuntime } from "../runtime";
import { Ask as Asked, Seek } from "./asked";

/** What the stage of a record asks for, what is there already, and how the work is done. */
export function StagePanel({ form, field, record }: { form: Form; field: Field; record: StoredRecord }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const current = field.states?.find((each) => each.name === record[field.name]);
  const found = useQuery({
    queryKey: ["record", form.name, record.id, "stage", field.name, record.version],
    queryFn: () => client.run<Stage>("records.stage", { type: form.name, id: record.id, field: field.name }),
    enabled: current?.staged === true,
  });
  const stage = found.data;
  if (!current?.staged || !stage) return null;
  const needed = stage.wanted.filter((each) => each.required);
  const met = needed.filter((each) => each.met).length;
  return (
    <section className="lc-stage lc-panel" aria-label={t("stageAsks")}>
      {stage.wanted.length > 0 && (
        <div className="lc-stage-asks">
          <h2 className="lc-stage-title">
            {t("stageAsks")}
            <span className={met === needed.length ? "lc-pill lc-stage-ready" : "lc-pill lc-pill-quiet"}>
              {met} / {needed.length}
            </span>
            <Age days={stage.days} age={stage.age} limit={stage.limit} />
          </h2>
          <ul className="lc-stage-list">
            {stage.wanted.map((each) => (
              <li key={`${each.kind}.${each.field}.${each.key ?? each.title}`}>
                <Ask form={form} record={record} each={each} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {stage.guide && (
        <div className="lc-stage-guide">
          <h2 className="lc-stage-title">
            {t("stageGuide")}
            {stage.wanted.length === 0 && <Age days={stage.days} age={stage.age} limit={stage.limit} />}
          </h2>
          {stage.guide.text && <p>{stage.guide.text}</p>}
          {stage.guide.documents.length > 0 && (
            <ul className="lc-stage-documents">
              {stage.guide.documents.map((each) => (
                <li key={each.id}>
                  <a href={recordLink(each.form, each.id)}>
                    <FileTextOutlined aria-hidden /> {each.label}
                  </a>
                  {each.files.map((file) => (
                    <a key={file.id} href={address(`files/${file.id}`, { download: true })}>
                      <PaperClipOutlined aria-hidden /> {file.name}
                    </a>
                  ))}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {stage.wanted.length === 0 && !stage.guide && <Age days={stage.days} age={stage.age} limit={stage.limit} />}
    </section>
  );
}

/** For how long a record has stood in its stage, and whether that is too long. */
export function Age({ days, age, limit, small }: { days: number | null; age: "late" | "overdue" | null; limit?: number | null; small?: boolean }) {
  const { t } = useSpeech();
  if (days === null || (small && !age)) return null;
  const words = limit ? t("stageDaysOf", { days: String(days), limit: String(limit) }) : t("stageDays", { days: String(days) });
  return (
    <span className={age ? `lc-pill lc-age-${age}` : "lc-quiet lc-stage-days"} title={age ? t(age === "late" ? "stageLate" : "stageOverdue") : undefined}>
      <ClockCircleOutlined aria-hidden /> {small ? t("stageDays", { days: String(days) }) : words}
      {age && <span className="lc-hidden">{t(age === "late" ? "stageLate" : "stageOverdue")}</span>}
    </span>
  );
}

function Ask({ form, record, each }: { form: Form; record: StoredRecord; each: Wanted }) {
  const { openForm } = useRuntime();
  const { t } = useSpeech();
  const field = form.fields.find((other) => other.name === each.field);
  const may = record._meta?.can?.["edit"] !== false && field !== undefined && !field.read_only;
  const { change, busy } = useChange(form, record);
  if (each.kind === "check" && each.field && each.key) {
    const ticked = (record[each.field] as string[] | null) ?? [];
    const next = each.met ? ticked.filter((name) => name !== each.key) : [...ticked, each.key];
    return (
      <Checkbox checked={each.met} disabled={!may || busy} onChange={() => void change({ [each.field!]: next.length > 0 ? next : null })}>
        {each.title}
        {!each.required && <span className="lc-quiet"> {t("stageOptional")}</span>}
      </Checkbox>
    );
  }
  return (
    <Asked each={each}>
      {each.kind === "deliverable" ? may && <Attach form={form} record={record} field={field} /> : <Seek form={form} record={record} each={each} go={(at) => openForm({ form: form.name, id: record.id, at })} />}
    </Asked>
  );
}

function Attach({ form, record, field }: { form: Form; record: StoredRecord; field: Field }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const { change, busy } = useChange(form, record);
  const send = async (file: File) => {
    const given = record[field.name] as StoredFile[] | StoredFile | null;
    const before = Array.isArray(given) ? given : given ? [given] : [];
    await change(async () => ({ [field.name]: [...before, await client.upload(file)].map((each) => each.id) }));
  };
  return (
    <Upload showUploadList={false} accept={field.accept?.join(",")} customRequest={({ file }) => void send(file as File)}>
      <Button type="link" size="small" loading={busy}>
        {t("upload")}
      </Button>
    </Upload>
  );
}

/** Changes a value of the record in place; a refusal is told. */
function useChange(form: Form, record: StoredRecord) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [busy, setBusy] = useState(false);
  const change = async (values: Record<string, unknown> | (() => Promise<Record<string, unknown>>)) => {
    setBusy(true);
    try {
      await client.update(form.name, record.id, record.version, typeof values === "function" ? await values() : values);
    } catch (error) {
      void message.error(brief(error, speech));
    } finally {
      await renewed(queries);
      setBusy(false);
    }
  };
  return { change, busy };
}
