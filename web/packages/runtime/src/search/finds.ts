import { useSettled } from "@lowcode/kit";
import { useEffect, useState } from "react";
import { useRuntime } from "../runtime";

/** What was found of one form. */
export interface FormFinds {
  form: string;
  more: boolean;
  items: { id: number; label: string; field?: string; words?: string }[];
}

export interface Finds {
  groups: FormFinds[];
  busy: boolean;
}

const PAUSE = 180;

/** What a search in every form answers while somebody types; only the last question counts. */
export function useFinds(text: string, open: boolean, composing: boolean): Finds {
  const { client } = useRuntime();
  const [groups, setGroups] = useState<FormFinds[]>([]);
  const [answered, setAnswered] = useState("");
  const wanted = open ? text.trim() : "";
  const asked = useSettled(wanted, PAUSE, composing);
  useEffect(() => {
    if (asked === "") {
      setGroups([]);
      setAnswered("");
      return;
    }
    const control = new AbortController();
    client
      .run<FormFinds[]>("records.search", { text: asked }, { signal: control.signal })
      .catch(() => [])
      .then((found) => {
        if (control.signal.aborted) return;
        setGroups(found);
        setAnswered(asked);
      });
    return () => control.abort();
  }, [client, asked]);
  return wanted === "" ? { groups: [], busy: false } : { groups, busy: wanted !== answered };
}
