import { Failure, go, link, Nothing, Sketch, Strip, useNarrow, usePlace, useSpeech } from "@lowcode/kit";
import type { Task } from "@lowcode/protocol";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import { useRuntime } from "../runtime";
import { TaskLine, type Box, type Tasks } from "./line";
import { Many } from "./many";
import { counted } from "./open";
import { TaskPanel } from "./task";

const Away = lazy(() => import("./away"));

const BOXES: Box[] = ["open", "done", "started", "copied"];
const EMPTY = { open: "emptyTasks", done: "emptyTasksDone", started: "emptyTasksStarted", copied: "emptyTasksCopied" } as const;
const TITLES = { open: "tasksOpen", done: "tasksDone", started: "tasksStarted", copied: "tasksCopied" } as const;

/** Everything that waits for this person, and what came of the rest. */
export default function TasksPage() {
  const place = usePlace();
  const narrow = useNarrow();
  const { t, w } = useSpeech();
  const [, first, second] = place.path;
  const box: Box = BOXES.includes(first as Box) ? (first as Box) : "open";
  const chosen = second ? Number(second) : null;
  const { client } = useRuntime();
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ["tasks", box],
    queryFn: async ({ pageParam }) => {
      const page = await client.run<Tasks>("flows.list_tasks", { state: box, limit: 50, after: pageParam || undefined });
      if (box === "open" && pageParam === "") counted(queries, page);
      return page;
    },
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
  const near = items.find((each) => each.id === chosen);
  // A link leads to something that stands further down than was read, or came since: it is shown, and no other in its
  // place, also when it is not in this list any more.
  const further = chosen !== null && near === undefined && query.isSuccess;
  const far = useQuery({ queryKey: ["task", "further", box, chosen], queryFn: () => client.run<Tasks>("flows.list_tasks", { state: box, only: chosen, limit: 1 }), enabled: further, retry: false });
  const found: Task | undefined = further ? far.data?.items[0] : undefined;
  const selected = near ?? found ?? (narrow || chosen !== null ? undefined : items[0]);
  const gone = chosen !== null && !selected && query.isSuccess && !(further && far.isPending) && <Nothing small={items.length === 0 || narrow} title={t("taskGone")} hint={t("taskGoneHint")} />;
  // The list answers the press at once; what stands beside it is drawn after that.
  const beside = useDeferredValue(selected);
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
          {(narrow || items.length === 0) && gone}
          {list}
        </div>
        {!narrow && items.length > 0 && <div className="lc-inbox-side">{gone || (beside ? <TaskPanel key={`${beside.kind}${beside.id}`} task={beside} /> : chosen === null && <Nothing title={t("chooseTask")} />)}</div>}
      </div>
    </div>
  );
}
