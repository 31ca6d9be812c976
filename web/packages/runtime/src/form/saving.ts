import { brief, useSpeech } from "@lowcode/kit";
import { Problem, type Duplicate, type StoredRecord } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { check } from "./check";
import type { Filling } from "./draft";
import { changes, draftOf, errorsOf } from "./model";

export interface Saving {
  busy: boolean;
  duplicates: Duplicate[] | null;
  conflict: StoredRecord | null;
  save: (options?: { duplicates?: boolean; version?: number }) => Promise<StoredRecord | null>;
  forget: () => void;
}

/** Sends a form: checks here, looks for duplicates, saves, and shows what the server refuses at its field. */
export function useSaving(filling: Filling): Saving {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const [busy, setBusy] = useState(false);
  const [duplicates, setDuplicates] = useState<Duplicate[] | null>(null);
  const [conflict, setConflict] = useState<StoredRecord | null>(null);
  const { form, draft, live, step } = filling;

  const refuse = (errors: Record<string, string>) => {
    step({ kind: "errors", errors });
    requestAnimationFrame(() => document.querySelector(".lc-form .lc-problem, .lc-form .lc-problems")?.scrollIntoView({ block: "center", behavior: "smooth" }));
  };

  const send = async (options: { duplicates?: boolean; version?: number }): Promise<StoredRecord | null> => {
    const values = changes(form, draft, live);
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
