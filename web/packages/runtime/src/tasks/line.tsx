import { Badge, link, useSpeech, When } from "@lowcode/kit";
import type { Task } from "@lowcode/protocol";
import { outcomeColor, outcomeText } from "./words";

export type Box = "open" | "done" | "started" | "copied";

export interface Tasks {
  items: Task[];
  next: string | null;
  counts?: Record<string, number>;
}

/** One task of a list. */
export function TaskLine({ task, box, chosen }: { task: Task; box: Box; chosen: boolean }) {
  const { t, w, locale } = useSpeech();
  const late = task.state === "open" && task.due_at && new Date(task.due_at) < new Date();
  return (
    <a className={chosen ? "lc-task lc-task-chosen" : "lc-task"} href={link(["tasks", box, task.id])} aria-current={chosen}>
      <span className="lc-task-head">
        <span className="lc-task-title">{task.subject || w(task.title)}</span>
        {task.decision && <Badge color={outcomeColor(task.decision)}>{outcomeText(task.decision, locale)}</Badge>}
        {box === "done" && task.state === "waiting" && <Badge>{t("waitsForOthers")}</Badge>}
        {box === "done" && task.reason === "transferred" && <Badge>{t("handedOn")}</Badge>}
        {task.suspended && <Badge color="orange">{t("flowSuspended")}</Badge>}
        {late && <Badge color="red">{t("overdue")}</Badge>}
      </span>
      <span className="lc-task-foot">
        <span>{w(task.title) || w(task.flow.title)}</span>
        {task.starter && <span>{t("startedBy", { name: task.starter.label })}</span>}
        <When at={task.decided_at ?? task.created_at} />
      </span>
    </a>
  );
}
