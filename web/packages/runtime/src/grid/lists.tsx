import { useSpeech } from "@lowcode/kit";
import type { StoredRecord } from "@lowcode/protocol";
import { App } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fieldOf, manyOf, shown as looksOf } from "../fields";
import { useRuntime } from "../runtime";
import { useBlocks, type Source } from "./blocks";
import { useCells } from "./cells";
import { useColumns } from "./columns";
import { useFitted } from "./fitted";
import type { ListProps } from "./grid";
import { Heading, useGroups } from "./groups";
import { lineOf, linesOf, recordsOf, type Range, type Together } from "./placed";
import { fieldsFor } from "./records";
import { LEAD, type Line } from "./row";
import { useScrolling } from "./scrolling";
import { choosable } from "./selection";
import { Sheet } from "./sheet";
import { useWorking } from "./working";

/** So many rows are chosen at once at most. */
const MANY = 1000;

/** Chooses every row that is found, those out of sight too. */
function Everything({ total, chosen, choose }: { total: number; chosen: number; choose: (every: boolean) => void }) {
  const { t } = useSpeech();
  const every = total > 0 && chosen >= Math.min(total, MANY);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = chosen > 0 && !every;
  });
  return <input ref={box} type="checkbox" aria-label={t("chooseAll")} checked={every} onChange={() => choose(!every)} />;
}

const NONE: Together[] = [];

/** A line for each record, the same as long as the record is. */
function useLines(): (record: StoredRecord | undefined) => Line {
  const lines = useRef(new WeakMap<StoredRecord, Line>());
  return (record) => {
    if (!record) return null;
    const known = lines.current.get(record);
    if (known) return known;
    const made = { record };
    lines.current.set(record, made);
    return made;
  };
}

/** Records from a place on: those that have been read, and else from the server. */
function useReach({ form, state }: ListProps, fields: string[], source: Source) {
  const { client } = useRuntime();
  return async ({ first, last }: Range): Promise<StoredRecord[]> => {
    const read = Array.from({ length: Math.max(0, Math.min(last, source.count) - first) }, (_, offset) => source.at(first + offset));
    if (read.every((each) => each !== undefined)) return read;
    return (await client.list(form.name, { ...state.asked, where: state.where, fields: fields.join(","), skip: first || undefined, limit: last - first })).items;
  };
}

/** Rows with headings over them, of which any part can be reached at once. */
export function GroupedList(list: ListProps) {
  const { form, state, shown } = list;
  const { app } = useRuntime();
  const [held, hold] = useState(false);
  const [part, setPart] = useState({ first: 0, last: 40 });
  const counted = useGroups(form, state, held);
  const { groups = NONE, total, fold } = counted;
  const ranges = useMemo(() => recordsOf(groups, part.first, part.last), [groups, part]);
  const fields = fieldsFor(shown, state.group);
  const source = useBlocks({ form, ...state.asked, where: state.where, fields }, ranges, held, total);
  const lineFor = useLines();
  const reach = useReach(list, fields, source);
  const by = fieldOf(app, form, state.group);
  const heads = useMemo(() => new Map<string, Line>(groups.map((group) => [group.key, { heading: <Heading field={by && looksOf(by)} group={group} folded={group.folded} fold={() => fold(group.key)} /> }])), [groups, by, fold]);
  const line = (index: number): Line => {
    const found = lineOf(groups, index);
    return found === null ? null : found.record === null ? (heads.get(found.group.key) ?? null) : lineFor(source.at(found.record));
  };
  const load = async (from: number, count: number) => (await Promise.all(recordsOf(groups, from, from + count).map(reach))).flat();
  const refetch = () => {
    source.refetch();
    counted.refetch();
  };
  const around = { total: counted.groups && source.total, fetching: source.fetching || counted.fetching, pending: source.pending || counted.groups === undefined, error: source.error ?? counted.error, refetch };
  return <Typed list={list} around={around} count={linesOf(groups)} line={line} load={load} hold={hold} seen={setPart} />;
}

/** Rows of which any part can be reached at once, however many there are. */
export function FlatList(list: ListProps) {
  const { form, state, shown } = list;
  const [held, hold] = useState(false);
  const [part, setPart] = useState({ first: 0, last: 40 });
  const fields = fieldsFor(shown);
  const source = useBlocks({ form, ...state.asked, where: state.where, fields }, [part], held);
  const lineFor = useLines();
  const reach = useReach(list, fields, source);
  return <Typed list={list} around={source} count={source.count} line={(index) => lineFor(source.at(index))} load={(from, count) => reach({ first: from, last: from + count })} hold={hold} seen={setPart} />;
}

interface TypedProps {
  list: ListProps;
  around: Parameters<ListProps["frame"]>[0];
  count: number;
  line: (index: number) => Line;
  load: (from: number, count: number) => Promise<StoredRecord[]>;
  hold: (held: boolean) => void;
  seen: (part: Range) => void;
}

/** A table in its page, typed into where this person may change records. */
function Typed({ list, around, count, line, load, hold, seen }: TypedProps) {
  const { form, state, shown, resize, chosen, choose, frame } = list;
  const { client } = useRuntime();
  const { message } = App.useApp();
  const { t, w } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const [there, setThere] = useState(false);
  useEffect(() => setThere(box.current !== null));
  const columns = useFitted(useColumns(form, shown), box, choosable(form) ? LEAD : 0, there);
  const scrolling = useScrolling(box, count, there);
  const cells = useCells(box, count, columns.length, scrolling);
  const recordAt = (row: number): StoredRecord | undefined => {
    const found = row < 0 || row >= count ? null : line(row);
    return found && "record" in found ? found.record : undefined;
  };
  const working = useWorking({ form, columns, recordAt, cells, box, load, hold });
  const { first, last } = scrolling;
  useEffect(() => seen({ first, last }), [seen, first, last]);

  const ids = useMemo(() => new Set(chosen.map((each) => each.id)), [chosen]);
  const latest = useRef(chosen);
  latest.current = chosen;
  const toggle = useCallback((record: StoredRecord) => choose(latest.current.some((each) => each.id === record.id) ? latest.current.filter((each) => each.id !== record.id) : [...latest.current, record]), [choose]);
  const total = around.total?.value ?? 0;
  const every = async (all: boolean) => {
    if (!all) return choose([]);
    const found = await client.list(form.name, { ...state.asked, where: state.where, fields: "id", limit: MANY });
    choose(found.items);
    if (found.next) void message.info(t("chooseMany", { count: MANY }), 5);
  };
  const sort = state.sort || state.view?.sort?.join(",") || "";
  return frame(
    around,
    <>
      <Sheet
        form={form}
        label={w(manyOf(form))}
        columns={columns}
        count={count}
        line={line}
        box={box}
        scrolling={scrolling}
        cells={cells}
        sort={sort}
        order={(next) => state.change({ sort: next })}
        resize={resize}
        choosing={choosable(form) ? { chosen: ids, choose: toggle, all: <Everything total={total} chosen={chosen.length} choose={(all) => void every(all)} /> } : undefined}
        working={form.permissions["edit"] ? working : undefined}
        busy={around.fetching}
      />
      {working.dialogs}
      <span className="lc-hidden" role="status">
        {working.said}
      </span>
    </>,
  );
}
