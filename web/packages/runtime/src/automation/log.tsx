import { Badge, Failure, go, link, Nothing, Sketch, useSpeech, When } from "@lowcode/kit";
import type { Batch, Outcome, RunLine, RunLog } from "@lowcode/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { useRules } from "./rules";
import { Batches } from "./batches";
import { Conditions, Doings } from "./told";

const BATCHES: Record<string, "causedByImport" | "causedByUndo" | "causedByEdit" | "causedByHandOver"> = { import: "causedByImport", undo: "causedByUndo", edit: "causedByEdit", hand_over: "causedByHandOver" };

const COLORS: Record<Outcome, string> = { done: "green", not_met: "gray", stopped: "red", paused: "orange", refused: "red", ended: "blue" };
const PAGE = 50;
/** So often it is looked how far a batch has come. */
const EVERY = 2000;

/** What rules did, the newest first: for one rule or all, or for one record. */
export function Log({ rule, form, record }: { rule?: string; form?: string; record?: number }) {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const rules = useRules();
  const query = useInfiniteQuery({
    queryKey: ["rules", "log", rule, form, record],
    queryFn: ({ pageParam }) => client.run<RunLog>("rules.log", { rule, form, record, limit: PAGE, before: pageParam || undefined }),
    initialPageParam: 0,
    refetchInterval: (state) => (state.state.data?.pages.some((page) => Object.values(page.batches).some((each) => each.state === "working")) ? EVERY : false),
    getNextPageParam: (page) => (page.items.length === PAGE ? page.items[PAGE - 1]!.id : undefined),
  });
  const titles = new Map((rules.data?.items ?? []).map((each) => [each.rule, w(each.title)]));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const people = Object.assign({}, ...(query.data?.pages ?? []).map((page) => page.people)) as Record<string, string>;
  const batches = Object.assign({}, ...(query.data?.pages ?? []).map((page) => page.batches)) as Record<string, Batch>;
  const labels: RunLog["labels"] = {};
  for (const page of query.data?.pages ?? []) for (const [name, found] of Object.entries(page.labels)) labels[name] = { ...labels[name], ...found };
  const label = (line: RunLine) => labels[line.form ?? ""]?.[String(line.record)];
  /** A rule that fired for a record is called by its title, an event as it stands. */
  const cause = (each: string): string => {
    const [kind, name, ...rest] = each.split(":");
    if (kind === "rule" && name) return titles.get(name) ?? name;
    if (kind === "batch" && name) return BATCHES[name] ? t(BATCHES[name]) : name;
    return [w(app.forms[name ?? ""]?.title) || name, labels[name ?? ""]?.[rest[0] ?? ""] ?? (rest[0] ? `#${rest[0]}` : ""), kind].filter(Boolean).join(" ");
  };
  return (
    <div className="lc-rules">
      {record === undefined && (
        <Select className="lc-rules-search" showSearch allowClear optionFilterProp="label" aria-label={t("rulesAll")} placeholder={t("anyRule")} value={rule} onChange={(value?: string) => go(link(["automation", "log"], { rule: value }))} options={[...titles].map(([value, title]) => ({ value, label: title }))} />
      )}
      {query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Sketch rows={8} />
      ) : items.length === 0 ? (
        <Nothing small={record !== undefined} title={t("noRuns")} />
      ) : (
        <ul className={record === undefined ? "lc-sheet lc-runs" : "lc-runs"}>
          {items.map((line) => <Run key={line.id} line={line} title={titles.get(line.rule) ?? line.rule} cause={cause} label={record === undefined ? label(line) : undefined} people={people} labels={labels} batches={batches} />)}
        </ul>
      )}
      {query.hasNextPage && (
        <Button type="text" block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      )}
    </div>
  );
}

interface RunProps {
  line: RunLine;
  title: string;
  /** A cause in words. */
  cause: (cause: string) => string;
  label?: string;
  people: Record<string, string>;
  labels: RunLog["labels"];
  batches: Record<string, Batch>;
}

function Run({ line, title, cause, label, people, labels, batches }: RunProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <li className="lc-run">
      <div className="lc-rule-head">
        <button type="button" className="lc-link" aria-expanded={open} onClick={() => setOpen(!open)}>{title}</button>
        <Badge color={COLORS[line.outcome]}>{t(`outcome_${line.outcome}`)}</Badge>
      </div>
      <div className="lc-rule-foot">
        {line.form && line.record && label && <a href={link(["records", line.form, line.record])}>{label}</a>}
        {line.error && <span>{line.error}</span>}
        <span className="lc-grow" />
        <When at={line.at} />
      </div>
      <Batches line={line} batches={batches} />
      {open && (
        <div className="lc-run-body">
          {line.conditions.length > 0 && <><h3>{t("whyFired")}</h3><Conditions asked={line.conditions} form={line.form} people={people} labels={labels} /></>}
          {line.actions.length > 0 && <><h3>{t("whatDone")}</h3><Doings actions={line.actions} form={line.form} people={people} labels={labels} /></>}
          {line.causes.length > 0 && <p className="lc-quiet">{t("causedBy")}{t("colon")}{line.causes.map(cause).join(" → ")}</p>}
        </div>
      )}
    </li>
  );
}
