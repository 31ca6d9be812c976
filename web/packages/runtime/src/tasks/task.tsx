import { ArrowLeftOutlined, CheckOutlined, CloseOutlined, ExportOutlined } from "@ant-design/icons";
import { Badge, brief, go, instant, recordLink, Sketch, useSpeech } from "@lowcode/kit";
import { Problem, type Form, type Instance, type RecordReference, type StoredRecord, type Task } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { Facts } from "../detail/facts";
import { useRuntime } from "../runtime";
import { Progress } from "./progress";
import { outcomeColor, outcomeText } from "./words";

/** One task: what it is about, how far the flow is, and the decision. */
export function TaskPanel({ task, back }: { task: Task; back?: string }) {
  const { t, w, locale } = useSpeech();
  const instance = useInstance(task);
  return (
    <article className="lc-task-panel">
      {back && (
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={() => go(back)}>
          {t("tasks")}
        </Button>
      )}
      <header>
        <div className="lc-quiet">
          {w(task.flow.title)} {w(task.title) && `· ${w(task.title)}`} {task.due_at && `· ${t("due")} ${instant(task.due_at)}`}
        </div>
        <h2>
          {task.subject || w(task.title)} {task.decision && <Badge color={outcomeColor(task.decision)}>{outcomeText(task.decision, locale)}</Badge>}
        </h2>
        {task.record && (
          <a className="lc-task-record" href={recordLink(task.record.form, task.record.id)}>
            <ExportOutlined aria-hidden /> {t("openRecord")}: {task.record.label}
          </a>
        )}
      </header>
      {task.state === "open" && task.kind !== "instance" && task.mine !== false && <Decide task={task} />}
      {task.record && <About reference={task.record} />}
      {instance && <Progress instance={instance} />}
    </article>
  );
}

function useInstance(task: Task): Instance | undefined {
  const { client } = useRuntime();
  const whole = useQuery({ queryKey: ["task", task.kind, task.id], queryFn: () => client.run<Task>("flows.task", { id: task.id }), enabled: task.kind !== "instance" });
  const record = task.record;
  const history = useQuery({
    queryKey: ["flows", record?.form, record?.id],
    queryFn: () => client.run<{ items: Instance[] }>("flows.history", { form: record!.form, id: record!.id }),
    enabled: task.kind === "instance" && record != null,
  });
  return whole.data?.instance ?? history.data?.items.find((each) => each.id === task.id) ?? (task.kind === "instance" ? history.data?.items[0] : undefined);
}

function About({ reference }: { reference: RecordReference }) {
  const { client, app } = useRuntime();
  const form: Form | undefined = app.forms[reference.form];
  const found = useQuery({ queryKey: ["record", reference.form, reference.id], queryFn: () => client.get(reference.form, reference.id), enabled: form !== undefined });
  if (!form || found.error) return null;
  if (!found.data) return <Sketch rows={5} />;
  return <Facts form={form} record={found.data as StoredRecord} />;
}

function Decide({ task }: { task: Task }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const [opinion, setOpinion] = useState("");
  const [busy, setBusy] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const decide = async (decision: "approve" | "reject" | "complete") => {
    if (task.opinion_rule === "required" && opinion.trim() === "") {
      setWrong(t("opinionNeeded"));
      return;
    }
    setBusy(decision);
    setWrong("");
    try {
      await client.run("flows.decide", { task: task.id, decision, opinion: opinion.trim() || undefined });
      void message.success(t("decided"));
      await queries.invalidateQueries();
    } catch (error) {
      if (error instanceof Problem && error.status !== 0) setWrong(error.errors[0]?.detail ?? error.general);
      else void message.error(brief(error, speech));
      if (error instanceof Problem && error.conflict) await queries.invalidateQueries();
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className="lc-decide">
      {task.opinion_rule !== "none" && (
        <Input.TextArea aria-label={t("opinion")} placeholder={t(task.opinion_rule === "required" ? "opinion" : "opinionOptional")} value={opinion} autoSize={{ minRows: 2, maxRows: 6 }} status={wrong ? "error" : undefined} onChange={(event) => setOpinion(event.target.value)} />
      )}
      {wrong && (
        <div className="lc-problem" role="alert">
          {wrong}
        </div>
      )}
      <div className="lc-decide-buttons">
        {task.kind === "approve" ? (
          <>
            <Button type="primary" icon={<CheckOutlined />} loading={busy === "approve"} disabled={busy !== null} onClick={() => void decide("approve")}>
              {t("approve")}
            </Button>
            <Button danger icon={<CloseOutlined />} loading={busy === "reject"} disabled={busy !== null} onClick={() => void decide("reject")}>
              {t("reject")}
            </Button>
          </>
        ) : (
          <Button type="primary" icon={<CheckOutlined />} loading={busy === "complete"} onClick={() => void decide("complete")}>
            {t("complete")}
          </Button>
        )}
      </div>
    </div>
  );
}
