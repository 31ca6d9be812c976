import { brief, useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { changed } from "../changed";
import { useRuntime } from "../runtime";
import { inPieces, pieces } from "./in_pieces";

export interface Deleted {
  form: string;
  id: number;
  label: string;
  at: string;
  by: Reference | null;
  cause: "person" | "many" | "import" | "merge" | "with" | "program";
  of: number | null;
  /** The record it went with, where this person may read it. */
  with: { form: string; id: number; label: string } | null;
  goes_at: string | null;
  can: { restore: boolean; purge: boolean };
}

interface Told {
  form: string;
  id: number;
  label: string;
  problems: { detail: string }[];
}

/** What bringing some back would come to, over all forms. */
export interface Asked {
  items: Deleted[];
  hindered: Told[];
  linked: Told[];
  gone: number;
}

/** Brings records back, with what they are linked to or without, and says what came of it; gives those that are left
 * because something went wrong on the way. */
export function useBringBack(): (items: Deleted[], together: boolean) => Promise<Deleted[]> {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  return async (items, together) => {
    let done = 0;
    const refused: Told[] = [];
    const { left, error } = await inPieces(items, async (piece) => {
      const found = await client.run<{ restored: unknown[]; refused: Told[] }>("forms.bring_back", { ...piece, together });
      done += found.restored.length;
      refused.push(...found.refused);
    });
    if (left.length > 0) void message.error(brief(error, speech), 6);
    if (refused.length > 0) void message.warning(t("broughtSome", { done, failed: refused.length, reason: refused[0]!.problems.map(({ detail }) => detail).join("; ") }), 8);
    else if (left.length < items.length) void message.success(t("broughtBack", { count: done }));
    await changed(queries);
    return left;
  };
}

/** Looks at what hinders before anything is done: where nothing does, and nothing is to be chosen, it is done at once
 * (`look` says whether it was). */
export function useReturn() {
  const { client } = useRuntime();
  const [asked, ask] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const bringBack = useBringBack();
  const look = async (items: Deleted[]): Promise<boolean> => {
    setBusy(true);
    try {
      const found: Asked = { items, hindered: [], linked: [], gone: 0 };
      for (const piece of pieces(items)) {
        const told = await client.run<{ records: Told[]; linked: Told[]; gone: unknown[] }>("forms.check_return", piece);
        found.hindered.push(...told.records.filter((each) => each.problems.length > 0));
        found.linked.push(...told.linked);
        found.gone += told.gone.length;
      }
      const own = new Set(items.map((each) => `${each.form}/${each.id}`));
      found.linked = found.linked.filter((each) => !own.has(`${each.form}/${each.id}`));
      if (found.hindered.length + found.linked.length + found.gone > 0) {
        ask(found);
        return false;
      }
      return (await bringBack(items, false)).length === 0;
    } finally {
      setBusy(false);
    }
  };
  return { asked, look, close: () => ask(null), busy };
}
