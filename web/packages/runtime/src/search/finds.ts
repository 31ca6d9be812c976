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

/** What a search in every form answers while somebody types; only the last question counts. */
export function useFinds(text: string, open: boolean): Finds {
  const { client } = useRuntime();
  const [finds, setFinds] = useState<Finds>({ groups: [], busy: false });
  const asked = text.trim();
  useEffect(() => {
    if (!open || asked === "") {
      setFinds({ groups: [], busy: false });
      return;
    }
    const control = new AbortController();
    setFinds((before) => ({ ...before, busy: true }));
    const timer = setTimeout(() => {
      client.run<FormFinds[]>("records.search", { text: asked }, { signal: control.signal }).then(
        (groups) => setFinds({ groups, busy: false }),
        () => control.signal.aborted || setFinds({ groups: [], busy: false }),
      );
    }, 180);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [client, asked, open]);
  return finds;
}
