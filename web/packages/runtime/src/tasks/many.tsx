import { brief, useSpeech } from "@lowcode/kit";
import type { Task } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { answered } from "./answered";
import { WORDS } from "./words";

interface Answer {
  items: { task: number; done: boolean; problems: { detail: string }[] }[];
}

const ORDER = ["approve", "complete", "abstain", "reject"];

/** What may be answered to every one of them; an answer that takes more than an opinion is given one by one. */
export const common = (tasks: Task[]): string[] => (tasks.length === 0 ? [] : ORDER.filter((each) => tasks.every((task) => task.decisions?.includes(each))));

/** One answer to several tasks: each is decided, or refused with its reason, for itself. */
export function Many({ tasks, all, choose, close }: { tasks: Task[]; all: Task[]; choose: (tasks: Task[]) => void; close: () => void }) {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const [opinion, setOpinion] = useState("");
  const [busy, setBusy] = useState(false);
  const [left, setLeft] = useState<{ task: Task; why: string }[]>([]);
  const decisions = common(tasks);
  const send = async (decision: string) => {
    setBusy(true);
    try {
      const { items } = await client.run<Answer>("flows.decide_many", { tasks: tasks.map((each) => each.id), decision, opinion: opinion.trim() || undefined });
      const refused = items.filter((each) => !each.done);
      const done = items.length - refused.length;
      if (done > 0) void message.success(t("tasksManyDone", { count: done }));
      setLeft(refused.map((each) => ({ task: tasks.find(({ id }) => id === each.task)!, why: each.problems.map((problem) => problem.detail).join("; ") })));
      choose(tasks.filter((each) => refused.some(({ task }) => task === each.id)));
      setOpinion("");
      answered(queries, items.filter((each) => each.done).map((each) => each.task));
      if (refused.length === 0) close();
    } catch (error) {
      void message.error(brief(error, speech), 6);
    } finally {
      setBusy(false);
    }
  };
  const ask = (decision: string) =>
    modal.confirm({
      title: t("tasksManyAsk", { count: tasks.length, decision: t(WORDS[decision]!) }),
      okText: t(WORDS[decision]!),
      okButtonProps: { danger: decision === "reject" },
      cancelText: t("cancel"),
      onOk: () => send(decision),
    });
  return (
    <div className="lc-tasks-many" role="group" aria-label={t("tasksMany")}>
      <div className="lc-tasks-many-head">
        <Checkbox checked={tasks.length > 0 && tasks.length === all.length} indeterminate={tasks.length > 0 && tasks.length < all.length} onChange={(event) => choose(event.target.checked ? all : [])}>
          {t("tasksManyAll")}
        </Checkbox>
        <span className="lc-quiet">{t("tasksManyChosen", { count: tasks.length })}</span>
        <Button type="text" size="small" onClick={close}>
          {t("cancel")}
        </Button>
      </div>
      {left.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("tasksManyLeft", { count: left.length })}
          description={
            <ul>
              {left.map(({ task, why }) => (
                <li key={task.id}>
                  {task.subject} — {why}
                </li>
              ))}
            </ul>
          }
        />
      )}
      {tasks.length > 0 && decisions.length === 0 && <p className="lc-quiet">{t("tasksManyNone")}</p>}
      {decisions.length > 0 && (
        <>
          <Input.TextArea aria-label={t("opinion")} placeholder={t("opinionOptional")} value={opinion} autoSize={{ minRows: 1, maxRows: 4 }} onChange={(event) => setOpinion(event.target.value)} />
          <div className="lc-decide-buttons">
            {decisions.map((each, at) => (
              <Button key={each} type={at === 0 ? "primary" : "default"} danger={each === "reject"} disabled={busy} onClick={() => ask(each)}>
                {t(WORDS[each]!)}
              </Button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}
