import { brief, useSpeech, type Speech } from "@lowcode/kit";
import { Problem, type Duplicate, type StoredRecord, type Values } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef, useState, type RefObject } from "react";
import { renewed } from "../changed";
import { useRuntime } from "../runtime";
import { ready } from "./before";
import { check } from "./check";
import type { Filling } from "./filling";
import { known } from "./known";
import type { Step } from "../runtime";
import { withFiles } from "../offline/files";
import { learnt, sendOnce, triedWith, type Sending } from "../offline/once";
import { keep, newKey, settle, useWaiting, type Waiting } from "../offline/queue";
import { isCut } from "../offline/start";
import { changes, draftOf, errorsOf, labelled, type Draft } from "./model";
import { placedIn } from "./step";
import { titleOf } from "./titled";

export interface Saving {
  busy: boolean;
  duplicates: Duplicate[] | null;
  conflict: StoredRecord | null;
  /** The record as saved; "waiting" when it stays on the device until the server can be reached. */
  /** `over`: the draft that is sent instead of what is filled in, because it stands on a later version. */
  save: (options?: { duplicates?: boolean; over?: Draft }) => Promise<StoredRecord | "waiting" | null>;
  forget: () => void;
}

/** Sends a form: checks here, looks for duplicates, saves, and shows what the server refuses at its field. */
export function useSaving(filling: Filling, taken?: Step, askFor?: (fields: string[]) => void, waiting?: Waiting): Saving {
  const { client, session } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [busy, setBusy] = useState(false);
  const [duplicates, setDuplicates] = useState<Duplicate[] | null>(null);
  const [conflict, setConflict] = useState<StoredRecord | null>(null);
  const { form, draft, live, step } = filling;
  const once = useOnce(waiting);

  const refuse = (errors: Record<string, string>) => {
    const also = taken ? fillable(filling, errors) : [];
    if (also.length > 0) askFor?.(also);
    step({ kind: "errors", errors: shownErrors(filling, errors, speech, also) });
    requestAnimationFrame(() => document.querySelector(".lc-form .lc-problem, .lc-form .lc-problems")?.scrollIntoView({ block: "center", behavior: "smooth" }));
  };

  const send = async (options: { duplicates?: boolean; over?: Draft }): Promise<StoredRecord | null> => {
    const { record } = options.over ?? draft;
    const own = options.over ? changes(form, options.over, { ...live, values: options.over.values }) : changes(form, draft, live);
    const filled = { ...own, ...(taken ? { [taken.field]: taken.to } : {}) };
    const { values } = form.offline ? await withFiles(client, filled) : { values: filled };
    const sending = { key: once.current.key, form: form.name, record: record?.id, version: record?.version };
    if (record !== null) return await sendOrChange(sending, values);
    // A look for duplicates helps and must not stand in the way: when it fails, the record is saved without it.
    if (form.duplicates && options.duplicates !== true) {
      const items = await client.run<{ items: Duplicate[] }>("forms.duplicates", { form: form.name, values }).then(
        (answer) => answer.items,
        () => [],
      );
      if (items.length > 0) {
        setDuplicates(items);
        return null;
      }
    }
    return await sendOrChange(sending, values);
  };

  /** Sent under the key of the form, so that an answer that got lost makes nothing twice; what was typed after it is a
   * change of what came of it. */
  const sendOrChange = async (sending: Sending, values: Values): Promise<StoredRecord> => {
    const { tried } = once.current;
    once.current.tried = triedWith(tried, values);
    try {
      return await sendOnce(client, sending, values);
    } catch (error) {
      const found = await learnt(client, form, sending, tried, values, error);
      if (!found) throw error;
      return await sendOnce(client, { ...sending, record: found.record.id, version: found.record.version }, found.rest);
    }
  };

  /** Without a network the record stays on the device, and is sent later. */
  const put = async (): Promise<"waiting"> => {
    const values = changes(form, draft, live);
    const pick = (from: Values): Values => Object.fromEntries(Object.keys(values).map((name) => [name, labelled(from[name])]));
    const { record } = draft;
    await keep({
      key: once.current.key, tried: once.current.tried, actor: session.actor.id, form: form.name, record: record?.id, version: record?.version, title: titleOf(form, draft.record, live.values),
      values, shown: pick(live.values), before: record ? pick(draft.original) : {}, seen: record ?? undefined, at: new Date().toISOString(), state: "waiting",
    });
    return "waiting";
  };

  const now: Saving["save"] = async (options = {}) => {
    const errors = check(filling, speech);
    if (Object.keys(errors).length > 0) {
      refuse(errors);
      return null;
    }
    setBusy(true);
    try {
      const saved = await send(options);
      if (saved === null) return null;
      step({ kind: "start", draft: draftOf(form, saved, {}) });
      if (waiting) await settle(waiting.key);
      once.current = { key: newKey(), tried: [] };
      known(queries, form.name, saved);
      void renewed(queries); // it is saved: nobody waits for what stands around it to be asked again
      return saved;
    } catch (error) {
      if (form.offline && !taken && isCut(error)) return await put();
      if (error instanceof Problem && error.conflict && error.current) setConflict(error.current);
      else if (error instanceof Problem && error.errors.length > 0) refuse(errorsOf(form, error.errors));
      else if (error instanceof Problem && error.status !== 0) refuse({ "": brief(error, speech) });
      else void message.error(brief(error, speech));
      return null;
    } finally {
      setBusy(false);
    }
  };

  const latest = useRef(now);
  latest.current = now;
  const gone = useGone();
  const awaits = useRef(false);
  const save: Saving["save"] = async (options) => {
    if (filling.before.size === 0) return await now(options);
    if (awaits.current) return null; // Enter once more
    awaits.current = true;
    setBusy(true);
    const fine = await ready(filling.before).finally(() => {
      awaits.current = false;
      setBusy(false);
    });
    return fine && !gone.current ? await latest.current(options) : null; // with what came meanwhile
  };

  const forget = () => {
    setDuplicates(null);
    setConflict(null);
  };
  return { busy, duplicates, conflict, save, forget };
}

/** Whether somebody left the form: then nothing of it is saved any more. */
function useGone(): RefObject<boolean> {
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => void (gone.current = true);
  }, []);
  return gone;
}

/** The key of what a form sends, and what was sent under it: by the form itself, and of what waits by the queue, which
 * may be sending it while the form is open. */
function useOnce(waiting?: Waiting): RefObject<{ key: string; tried: readonly Values[] }> {
  const once = useRef({ key: "", tried: waiting?.tried ?? [] });
  if (once.current.key === "") once.current.key = waiting?.key ?? newKey();
  const { tried } = useWaiting(useRuntime().session.actor.id).find((each) => each.key === once.current.key) ?? {};
  useEffect(() => {
    once.current.tried = triedWith(once.current.tried, ...(tried ?? []));
  }, [tried]);
  return once;
}

/** Fields that something is wrong with, that are not shown and could be filled in. */
function fillable({ form, live }: Filling, errors: Record<string, string>): string[] {
  const placed = placedIn(form);
  const heads = [...new Set(Object.keys(errors).map((pointer) => pointer.split("/")[0]!))];
  return heads.filter((name) => !placed.has(name) && live.conditions[name]?.visible !== false && form.fields.some((field) => field.name === name && !field.read_only && !field.system && field.type !== "state"));
}

/** What is wrong with a field that is not shown would be seen nowhere: it is said above the form, with the field's name. */
export function shownErrors({ form, live }: Filling, errors: Record<string, string>, { w }: Speech, also: string[] = []): Record<string, string> {
  const placed = new Set([...placedIn(form), ...also]);
  const out: Record<string, string> = {};
  for (const [pointer, detail] of Object.entries(errors)) {
    const [head = ""] = pointer.split("/");
    if (pointer === "" || (placed.has(head) && live.conditions[head]?.visible !== false)) {
      out[pointer] = pointer === "" && out[""] ? `${out[""]}\n${detail}` : detail;
      continue;
    }
    const title = w(form.fields.find((field) => field.name === head)?.title) || head;
    out[""] = [out[""], `${title}: ${detail}`].filter(Boolean).join("\n");
  }
  return out;
}
