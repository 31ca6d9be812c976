import { Badge, Failure, go, link, Nothing, Sketch, Strip, useNarrow, usePlace, useSpeech, When } from "@lowcode/kit";
import type { Task } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { lazy, Suspense, useState } from "react";
import { useRuntime } from "../runtime";
import { Many } from "./many";
import { TaskPanel } from "./task";
import { outcomeColor, outcomeText } from "./words";

const Away = lazy(() => import("./away"));

type Box = "open" | "done" | "started" | "copied";
const BOXES: Box[] = ["open", "done", "started", "copied"];
const EMPTY = { open: "emptyTasks", done: "emptyTasksDone", started: "emptyTasksStarted", copied: "emptyTasksCopied" } as const;
const TITLES = { open: "tasksOpen", done: "tasksDone", started: "tasksStarted", copied: "tasksCopied" } as const;

interface Tasks {
  items: Task[];
  next: string | null;
  counts?: Record<string, number>;
}

/** Everything that waits for this person, and what came of the rest. */
export default function TasksPage() {
  const place = usePlace();
  const narrow = useNarrow();
  const { t, w } = useSpeech();
  const [, first, second] = place.path;
  const box: Box = BOXES.includes(first as Box) ? (first as Box) : "open";
  const chosen = second ? Number(second) : null;
  const { client } = useRuntime();
  const query = useInfiniteQuery({
    queryKey: ["tasks", box],
    queryFn: ({ pageParam }) => client.run<Tasks>("flows.list_tasks", { state: box, limit: 50, after: pageParam || undefined }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const [several, setSeveral] = useState<number[] | null>(null);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = query.data?.pages[0]?.counts ?? {};
  const [away, setAway] = useState(false);
  const open = items.filter((each) => box === "open" && each.kind !== "copy");
  const picked = several === null ? [] : open.filter((each) => several.includes(each.id));
  const pick = (id: number) => setSeveral((before) => (before?.includes(id) ? before.filter((each) => each !== id) : [...(before ?? []), id]));
  const selected = items.find((each) => each.id === chosen) ?? (narrow ? undefined : items[0]);
  const list = query.error ? (
    <Failure error={query.error} retry={() => void query.refetch()} />
  ) : query.isPending ? (
    <Sketch rows={6} />
  ) : items.length === 0 ? (
    <Nothing title={t(EMPTY[box])} hint={box === "open" ? t("emptyTasksHint") : undefined} />
  ) : (
    <ul className={several === null ? "lc-tasks" : "lc-tasks lc-tasks-picking"} aria-label={t(TITLES[box])}>
      {items.map((task) => (
        <li key={`${task.kind}${task.id}`}>
          {several !== null && <Checkbox aria-label={task.subject || w(task.title)} checked={several.includes(task.id)} disabled={!open.includes(task)} onChange={() => pick(task.id)} />}
          <TaskLine task={task} box={box} chosen={selected?.id === task.id && !narrow} />
        </li>
      ))}
      {query.hasNextPage && (
        <li className="lc-more">
          <Button type="text" onClick={() => void query.fetchNextPage()}>
            {t("loadMore")}
          </Button>
        </li>
      )}
    </ul>
  );
  if (narrow && selected) return <TaskPanel key={selected.id} task={selected} back={link(["tasks", box])} />;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("tasks")}</h1>
          <span className="lc-grow" />
          <div className="lc-actions">
            {several === null && open.length > 1 && <Button onClick={() => setSeveral([])}>{t("tasksMany")}</Button>}
            <Button onClick={() => setAway(true)}>{t("awayTitle")}</Button>
          </div>
        </div>
        {away && (
          <Suspense fallback={null}>
            <Away close={() => setAway(false)} />
          </Suspense>
        )}
      </header>
      <Strip
        label={t("tasks")}
        at={box}
        onTurn={(key) => {
          setSeveral(null);
          go(link(["tasks", key]));
        }}
        leaves={BOXES.map((key) => ({ key, label: <>{t(TITLES[key])}{counts[key] ? <span className="lc-pill">{counts[key]}</span> : null}</> }))}
      />
      <div className={narrow || items.length === 0 ? "" : "lc-inbox"}>
        <div className="lc-sheet">
          {several !== null && box === "open" && <Many tasks={picked} all={open} choose={(tasks) => setSeveral(tasks.map((each) => each.id))} close={() => setSeveral(null)} />}
          {list}
        </div>
        {!narrow && items.length > 0 && <div className="lc-inbox-side">{selected ? <TaskPanel key={`${selected.kind}${selected.id}`} task={selected} /> : <Nothing title={t("chooseTask")} />}</div>}
      </div>
    </div>
  );
}

function TaskLine({ task, box, chosen }: { task: Task; box: Box; chosen: boolean }) {
  const { t, w, locale } = useSpeech();
  const late = task.state === "open" && task.due_at && new Date(task.due_at) < new Date();
  return (
    <a className={chosen ? "lc-task lc-task-chosen" : "lc-task"} href={link(["tasks", box, task.id])} aria-current={chosen}>
      <span className="lc-task-head">
        <span className="lc-task-title">{task.subject || w(task.title)}</span>
        {task.decision && <Badge color={outcomeColor(task.decision)}>{outcomeText(task.decision, locale)}</Badge>}
        {box === "done" && task.state === "waiting" && <Badge>{t("waitsForOthers")}</Badge>}
        {box === "done" && task.reason === "transferred" && <Badge>{t("handedOn")}</Badge>}
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
