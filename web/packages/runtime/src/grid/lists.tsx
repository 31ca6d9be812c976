import { useSpeech } from "@lowcode/kit";
import type { StoredRecord } from "@lowcode/protocol";
import { App } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { fieldOf, manyOf, shown as looksOf } from "../fields";
import { useRuntime } from "../runtime";
import { useBlocks } from "./blocks";
import { useCells } from "./cells";
import { useColumns } from "./columns";
import type { ListProps } from "./grid";
import { Heading, useGroups } from "./groups";
import { More } from "./more";
import { fieldsFor, useRecords } from "./records";
import type { Line } from "./row";
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

/** Rows with headings over them; the next ones are read when the end is in sight. */
export function GroupedList({ form, state, shown, resize, chosen, choose, frame }: ListProps) {
  const { app } = useRuntime();
  const [held, setHeld] = useState(false);
  const records = useRecords({ form, ...state.asked, where: state.where, fields: fieldsFor(shown, state.group), held });
  const { groups, fold } = useGroups(form, state, records.items);
  const by = fieldOf(app, form, state.group);
  const lines = useMemo<Line[]>(
    () => (groups ?? []).flatMap((group) => [{ heading: <Heading key={group.key} field={by && looksOf(by)} group={group} fold={() => fold(group.key)} /> }, ...(group.folded ? [] : group.items.map((record) => ({ record })))]),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [groups, by],
  );
  const around = { total: records.total, fetching: records.isFetching, pending: records.isPending, error: records.error, refetch: () => void records.refetch() };
  return (
    <Typed
      list={{ form, state, shown, resize, chosen, choose, frame }}
      around={around}
      count={lines.length}
      line={(index) => lines[index] ?? null}
      load={async (from, count) => lines.slice(from, from + count).flatMap((each) => (each && "record" in each ? [each.record] : []))}
      hold={setHeld}
      foot={<More records={records} />}
    />
  );
}

/** Rows of which any part can be reached at once, however many there are. */
export function FlatList(list: ListProps) {
  const { form, state, shown } = list;
  const { client } = useRuntime();
  const [held, hold] = useState(false);
  const [part, setPart] = useState({ first: 0, last: 40 });
  const fields = fieldsFor(shown);
  const source = useBlocks({ form, ...state.asked, where: state.where, fields }, part.first, part.last, held);
  const lines = useRef(new WeakMap<StoredRecord, Line>());
  const line = (index: number): Line => {
    const record = source.at(index);
    if (!record) return null;
    const known = lines.current.get(record);
    if (known) return known;
    const made = { record };
    lines.current.set(record, made);
    return made;
  };
  const load = async (from: number, count: number) => {
    const read = Array.from({ length: Math.min(count, source.count - from) }, (_, offset) => source.at(from + offset));
    if (read.every((each) => each !== undefined)) return read;
    return (await client.list(form.name, { ...state.asked, where: state.where, fields: fields.join(","), skip: from || undefined, limit: count })).items;
  };
  return <Typed list={list} around={source} count={source.count} line={line} load={load} hold={hold} seen={setPart} />;
}

interface TypedProps {
  list: ListProps;
  around: Parameters<ListProps["frame"]>[0];
  count: number;
  line: (index: number) => Line;
  load: (from: number, count: number) => Promise<StoredRecord[]>;
  hold: (held: boolean) => void;
  seen?: (part: { first: number; last: number }) => void;
  foot?: ReactNode;
}

/** A table in its page, typed into where this person may change records. */
function Typed({ list, around, count, line, load, hold, seen, foot }: TypedProps) {
  const { form, state, shown, resize, chosen, choose, frame } = list;
  const { client } = useRuntime();
  const { message } = App.useApp();
  const { t, w } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const [there, setThere] = useState(false);
  useEffect(() => setThere(box.current !== null));
  const columns = useColumns(form, shown);
  const scrolling = useScrolling(box, count, there);
  const cells = useCells(box, count, columns.length, scrolling);
  const recordAt = (row: number): StoredRecord | undefined => {
    const found = row < 0 || row >= count ? null : line(row);
    return found && "record" in found ? found.record : undefined;
  };
  const working = useWorking({ form, columns, recordAt, cells, box, load, hold });
  const { first, last } = scrolling;
  useEffect(() => seen?.({ first, last }), [seen, first, last]);

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
        foot={foot}
      />
      {working.dialogs}
      <span className="lc-hidden" role="status">
        {working.said}
      </span>
    </>,
  );
}
