import { useSpeech } from "@lowcode/kit";
import type { Field, Form, StoredRecord, View } from "@lowcode/protocol";
import { useCallback, useMemo, useRef, type ComponentType, type RefObject } from "react";
import { useFixed } from "../kanban/fixed";
import { useRuntime } from "../runtime";
import type { InputProps } from "../widgets/widget";
import { useDrag, type Drag, type Dragging } from "./drag";
import { useFollow } from "./follow";
import { useMoves, type Put } from "./moves";
import { lasting, type End, type Span } from "./span";
import { DAY, valueAt, type Wall } from "./wall";

/** The rows that records are dragged between, of a view that has rows. */
export interface Along {
  field: Field;
  /** How another row is chosen without dragging. */
  Input: ComponentType<InputProps>;
  keyOf: (value: unknown) => string;
  /** The value of a row, and how it is called. */
  rowOf: (key: string) => { value: unknown; name: string };
}

/** What the parts of a calendar share: its form and view, what may be done, and how. */
export interface Board extends Dragging {
  form: Form;
  view: View;
  starts: Field;
  ends: Field | undefined;
  /** The records, where they are or are being moved to. */
  spans: Span[];
  mayCreate: boolean;
  create: (from: Wall, to: Wall, row?: string | null) => void;
  /** Why a record, its end, or the row it stands in cannot be moved; "" when it can. */
  fixed: (span: Span, what: "move" | "end" | "row") => string;
  move: (span: Span, from: Wall, to: Wall, end?: End, put?: Put) => void;
  along?: Along;
  undo: () => void;
  /** Where the records stand. */
  place: RefObject<HTMLDivElement | null>;
  /** The focus goes with a record that is moved without dragging. */
  follow: (span: Span) => void;
}

export function useBoard(form: Form, view: View, starts: Field, pages: StoredRecord[][], plain: Span[], along?: Along): Board {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const ends = form.fields.find((each) => each.name === view.ends);
  const fixedStarts = useFixed(form, starts, pages);
  const fixedEnds = useFixed(form, ends ?? starts, pages);
  const fixedRows = useFixed(form, along?.field ?? starts, pages);
  const { moved, move, undo } = useMoves(form, view);
  const create = useCallback(
    (from: Wall, to: Wall, row?: string | null) => {
      const end = ends && !ends.read_only ? { [ends.name]: valueAt(ends, ends.type === "date" ? to - DAY : to) } : {};
      const whose = along && row && !along.field.read_only ? { [along.field.name]: along.rowOf(row).value } : {};
      openForm({ form: form.name, preset: { [starts.name]: valueAt(starts, from), ...end, ...whose } });
    },
    [along, ends, form.name, openForm, starts],
  );
  const fixed = useCallback(
    ({ record, ended }: Span, what: "move" | "end" | "row"): string => {
      if (form.permissions["edit"] !== true) return t("calendarMayNot");
      const why = (field: Field, found: ReturnType<typeof useFixed>) => (field.read_only ? t("calendarReadOnly", { name: w(field.title) || field.name }) : (found.get(record.id)?.message ?? ""));
      if (what === "row") return along ? why(along.field, fixedRows) : t("calendarMayNot");
      if (what === "end") return ends ? why(ends, fixedEnds) : t("calendarEndless");
      return why(starts, fixedStarts) || (ended && ends ? why(ends, fixedEnds) : "");
    },
    [along, ends, fixedEnds, fixedRows, fixedStarts, form.permissions, starts, t, w],
  );
  const { drag: dragged, begin } = useDrag((last) => {
    const { kind, span, from, to, row } = held(last);
    if (kind === "draw" || !span) return create(from, to, row);
    move(span, from, to, "dragged", putInto(along, span, row));
  });
  // Of a record that stays in its time or in its row the other is dragged alone.
  const held = (now: Drag): Drag => {
    if (!along || !now.span || now.kind !== "move") return now;
    const stays = fixed(now.span, "move") !== "" ? { from: now.span.from, to: now.span.to } : {};
    return { ...now, ...stays, row: fixed(now.span, "row") === "" ? now.row : null };
  };
  const drag = dragged && held(dragged);
  const spans = useMemo(
    () =>
      plain.map((span) => {
        if (drag?.span?.record.id === span.record.id) {
          const put = drag.kind === "move" ? putInto(along, span, drag.row) : undefined;
          const record = put ? { ...span.record, [put.field.name]: put.value } : span.record;
          return lasting({ ...span, record, ended: span.ended || drag.to - drag.from !== span.to - span.from }, drag.from, drag.to);
        }
        const step = moved.get(span.record.id);
        return step ? lasting({ ...span, record: { ...span.record, ...step.put }, ended: step.ended }, step.from, step.to) : span;
      }),
    [along, plain, drag?.kind, drag?.span, drag?.from, drag?.to, drag?.row, moved],
  );
  const place = useRef<HTMLDivElement>(null);
  const follow = useFollow(place, spans);
  const mayCreate = form.permissions["create"] === true && !starts.read_only;
  return { form, view, starts, ends, spans, mayCreate, create, fixed, move, undo, drag, begin, place, follow, along };
}

/** What a record that stands in one row is to hold for it to stand in another; nothing where it stands there already. */
export function putInto(along: Along | undefined, span: Span, row: string | null): Put | undefined {
  if (!along || row === null || row === along.keyOf(span.record[along.field.name])) return undefined;
  return { field: along.field, ...along.rowOf(row) };
}
