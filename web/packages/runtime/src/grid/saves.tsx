import { brief, guard, useSpeech } from "@lowcode/kit";
import { Problem, type Field, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { renewed } from "../changed";
import { written } from "../fields";
import { Conflict } from "../form/conflict";
import { bare } from "../form/conflict_rows";
import { known } from "../form/known";
import { same } from "../form/live";
import { errorsOf } from "../form/model";
import { useRuntime } from "../runtime";

/** A cell that has been typed into and is not saved: yet, or because the server refused it. */
export interface CellState {
  value: unknown;
  state: "saving" | "refused";
  detail?: string;
}

export interface CellChange {
  field: Field;
  from: unknown;
  to: unknown;
}

export interface Saves {
  states: ReadonlyMap<number, Record<string, CellState>>;
  /** Saves cells of a record; true when the server took them. `record`: as it was when they were typed into. */
  save: (record: StoredRecord, changes: CellChange[]) => Promise<boolean>;
  /** Takes back what was saved last. */
  undo: () => Promise<void>;
  /** Puts down what several records got, to be taken back at once. */
  together: (work: () => Promise<void>) => Promise<void>;
  /** Gives up what was refused in a cell. */
  drop: (id: number, name: string) => void;
  dialog: ReactNode;
  said: string;
}

interface Asked {
  original: Values;
  current: StoredRecord;
  written: Values;
  answer: (what: Values | "theirs" | null) => void;
}

type Done = { record: StoredRecord; changes: CellChange[] }[];

const KEPT = 50;
const ATTEMPTS = 5;

/** Cells are saved one by one, in their order for each record; nothing that was typed is lost (decision 0087).
 * `paths`: what of linked records stands in the list, and has to be read again when a link changes. */
export function useSaves(form: Form, paths: string[]): Saves {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const [states, setStates] = useState<ReadonlyMap<number, Record<string, CellState>>>(new Map());
  const [asked, setAsked] = useState<Asked | null>(null);
  const [said, setSaid] = useState("");
  const chains = useRef(new Map<number, Promise<StoredRecord | undefined>>());
  const done = useRef<Done[]>([]);
  const gathering = useRef<Done | null>(null);

  const mark = useCallback((id: number, changes: CellChange[], state: CellState["state"] | null, details: Record<string, string> = {}) => {
    setStates((before) => {
      const own = { ...before.get(id) };
      for (const { field, to } of changes) {
        if (state === null) delete own[field.name];
        else own[field.name] = { value: to, state, detail: details[field.name] ?? details[""] };
      }
      const next = new Map(before);
      if (Object.keys(own).length > 0) next.set(id, own);
      else next.delete(id);
      return next;
    });
  }, []);

  const accept = useCallback(
    async (saved: StoredRecord, changes: CellChange[]) => {
      const far = paths.filter((path) => changes.some(({ field }) => path.startsWith(`${field.name}.`)));
      const whole = far.length > 0 ? { ...saved, ...(await client.get(form.name, saved.id, far.join(",")).catch(() => ({}))) } : saved;
      known(queries, form.name, whole);
      // The list itself is read anew when nobody works in it any more.
      void renewed(queries, ({ queryKey }) => queryKey[0] === "records" && queryKey[1] === form.name);
    },
    [client, form.name, paths, queries],
  );

  /** Sends until it is taken, or refused, or somebody else's change is preferred. */
  const send = useCallback(
    async (record: StoredRecord, changes: CellChange[], version: number): Promise<StoredRecord | null> => {
      let values = Object.fromEntries(changes.map(({ field, to }) => [field.name, written(field, to)]));
      for (let attempt = 0; ; attempt += 1)
        try {
          return await client.update(form.name, record.id, version, values);
        } catch (error) {
          if (!(error instanceof Problem) || !error.conflict || !error.current || attempt > ATTEMPTS) throw error;
          const { current } = error;
          version = current.version;
          // Somebody changed another field: both changes stand.
          if (changes.every(({ field, from }) => same(bare(from), bare(current[field.name])))) continue;
          const original = { ...record, ...Object.fromEntries(changes.map(({ field, from }) => [field.name, from])) };
          const mine = Object.fromEntries(changes.map(({ field, to }) => [field.name, to]));
          const answer = await new Promise<Values | "theirs" | null>((resolve) => setAsked({ original, current, written: { ...original, ...mine }, answer: resolve }));
          setAsked(null);
          if (answer !== null && answer !== "theirs") {
            values = { ...values, ...Object.fromEntries(changes.flatMap(({ field }) => (field.name in answer ? [[field.name, written(field, answer[field.name])]] : []))) };
            continue;
          }
          await accept(current, changes);
          if (answer === null) throw error;
          return null;
        }
    },
    [accept, client, form.name],
  );

  const run = useCallback(
    (record: StoredRecord, changes: CellChange[], remember: boolean): Promise<boolean> => {
      mark(record.id, changes, "saving");
      let taken = false;
      const before = chains.current.get(record.id) ?? Promise.resolve(undefined);
      const work = before.then(async (latest) => {
        try {
          const saved = await send(record, changes, Math.max(latest?.version ?? 0, record.version));
          if (saved) {
            taken = true;
            await accept(saved, changes);
            if (remember) {
              if (gathering.current) gathering.current.push({ record: saved, changes });
              else done.current = [...done.current.slice(1 - KEPT), [{ record: saved, changes }]];
            }
            setSaid(t("cellSaved", { name: changes.map(({ field }) => w(field.title) || field.name).join("、") }));
          }
          mark(record.id, changes, null);
          return saved ?? latest;
        } catch (error) {
          const details = error instanceof Problem ? errorsOf(form, error.errors) : {};
          const others = Object.entries(details).filter(([pointer]) => !changes.some(({ field }) => pointer === field.name)).map(([pointer, detail]) => `${w(form.fields.find((each) => each.name === pointer)?.title) || ""} ${detail}`.trim());
          const detail = others.join("\n") || (Object.keys(details).length > 0 ? Object.values(details).join("\n") : brief(error, speech));
          mark(record.id, changes, "refused", { ...details, "": detail });
          void message.error(changes.map(({ field }) => details[field.name] ?? detail)[0], 6);
          return latest;
        }
      });
      chains.current.set(record.id, work);
      return work.then(() => taken);
    },
    [accept, form, mark, message, send, speech, t, w],
  );

  const save = useCallback((record: StoredRecord, changes: CellChange[]) => run(record, changes, true), [run]);
  const together = useCallback(async (work: () => Promise<void>) => {
    const gathered: Done = [];
    gathering.current = gathered;
    await work().finally(() => (gathering.current = null));
    if (gathered.length > 0) done.current = [...done.current.slice(1 - KEPT), gathered];
  }, []);
  const undo = useCallback(async () => {
    const last = done.current.pop();
    if (!last) return void message.info(t("undoNothing"));
    const back = await Promise.all(last.map(({ record, changes }) => run(record, changes.map(({ field, from, to }) => ({ field, from: to, to: from })), false)));
    if (back.every(Boolean)) void message.success(t("undone", { name: last.length === 1 ? last[0]!.record._label : t("records", { count: last.length }) }));
  }, [message, run, t]);
  const drop = useCallback((id: number, name: string) => mark(id, [{ field: { name } as Field, from: null, to: null }], null), [mark]);

  const unsaved = states.size > 0;
  useEffect(
    () =>
      unsaved
        ? guard(() => new Promise<boolean>((resolve) => modal.confirm({ title: t("unsavedTitle"), content: t("cellsUnsaved"), okText: t("unsavedLeave"), cancelText: t("unsavedStay"), okButtonProps: { danger: true }, onOk: () => resolve(true), onCancel: () => resolve(false) })))
        : undefined,
    [unsaved, modal, t],
  );
  const dialog = asked && <Conflict form={form} original={asked.original} current={asked.current} written={asked.written} close={() => asked.answer(null)} theirs={() => asked.answer("theirs")} mine={asked.answer} />;
  return { states, save, undo, together, drop, dialog, said };
}
