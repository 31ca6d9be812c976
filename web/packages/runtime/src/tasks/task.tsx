import { ArrowLeftOutlined, CheckOutlined, CloseOutlined, ExportOutlined } from "@ant-design/icons";
import { Badge, brief, go, instant, recordLink, Sketch, useSpeech } from "@lowcode/kit";
import { Problem, type Action, type Instance, type Task } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { changed } from "../changed";
import { Words } from "../detail/comment";
import { Facts } from "../detail/facts";
import { useRuntime } from "../runtime";
import { useTaskRecord } from "./about";
import { ActionForm, MoreActions } from "./act";
import { AdviceNote } from "./advice";
import { TaskFields, type Entered } from "./fields";
import { answered } from "./answered";
import { Progress, Still } from "./progress";
import { outcomeColor, outcomeText } from "./words";

const ROLES = { before: "roleBefore", after: "roleAfter", next: "roleNext", delegate: "roleDelegate", consult: "roleConsult" } as const;

/** One task: what it is about, how far the flow is, and the decision. */
export function TaskPanel({ task, back }: { task: Task; back?: string }) {
  const { t, w, locale } = useSpeech();
  const { instance, whole } = useWhole(task);
  const actions = (task.kind === "instance" ? instance?.actions : whole?.actions) ?? [];
  const asked = task.kind !== "copy" && task.kind !== "instance";
  const deciding = actions.filter((each) => each.operation === "flows.decide");
  const open = task.state === "open" && asked && task.mine !== false;
  const more = [...actions.filter((each) => each.operation !== "flows.decide"), ...deciding.filter((each) => each.parameters.some((field) => field.name !== "opinion"))];
  return (
    <article className="lc-task-panel">
      {back && (
        <Button type="text" icon={<ArrowLeftOutlined />} onClick={() => go(back)}>
          {t("tasks")}
        </Button>
      )}
      <header>
        <div className="lc-quiet">
          {task.by && `${t(task.kind === "copy" ? "copiedBy" : "askedBy", { name: task.by.label })} · `}
          {w(task.flow.title)} {w(task.title) && w(task.title) !== w(task.flow.title) && `· ${w(task.title)}`} {task.due_at && `· ${t("due")} ${instant(task.due_at)}`}
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
      {task.text && <p>{task.text}</p>}
      {task.role && task.by && <p className="lc-said">{t(ROLES[task.role], { name: task.by.label })}</p>}
      {task.behalf && <p className="lc-said">{t("onBehalfYou", { name: task.behalf.label })}</p>}
      {whole?.help && <p className="lc-said">{whole.help}</p>}
      {whole?.advice && <AdviceNote advice={whole.advice} />}
      {asked && instance?.suspended && <Still suspended={instance.suspended} />}
      {open && whole && !instance?.suspended ? (
        <Decide key={`decide${task.id}`} task={whole} deciding={deciding} more={more} />
      ) : (
        more.length > 0 && (
          <div className="lc-decide">
            <div className="lc-decide-buttons">
              <MoreActions actions={more} plain />
            </div>
          </div>
        )
      )}
      {task.record && (task.kind === "instance" || whole) && <About task={whole ?? task} />}
      {instance && <Progress instance={instance} bare={task.kind === "instance"} told={asked} />}
      {instance && <Talk key={`talk${instance.id}`} instance={instance.id} />}
    </article>
  );
}

/** Says something about the flow without deciding anything; it stands among what was done. */
function Talk({ instance }: { instance: number }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const queries = useQueryClient();
  const send = async (text: string, mentions: number[]) => {
    await client.run("flows.comment", { instance, text, mentions });
    await changed(queries);
  };
  return <Words label={t("flowComment")} deed={t("send")} send={send} />;
}

function useWhole(task: Task): { instance?: Instance; whole?: Task } {
  const { client } = useRuntime();
  const whole = useQuery({ queryKey: ["task", task.kind, task.id], queryFn: () => client.run<Task>("flows.task", { id: task.id }), enabled: task.kind !== "instance" });
  const record = task.record;
  const history = useQuery({
    queryKey: ["flows", record?.form, record?.id],
    queryFn: () => client.run<{ items: Instance[] }>("flows.history", { form: record!.form, id: record!.id }),
    enabled: task.kind === "instance" && record != null,
  });
  const instance = whole.data?.instance ?? history.data?.items.find((each) => each.id === task.id) ?? (task.kind === "instance" ? history.data?.items[0] : undefined);
  return { instance, whole: whole.data };
}

function About({ task }: { task: Task }) {
  const { form, record, waits } = useTaskRecord(task);
  if (waits) return <Sketch rows={5} />;
  return form && record ? <Facts form={form} record={record} /> : null;
}

const AGREES = new Set(["approve", "complete"]);
/** What takes along what was filled in beside it. */
const CARRIES = new Set(["flows.decide", "flows.save_draft"]);
const ICONS: Record<string, ReactNode> = { approve: <CheckOutlined />, complete: <CheckOutlined />, reject: <CloseOutlined /> };

function Decide({ task, deciding, more }: { task: Task; deciding: Action[]; more: Action[] }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const [opinion, setOpinion] = useState(task.draft?.opinion ?? "");
  const [asking, ask] = useState<Action | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const entered = useRef<Entered>(null);
  /** An answer with what was filled in, once all of it is there; null when something is still wrong. */
  const withFields = async (action: Action): Promise<Action | null> => {
    if (!CARRIES.has(action.operation) || !entered.current) return action;
    const ready = await entered.current.ready();
    const filled = entered.current;
    if (!ready || !filled) return null; // what was left meanwhile is not decided
    if (action.operation === "flows.save_draft") return { ...action, fixed: { ...action.fixed, values: filled.draft() } };
    const values = filled.values(AGREES.has(String(action.fixed["decision"])));
    return values && (Object.keys(values).length > 0 ? { ...action, fixed: { ...action.fixed, values } } : action);
  };
  const said = useRef<HTMLDivElement>(null);
  // The answers stay at hand on a phone when what stands above them was scrolled away.
  useEffect(() => {
    if (wrong) said.current?.scrollIntoView({ block: "center" });
  }, [wrong]);
  const refuse = (problem: Problem) => entered.current?.refuse(problem) ?? problem.errors;
  const decide = async (chosen: Action) => {
    const decision = String(chosen.fixed["decision"]);
    setWrong("");
    setBusy(decision);
    const action = await withFields(chosen).finally(() => setBusy(null));
    const needed = chosen.parameters.filter((each) => each.required);
    const asks = needed.some((each) => each.name !== "opinion");
    const unsaid = !asks && needed.length > 0 && opinion.trim() === "";
    if (unsaid) setWrong(t("opinionNeeded"));
    if (!action || unsaid) return;
    if (asks) {
      ask(action);
      return;
    }
    setBusy(decision);
    try {
      await client.run(action.operation, { ...action.fixed, opinion: opinion.trim() || undefined });
      void message.success(w(action.done) || t("decided"));
      answered(queries, [task.id]);
    } catch (error) {
      if (error instanceof Problem && error.errors.length > 0) setWrong(refuse(error).map((each) => each.detail).join("\n"));
      else if (error instanceof Problem && error.status !== 0) setWrong(brief(error, speech));
      else void message.error(brief(error, speech));
      if (error instanceof Problem && error.conflict) await changed(queries);
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className="lc-decide">
      <TaskFields task={task} ref={entered} />
      {task.opinion_rule !== "none" && (
        <Input.TextArea aria-label={t("opinion")} placeholder={t(task.opinion_rule === "required" ? "opinion" : "opinionOptional")} value={opinion} autoSize={{ minRows: 2, maxRows: 6 }} status={wrong ? "error" : undefined} readOnly={busy !== null} onChange={(event) => setOpinion(event.target.value)} />
      )}
      {wrong && (
        <div ref={said} className="lc-problem lc-many-lines" role="alert">
          {wrong}
        </div>
      )}
      <div className="lc-decide-buttons">
        {deciding.map((each) => {
          const decision = String(each.fixed["decision"]);
          const first = AGREES.has(decision);
          return (
            <Button key={decision} type={first ? "primary" : "default"} danger={each.danger} icon={ICONS[decision]} loading={busy === decision} disabled={busy !== null} onClick={() => void decide(each)}>
              {w(each.title)}
            </Button>
          );
        })}
        <MoreActions actions={more} given={{ opinion }} ready={withFields} refuse={refuse} />
      </div>
      {asking && <ActionForm action={asking} given={{ opinion }} refuse={refuse} close={() => ask(null)} />}
    </div>
  );
}
