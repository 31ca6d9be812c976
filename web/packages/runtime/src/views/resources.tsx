import { Failure, Nothing, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Field, Form, View } from "@lowcode/protocol";
import { Checkbox } from "antd";
import { useEffect, useMemo, useState } from "react";
import { More } from "../grid/more";
import { useRecords } from "../grid/records";
import type { ListState } from "../grid/state";
import { inputOf } from "../widgets/inputs";
import { useBoard, type Along } from "./board";
import { Frame } from "./frame";
import type { Measure } from "./lanes";
import { Legend } from "./legend";
import { ResourceList } from "./resource_list";
import { keyOf, useRows, type Row } from "./resource_rows";
import { ResourceSheet } from "./resource_sheet";
import { spansOf, touching, type Span } from "./span";
import { useTimes } from "./times";
import { Undone } from "./undone";
import { DAY, dayAt } from "./wall";
import { rangeOf } from "./when";

const PAGE = 500;
/** So many records are read for what is shown: what a row is loaded with needs all of them. */
const MOST = 2000;

/** Who or what records are for, day by day: a row for each person, room, machine …, and records as bars in it, dragged to
 * another row and time. */
export default function Resources({ form, view, state }: { form: Form; view: View; state: ListState }) {
  const { t } = useSpeech();
  const field = form.fields.find((each) => each.name === view.resource);
  const starts = form.fields.find((each) => each.name === view.starts);
  if (!field || !starts)
    return (
      <Frame form={form} state={state}>
        <Nothing title={t("resourceLost")} />
      </Frame>
    );
  return <Shown form={form} view={view} state={state} field={field} starts={starts} />;
}

function Shown({ form, view, state, field, starts }: { form: Form; view: View; state: ListState; field: Field; starts: Field }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [busy, setBusy] = useState<boolean | null>(null);
  const only = busy ?? state.filtered;
  const beside = (
    <Checkbox checked={only} onChange={(event) => setBusy(event.target.checked)}>
      {t("resourceBusy")}
    </Checkbox>
  );
  const { time, today, tools, head } = useTimes(state, view.shows ?? "week", beside);
  const { first, last } = rangeOf(time.shows, time.at);
  const days = useMemo(() => Array.from({ length: (last - first) / DAY + 1 }, (_, index) => first + index * DAY), [first, last]);
  const where = [touching(form, view, dayAt(first), dayAt(last)), state.where].filter(Boolean).join(" and ");
  const named = [view.resource, view.starts, view.ends, view.by, view.sum, ...(view.card ?? [])];
  const records = useRecords({ form, ...state.asked, where, sort: view.starts, fields: named.filter((each) => each !== undefined), limit: PAGE, count: false });
  const { items, hasNextPage, isFetchingNextPage, fetchNextPage } = records;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && items.length < MOST) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, items.length]);
  const found = useRows(form, field, items);
  const { rows } = found;
  const along = useMemo<Along>(() => {
    const byKey = new Map(rows.map((each) => [each.key, each]));
    return { field, Input: inputOf(field.type), keyOf, rowOf: (key) => ({ value: byKey.get(key)?.value ?? null, name: byKey.get(key)?.name ?? key }) };
  }, [field, rows]);
  const plain = useMemo(() => spansOf(form, view, items), [form, view, items]);
  const pages = useMemo(() => records.data?.pages.map((page) => page.items) ?? [], [records.data]);
  const board = useBoard(form, view, starts, pages, plain, along);
  const taken = useMemo(() => inRows(board.spans, field), [board.spans, field]);
  const measure = useMemo<Measure>(() => (view.sum ? { by: "sum", field: view.sum } : view.ends && starts.type === "datetime" ? { by: "hours" } : { by: "records" }), [starts.type, view.ends, view.sum]);
  const shown = only ? rows.filter((row) => taken.has(row.key)) : rows;
  const error = records.error ?? found.error;
  const drawn = { board, rows: shown, taken, days, today, measure, capacity: view.capacity };
  return (
    <Frame form={form} state={state} tools={tools}>
      {head}
      {view.by !== view.resource && <Legend by={form.fields.find((each) => each.name === view.by)} records={items} />}
      {state.filtered && <p className="lc-quiet" role="status">{t("resourceFiltered")}</p>}
      {hasNextPage && items.length >= MOST && <p className="lc-quiet" role="status">{t("resourceCut", { count: items.length })}</p>}
      <Undone board={board}>
        {error ? (
          <Failure error={error} retry={() => void (records.error ? records.refetch() : found.refetch())} />
        ) : records.isPending || found.pending ? (
          <Sketch rows={8} />
        ) : shown.length === 0 ? (
          <Nothing small title={t(only ? "nothingHere" : "resourceNothing")} />
        ) : narrow ? (
          <ResourceList {...drawn} />
        ) : (
          <ResourceSheet {...drawn} hours={time.shows === "day" && starts.type === "datetime"} />
        )}
        {found.more && !only && <More records={found.more} />}
      </Undone>
    </Frame>
  );
}

/** What stands in each row. */
function inRows(spans: Span[], field: Field): Map<Row["key"], Span[]> {
  const found = new Map<string, Span[]>();
  for (const span of spans) {
    const key = keyOf(span.record[field.name]);
    const there = found.get(key);
    if (there) there.push(span);
    else found.set(key, [span]);
  }
  return found;
}
