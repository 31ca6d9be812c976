import { useSpeech } from "@lowcode/kit";
import type { Field, Form, StoredRecord, View } from "@lowcode/protocol";
import { useCallback, useMemo, useRef, type RefObject } from "react";
import { useFixed } from "../kanban/fixed";
import { useRuntime } from "../runtime";
import { useDrag, type Dragging } from "./drag";
import { useFollow } from "./follow";
import { useMoves } from "./moves";
import { lasting, type End, type Span } from "./span";
import { DAY, valueAt, type Wall } from "./wall";

/** What the parts of a calendar share: its form and view, what may be done, and how. */
export interface Board extends Dragging {
  form: Form;
  view: View;
  starts: Field;
  ends: Field | undefined;
  /** The records, where they are or are being moved to. */
  spans: Span[];
  mayCreate: boolean;
  create: (from: Wall, to: Wall) => void;
  /** Why a record, or its end, cannot be moved; "" when it can. */
  fixed: (span: Span, what: "move" | "end") => string;
  move: (span: Span, from: Wall, to: Wall, end?: End) => void;
  undo: () => void;
  /** Where the records stand. */
  place: RefObject<HTMLDivElement | null>;
  /** The focus goes with a record that is moved without dragging. */
  follow: (span: Span) => void;
}

export function useBoard(form: Form, view: View, starts: Field, pages: StoredRecord[][], plain: Span[]): Board {
  const { openForm } = useRuntime();
  const { t, w } = useSpeech();
  const ends = form.fields.find((each) => each.name === view.ends);
  const fixedStarts = useFixed(form, starts, pages);
  const fixedEnds = useFixed(form, ends ?? starts, pages);
  const { moved, move, undo } = useMoves(form, view);
  const create = useCallback(
    (from: Wall, to: Wall) => {
      const end = ends && !ends.read_only ? { [ends.name]: valueAt(ends, ends.type === "date" ? to - DAY : to) } : {};
      openForm({ form: form.name, preset: { [starts.name]: valueAt(starts, from), ...end } });
    },
    [ends, form.name, openForm, starts],
  );
  const { drag, begin } = useDrag(({ kind, span, from, to }) => (kind === "draw" || !span ? create(from, to) : move(span, from, to)));
  const fixed = useCallback(
    ({ record, ended }: Span, what: "move" | "end"): string => {
      if (form.permissions["edit"] !== true) return t("calendarMayNot");
      const why = (field: Field, found: ReturnType<typeof useFixed>) => (field.read_only ? t("calendarReadOnly", { name: w(field.title) || field.name }) : (found.get(record.id)?.message ?? ""));
      if (what === "end") return ends ? why(ends, fixedEnds) : t("calendarEndless");
      return why(starts, fixedStarts) || (ended && ends ? why(ends, fixedEnds) : "");
    },
    [ends, fixedEnds, fixedStarts, form.permissions, starts, t, w],
  );
  const spans = useMemo(
    () =>
      plain.map((span) => {
        if (drag?.span?.record.id === span.record.id) return lasting({ ...span, ended: span.ended || drag.to - drag.from !== span.to - span.from }, drag.from, drag.to);
        const put = moved.get(span.record.id);
        return put ? lasting({ ...span, ended: put.ended }, put.from, put.to) : span;
      }),
    [plain, drag, moved],
  );
  const place = useRef<HTMLDivElement>(null);
  const follow = useFollow(place, spans);
  const mayCreate = form.permissions["create"] === true && !starts.read_only;
  return { form, view, starts, ends, spans, mayCreate, create, fixed, move, undo, drag, begin, place, follow };
}
