import { brief, useSpeech } from "@lowcode/kit";
import type { Field, Form, StoredRecord, Values, View } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useCallback, useRef, useState } from "react";
import { renewed } from "../changed";
import { reasons } from "../detail/states";
import { written } from "../fields";
import { known } from "../form/known";
import { useRuntime } from "../runtime";
import { lasting, titleOf, valuesFor, whenOf, type End, type Span } from "./span";
import type { Wall } from "./wall";

interface Step {
  from: Wall;
  to: Wall;
  /** Whether it says when it ends now. */
  ended: boolean;
  /** What it holds now beside its time. */
  put: Values;
}

/** Another row that a record was put into: the field of the rows, the value of that row, and how it is called. */
export interface Put {
  field: Field;
  value: unknown;
  name: string;
}

export interface Moves {
  /** Where records were moved to that the server has not answered for yet. */
  moved: ReadonlyMap<number, Step>;
  /** An end that was written is given to a record without one even where it is as long as it was drawn. */
  move: (span: Span, from: Wall, to: Wall, end?: End, put?: Put) => void;
  /** Takes back what was moved last. */
  undo: () => void;
}

/** Moves records of a calendar: each stands at once where it was put, goes back with the reason when the server refuses,
 * and the message that it was moved takes it back. */
export function useMoves(form: Form, view: View): Moves {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, chinese } = speech;
  const [moved, setMoved] = useState<ReadonlyMap<number, Step>>(new Map());
  const last = useRef<(() => void) | null>(null);
  const versions = useRef(new Map<number, number>());

  const send = useCallback(
    async (record: StoredRecord, step: Step | null, values: Values, words: string, back: Values | null) => {
      const { id } = record;
      if (step) setMoved((before) => new Map(before).set(id, step));
      const forget = () => setMoved((before) => (before.get(id) === step ? new Map([...before].filter(([each]) => each !== id)) : before));
      try {
        const saved = await client.update(form.name, id, Math.max(versions.current.get(id) ?? 0, record.version), values);
        versions.current.set(id, saved.version);
        known(queries, form.name, saved);
        forget();
        last.current = back && (() => void send(saved, null, back, t("calendarBack", { name: record._label }), null));
        const undo = last.current;
        const key = `calendar-${id}`;
        void message.open({
          key,
          type: "success",
          duration: 8,
          content: (
            <>
              {words}
              {undo && (
                <Button
                  type="link"
                  size="small"
                  onClick={() => {
                    message.destroy(key);
                    if (last.current === undo) last.current = null;
                    undo();
                  }}
                >
                  {t("calendarUndo")}
                </Button>
              )}
            </>
          ),
        });
        await renewed(queries);
      } catch (error) {
        forget();
        void message.error(`${t("calendarRefused", { name: record._label })}${chinese ? "：" : ": "}${reasons(error) || brief(error, speech)}`, 8);
        void queries.invalidateQueries({ queryKey: ["records", form.name] });
      }
    },
    [chinese, client, form.name, message, queries, speech, t],
  );

  const move = useCallback(
    (span: Span, from: Wall, to: Wall, end: End = "dragged", put?: Put) => {
      const starts = form.fields.find((each) => each.name === view.starts);
      const ends = form.fields.find((each) => each.name === view.ends);
      if (!starts) return;
      const stays = from === span.from && to === span.to && (end === "dragged" || span.ended === (end === "given"));
      if (stays && !put) return;
      const times = stays ? {} : valuesFor(starts, ends, span, from, to, end);
      const values = { ...times, ...(put && { [put.field.name]: written(put.field, put.value) }) };
      const before = Object.fromEntries(Object.keys(times).map((name) => [name, span.record[name] ?? null]));
      const back = { ...before, ...(put && { [put.field.name]: written(put.field, span.record[put.field.name] ?? null) }) };
      const ended = end !== "emptied" && (span.ended || (ends !== undefined && ends.name in values));
      const when = whenOf(lasting({ ...span, ended }, from, to), chinese);
      const words = t("calendarMoved", { name: titleOf(view, span.record), when: put ? `${put.name} · ${when}` : when });
      void send(span.record, { from, to, ended, put: put ? { [put.field.name]: put.value } : {} }, values, words, back);
    },
    [chinese, form, send, t, view],
  );
  const undo = useCallback(() => {
    const back = last.current;
    last.current = null;
    back?.();
  }, []);
  return { moved, move, undo };
}
