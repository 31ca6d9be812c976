import { describe, go, Nothing, parse, useSpeech, Waiting, type Place } from "@lowcode/kit";
import type { Application } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Button } from "antd";
import { lazy, Suspense, useEffect, useState, type ComponentType } from "react";
import { homeOf } from "./menu";

/** A page that stands at once when its code is there already: `lazy` alone would show that it waits, and React would keep that for a moment. */
function part<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let there: ComponentType<Props> | undefined;
  const begin = () => load().then((module) => ((there = module.default), module));
  const Late: ComponentType<Props> = lazy(begin);
  function Part(props: Props) {
    const [Shown] = useState(() => there ?? Late);
    return <Shown {...props} />;
  }
  return Object.assign(Part, { begin });
}

const Records = part(() => import("@lowcode/runtime/grid/page"));
const Tasks = part(() => import("@lowcode/runtime/tasks/page"));
const Dashboard = part(() => import("@lowcode/runtime/dashboards/page"));
const Record = lazy(() => import("@lowcode/runtime/detail/page"));
const Bin = lazy(() => import("@lowcode/runtime/bin/page"));
const Drafts = lazy(() => import("@lowcode/runtime/drafts/page"));
const Report = lazy(() => import("@lowcode/runtime/dashboards/page").then((module) => ({ default: module.ReportPage })));
const Pools = lazy(() => import("@lowcode/runtime/pools/page"));
const Automation = lazy(() => import("@lowcode/runtime/automation/page"));
const Unsent = lazy(() => import("@lowcode/runtime/offline/page"));
const Flows = lazy(() => import("@lowcode/runtime/flows/page"));
const Simulate = lazy(() => import("@lowcode/runtime/flows/simulate"));
const HandOver = lazy(() => import("@lowcode/runtime/handover/page"));
const Access = lazy(() => import("@lowcode/runtime/access/page"));
const Connections = lazy(() => import("@lowcode/runtime/connections/page"));
const Explore = lazy(() => import("@lowcode/runtime/dashboards/explore"));
const Paper = lazy(() => import("@lowcode/runtime/papers/page"));
const Designer = lazy(() => import("@lowcode/designer/page"));
const ConnectionDesigner = lazy(() => import("@lowcode/designer/connections/page"));
const FlowDesigner = lazy(() => import("@lowcode/designer/flows/page"));
const FormDesigner = lazy(() => import("@lowcode/designer/forms/page"));
const ScoreDesigner = lazy(() => import("@lowcode/designer/scores/page"));
const TableDesigner = lazy(() => import("@lowcode/designer/tables/page"));
const Templates = lazy(() => import("@lowcode/runtime/papers/templates"));
const Verify = lazy(() => import("@lowcode/runtime/papers/verify"));

/** The places somebody begins at. */
const AHEAD: Record<string, { begin: () => Promise<unknown> }> = { records: Records, tasks: Tasks, dashboard: Dashboard };

/** Fetches the code of the place somebody will stand at, while other things are on their way. */
export async function ahead(app: Application): Promise<void> {
  const { path } = parse(location.hash);
  const [kind = "", , record] = path.length > 0 ? path : parse(homeOf(app)).path;
  if (record === undefined) await AHEAD[kind]?.begin().catch(() => undefined); // the place asks again, and says what is wrong
}

const MOVES = ["pointermove", "pointerdown", "keydown"] as const;

/** Fetches the code of what is pressed first, a record and a form, once somebody moves: nothing of it is needed to begin. */
export function closeBy(): () => void {
  const fetched = () => {
    forget();
    const soon = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
    soon(() => void Promise.allSettled([import("@lowcode/runtime/detail/page"), import("@lowcode/runtime/form/drawer")]));
  };
  const forget = () => MOVES.forEach((each) => window.removeEventListener(each, fetched));
  MOVES.forEach((each) => window.addEventListener(each, fetched, { passive: true }));
  return forget;
}

/** The page of a place. */
export function Places({ place }: { place: Place }) {
  return <Suspense fallback={<Waiting />}>{pageOf(place)}</Suspense>;
}

function pageOf({ path, query }: Place) {
  const [kind, name = "", id] = path;
  const number = Number(id);
  if (kind === undefined) return <Home />;
  if (kind === "records" && name && id === undefined) return <Records name={name} />;
  if (kind === "records" && Number.isInteger(number)) return <Record key={`${name}/${id}`} name={name} id={number} />;
  if (kind === "tasks") return <Tasks />;
  if (kind === "pools") return <Pools />;
  if (kind === "automation") return <Automation />;
  if (kind === "flows" && name === "design") return <FlowDesigner key={id} name={id} />;
  if (kind === "flows") return <Flows />;
  if (kind === "simulate") return <Simulate />;
  if (kind === "handover") return <HandOver />;
  if (kind === "unsent") return <Unsent />;
  if (kind === "access") return <Access />;
  if (kind === "connections" && name === "design") return <ConnectionDesigner key={id} name={id} />;
  if (kind === "connections") return <Connections />;
  if (kind === "bin") return <Bin />;
  if (kind === "drafts") return <Drafts />;
  if (kind === "dashboard" && name) return <Dashboard key={name} name={name} />;
  if (kind === "report" && name) return <Report key={name} name={name} />;
  if (kind === "explore") return <Explore key={name} name={name} />;
  if (kind === "forms") return <FormDesigner key={name} name={name || undefined} />;
  if (kind === "scores") return <ScoreDesigner key={name} name={name || undefined} />;
  if (kind === "tables") return <TableDesigner key={name} name={name || undefined} />;
  if (kind === "templates" && name) return <Designer key={name} name={name} />;
  if (kind === "templates") return <Templates />;
  if (kind === "verify") return <Verify />;
  if (kind === "print" && Number.isInteger(number)) return <Paper template={name} id={number} form={query.get("form") ?? undefined} />;
  return <Missing />;
}

function Home() {
  const { app } = useRuntime();
  // Asked again with each place: while the code of the page that comes is on its way, this one stays, out of sight.
  useEffect(() => {
    const lead = () => {
      if (parse(location.hash).path.length === 0) describe(homeOf(app));
    };
    lead();
    window.addEventListener("lowcode:place", lead);
    return () => window.removeEventListener("lowcode:place", lead);
  }, [app]);
  return <Waiting />;
}

function Missing() {
  const { app } = useRuntime();
  const { t } = useSpeech();
  return <Nothing page title={t("pageMissing")} hint={t("pageMissingHint")} action={<Button onClick={() => go(homeOf(app))}>{t("home")}</Button>} />;
}
