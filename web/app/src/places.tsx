import { describe, go, Nothing, parse, part, useSpeech, Waiting, type Place } from "@lowcode/kit";
import type { Application } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Button } from "antd";
import { useEffect } from "react";
import { DESIGNERS } from "./designs";
import { homeOf } from "./menu";

/** The form that opens over a page. */
export const FormDrawer = part(async () => ({ default: (await import("@lowcode/runtime/form/drawer")).FormDrawer }), null);
const Records = part(() => import("@lowcode/runtime/grid/page"));
const Tasks = part(() => import("@lowcode/runtime/tasks/page"));
const Dashboard = part(() => import("@lowcode/runtime/dashboards/page"));
const Record = part(() => import("@lowcode/runtime/detail/page"));
const Bin = part(() => import("@lowcode/runtime/bin/page"));
const Drafts = part(() => import("@lowcode/runtime/drafts/page"));
const Report = part(async () => ({ default: (await import("@lowcode/runtime/dashboards/page")).ReportPage }));
const Pools = part(() => import("@lowcode/runtime/pools/page"));
const Automation = part(() => import("@lowcode/runtime/automation/page"));
const Unsent = part(() => import("@lowcode/runtime/offline/page"));
const Flows = part(() => import("@lowcode/runtime/flows/page"));
const Simulate = part(() => import("@lowcode/runtime/flows/simulate"));
const HandOver = part(() => import("@lowcode/runtime/handover/page"));
const Access = part(() => import("@lowcode/runtime/access/page"));
const Connections = part(() => import("@lowcode/runtime/connections/page"));
const Explore = part(() => import("@lowcode/runtime/dashboards/explore"));
const Paper = part(() => import("@lowcode/runtime/papers/page"));
const DesignOverview = part(async () => ({ default: (await import("@lowcode/designer/overview")).DesignOverview }));
const PartsOfApp = part(() => import("@lowcode/designer/parts/page"));
const AppDesigner = part(() => import("@lowcode/designer/app/page"));
const Designer = part(() => import("@lowcode/designer/page"));
const ConnectionDesigner = part(() => import("@lowcode/designer/connections/page"));
const BoardDesigner = part(() => import("@lowcode/designer/boards/page"));
const FlowDesigner = part(() => import("@lowcode/designer/flows/page"));
const FormDesigner = part(() => import("@lowcode/designer/forms/page"));
const RuleDesigner = part(() => import("@lowcode/designer/rules/page"));
const TriedSignIn = part(() => import("@lowcode/designer/connections/try_sign_in"));
const CalendarDesigner = part(() => import("@lowcode/designer/calendars/page"));
const MessageDesigner = part(() => import("@lowcode/designer/messages/page"));
const PoolDesigner = part(() => import("@lowcode/designer/pools/page"));
const ReportDesigner = part(() => import("@lowcode/designer/reports/page"));
const ScoreDesigner = part(() => import("@lowcode/designer/scores/page"));
const TableDesigner = part(() => import("@lowcode/designer/tables/page"));
const Templates = part(() => import("@lowcode/runtime/papers/templates"));
const Verify = part(() => import("@lowcode/runtime/papers/verify"));

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
    soon(() => void Promise.allSettled([Record.begin(), FormDrawer.begin()]));
  };
  const forget = () => MOVES.forEach((each) => window.removeEventListener(each, fetched));
  MOVES.forEach((each) => window.addEventListener(each, fetched, { passive: true }));
  return forget;
}

/** The page of a place. */
export function Places({ place: { path, query } }: { place: Place }) {
  const [kind, name = "", id] = path;
  const number = Number(id);
  if (kind === undefined) return <Home />;
  if (kind === "records" && name && id === undefined) return <Records name={name} />;
  if (kind === "records" && Number.isInteger(number)) return <Record key={`${name}/${id}`} name={name} id={number} />;
  if (kind === "tasks") return <Tasks />;
  if (kind === "pools" && name === "design") return <PoolDesigner key={id} name={id} />;
  if (kind === "boards" && name === "design") return <BoardDesigner key={id} name={id} />;
  if (kind === "pools") return <Pools />;
  if (kind === "automation") return <Automation />;
  if (kind === "flows" && name === "design") return <FlowDesigner key={id} name={id} />;
  if (kind === "flows") return <Flows />;
  if (kind === "simulate") return <Simulate />;
  if (kind === "handover") return <HandOver />;
  if (kind === "unsent") return <Unsent />;
  if (kind === "access") return <Access />;
  if (kind === "connections" && name === "design") return <ConnectionDesigner key={id} name={id} />;
  if (kind === "connections" && name === "tried" && id) return <TriedSignIn token={id} />;
  if (kind === "connections") return <Connections />;
  if (kind === "bin") return <Bin />;
  if (kind === "drafts") return <Drafts />;
  if (kind === "dashboard" && name) return <Dashboard key={name} name={name} />;
  if (kind === "reports" && name === "design") return <ReportDesigner key={id} name={id} />;
  if (kind === "report" && name) return <Report key={name} name={name} />;
  if (kind === "explore") return <Explore key={name} name={name} />;
  if (kind === "design" && name === "parts") return <PartsOfApp />;
  if (kind === "design") return <DesignOverview designers={DESIGNERS} />;
  if (kind === "app" && name === "calendars") return <CalendarDesigner />;
  if (kind === "app") return <AppDesigner />;
  if (kind === "forms") return <FormDesigner key={name} name={name || undefined} />;
  if (kind === "rules") return <RuleDesigner key={name} name={name || undefined} />;
  if (kind === "messages") return <MessageDesigner key={name} name={name || undefined} />;
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
