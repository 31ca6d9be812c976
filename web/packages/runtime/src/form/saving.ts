import { brief, useSpeech, type Speech } from "@lowcode/kit";
import { Problem, type Duplicate, type StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { check } from "./check";
import type { Filling } from "./draft";
import type { Step } from "../runtime";
import { changes, draftOf, errorsOf } from "./model";
import { placedIn } from "./step";

export interface Saving {
  busy: boolean;
  duplicates: Duplicate[] | null;
  conflict: StoredRecord | null;
  save: (options?: { duplicates?: boolean; version?: number }) => Promise<StoredRecord | null>;
  forget: () => void;
}

/** Sends a form: checks here, looks for duplicates, saves, and shows what the server refuses at its field. */
export function useSaving(filling: Filling, taken?: Step, askFor?: (fields: string[]) => void): Saving {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [busy, setBusy] = useState(false);
  const [duplicates, setDuplicates] = useState<Duplicate[] | null>(null);
  const [conflict, setConflict] = useState<StoredRecord | null>(null);
  const { form, draft, live, step } = filling;

  const refuse = (errors: Record<string, string>) => {
    const also = taken ? fillable(filling, errors) : [];
    if (also.length > 0) askFor?.(also);
    step({ kind: "errors", errors: shownErrors(filling, errors, speech, also) });
    requestAnimationFrame(() => document.querySelector(".lc-form .lc-problem, .lc-form .lc-problems")?.scrollIntoView({ block: "center", behavior: "smooth" }));
  };

  const send = async (options: { duplicates?: boolean; version?: number }): Promise<StoredRecord | null> => {
    const values = { ...changes(form, draft, live), ...(taken ? { [taken.field]: taken.to } : {}) };
    if (draft.record !== null) return await client.update(form.name, draft.record.id, options.version ?? draft.record.version, values);
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
    return await client.create(form.name, values);
  };

  const save: Saving["save"] = async (options = {}) => {
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
      await queries.invalidateQueries();
      return saved;
    } catch (error) {
      if (error instanceof Problem && error.conflict && error.current) setConflict(error.current);
      else if (error instanceof Problem && error.errors.length > 0) refuse(errorsOf(form, error.errors));
      else if (error instanceof Problem && error.status !== 0) refuse({ "": error.detail });
      else void message.error(brief(error, speech));
      return null;
    } finally {
      setBusy(false);
    }
  };

  const forget = () => {
    setDuplicates(null);
    setConflict(null);
  };
  return { busy, duplicates, conflict, save, forget };
}

/** Fields that something is wrong with, that are not shown and could be filled in. */
function fillable({ form, live }: Filling, errors: Record<string, string>): string[] {
  const placed = placedIn(form);
  const heads = [...new Set(Object.keys(errors).map((pointer) => pointer.split("/")[0]!))];
  return heads.filter((name) => !placed.has(name) && live.conditions[name]?.visible !== false && form.fields.some((field) => field.name === name && !field.read_only && !field.system && field.type !== "state"));
}

/** What is wrong with a field that is not shown would be seen nowhere: it is said above the form, with the field's name. */
function shownErrors({ form, live }: Filling, errors: Record<string, string>, { w }: Speech, also: string[]): Record<string, string> {
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
