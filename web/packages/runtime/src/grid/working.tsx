import { useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, Values } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { lazy, Suspense, useCallback, useMemo, useRef, useState, type ClipboardEvent, type FocusEvent, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { blank } from "../fields";
import { cellsOf } from "../form/sheet";
import { useRuntime } from "../runtime";
import { ColumnCell } from "./cell";
import type { Cells, Place } from "./cells";
import type { Column } from "./columns";
import { refusalOf, type Refusal } from "./editable";
import { POPUPS } from "./editable";
import type { Move } from "./editor";
import type { CellState } from "./saves";
import { useSaves } from "./saves";

const CellEditor = lazy(() => import("./editor"));
const Pasting = lazy(() => import("./pasting"));

/** What a list that is typed into knows beside its rows. */
export interface Working {
  states: ReadonlyMap<number, Record<string, CellState>>;
  /** What the record of the open cell would be. */
  live: Values | undefined;
  /** Columns nobody types into here. */
  fixed: ReadonlySet<string>;
  editor: ReactNode;
  begin: (place: Place) => void;
  keys: (event: KeyboardEvent, place: Place) => boolean;
  left: (event: FocusEvent) => void;
  paste: (event: ClipboardEvent, place: Place | null) => void;
  dialogs: ReactNode;
  said: string;
}

interface Opened {
  place: Place;
  column: Column;
  listed: StoredRecord;
  record: Promise<StoredRecord>;
}

export interface Block {
  start: Place;
  columns: Column[];
  cells: string[][];
}

interface Given {
  form: Form;
  columns: Column[];
  recordAt: (row: number) => StoredRecord | undefined;
  cells: Cells;
  box: RefObject<HTMLElement | null>;
  /** Records from a row on, whether they have been read or not. */
  load: (from: number, count: number) => Promise<StoredRecord[]>;
  hold: (held: boolean) => void;
}

/** Typing into a list: which cell is open, what became of what was typed, blocks that are pasted, and the way back. */
export function useWorking({ form, columns, recordAt, cells, box, load, hold }: Given): Working {
  const { client, openForm } = useRuntime();
  const { message } = App.useApp();
  const { t } = useSpeech();
  const queries = useQueryClient();
  const paths = useMemo(() => columns.map(({ name }) => name).filter((name) => name.includes(".")), [columns]);
  const { states, save, undo, together, drop, dialog, said } = useSaves(form, paths);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [live, setLive] = useState<Values | undefined>(undefined);
  const [block, setBlock] = useState<Block | null>(null);
  const held = useRef(false);
  const refusals = useMemo(() => columns.map((column) => refusalOf(form, column)), [form, columns]);
  const fixed = useMemo(() => new Set(columns.flatMap(({ name }, at) => (refusals[at] && refusals[at] !== "elsewhere" ? [name] : []))), [columns, refusals]);

  const keep = (on: boolean) => {
    if (held.current === on) return;
    held.current = on;
    hold(on);
    // What happened meanwhile is read when nobody works in the list any more.
    if (!on) void queries.invalidateQueries({ queryKey: ["records", form.name] });
  };
  const refuse = useCallback((why: Refusal) => void message.info({ content: t(`cell_${why}`), duration: 4, key: "cell" }), [message, t]);

  const begin = (place: Place) => {
    const column = columns[place.column];
    const listed = recordAt(place.row);
    if (!column || !listed) return;
    const why = refusals[place.column];
    if (why === "elsewhere") return openForm({ form: form.name, id: listed.id });
    if (why) return refuse(why);
    keep(true);
    cells.go(place);
    setOpened({ place, column, listed, record: client.get(form.name, listed.id) });
  };

  /** The next cell that can be typed into, in the order of reading. */
  const beside = ({ row, column }: Place, by: 1 | -1): Place | null => {
    for (let at = column + by; at >= 0 && at < columns.length; at += by) if (refusals[at] === null) return { row, column: at };
    const other = row + by;
    const found = by > 0 ? refusals.indexOf(null) : refusals.lastIndexOf(null);
    return recordAt(other) && found >= 0 ? { row: other, column: found } : null;
  };
  const end = (move: Move) => {
    const from = opened?.place ?? cells.here;
    setOpened(null);
    setLive(undefined);
    const next = move === "next" ? beside(from, 1) : move === "previous" ? beside(from, -1) : null;
    if (next) return begin(next);
    const row = from.row + (move === "down" ? 1 : move === "up" ? -1 : 0);
    cells.go(recordAt(row) ? { ...from, row } : from);
  };

  const clear = (place: Place) => {
    const column = columns[place.column]!;
    const record = recordAt(place.row)!;
    const why = refusals[place.column];
    if (why) return refuse(why === "elsewhere" ? "fixed" : why);
    if (column.field.required) return void message.info(t("required", { name: t("thisCell") }), 4);
    if (blank(record[column.name])) return;
    keep(true);
    void save(record, [{ field: column.field, from: record[column.name], to: null }]);
  };

  const keys = (event: KeyboardEvent, place: Place): boolean => {
    const far = event.ctrlKey || event.metaKey;
    const link = (event.target as Element).matches("a, button");
    if (far && event.key.toLowerCase() === "z" && !event.shiftKey) {
      keep(true);
      void undo();
      return true;
    }
    if (far || event.altKey) return false;
    if (event.key === "F2" || (event.key === "Enter" && !link)) begin(place);
    else if (event.key === "Delete" || event.key === "Backspace") clear(place);
    else if (event.key === "Escape" && recordAt(place.row)) drop(recordAt(place.row)!.id, columns[place.column]!.name);
    else return false;
    return true;
  };

  const left = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && box.current?.contains(relatedTarget)) return;
    setTimeout(() => {
      const now = document.activeElement;
      if (now && (box.current?.contains(now) || now.closest(POPUPS))) return;
      if (states.size === 0 && !opened) keep(false);
    }, 200);
  };

  const paste = (event: ClipboardEvent, place: Place | null) => {
    if (!place || (event.target as Element).closest(".lc-editor") || opened) return;
    const text = event.clipboardData.getData("text/plain");
    if (text.trim() === "") return;
    event.preventDefault();
    keep(true);
    setBlock({ start: place, columns: columns.slice(place.column), cells: cellsOf(text) });
  };

  const editor = opened && (
    <Suspense fallback={<ColumnCell form={form} column={opened.column} record={opened.listed} values={opened.listed} />}>
    <CellEditor
      key={`${opened.listed.id}/${opened.column.name}`}
      form={form}
      field={opened.column.field}
      listed={opened.listed}
      record={opened.record}
      left={states.get(opened.listed.id)?.[opened.column.name]}
      live={setLive}
      save={(record, from, to) => void save(record, [{ field: opened.column.field, from, to }])}
      refuse={(why) => {
        refuse(why);
        end("stay");
      }}
      end={end}
    />
    </Suspense>
  );
  const dialogs = (
    <>
      {dialog}
      {block && (
        <Suspense fallback={null}>
          <Pasting form={form} block={block} load={load} save={save} together={together} close={() => { setBlock(null); cells.go(block.start); }} />
        </Suspense>
      )}
    </>
  );
  return { states, live, fixed, editor, begin, keys, left, paste, dialogs, said };
}
