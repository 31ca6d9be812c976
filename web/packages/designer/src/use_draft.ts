import { brief, guard, useSpeech } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useCallback, useEffect, useRef, useState } from "react";
import { joinedLatest, type Joined } from "./joining";
import type { MergedDraft } from "./merging";
import type { Node } from "./tree";

export interface Designed {
  name: string;
  published: Node | null;
  base: string;
  draft: { document: Node; base: string; revision: number; made_at: string; made_by: string; files: string[] } | null;
}

const PAUSE = 1200;

/** Keeps what is designed as a draft, a moment after each change; whoever was slower is told and loses nothing. `base` is
 * the text of the app that the document as it stands was made of. */
export function useDraft(opened: Designed, document: Node, base: string) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const begun = opened.draft?.document ?? opened.published;
  const kept = useRef<{ document: Node | null; base: string }>({ document: begun, base });
  const revision = useRef(opened.draft?.revision ?? 0);
  const files = useRef<Record<string, number>>({});
  const sending = useRef<Promise<void>>(Promise.resolve());
  const [state, setState] = useState<"kept" | "waiting" | "saving" | "failed">("kept");
  const [failure, setFailure] = useState("");
  const [overtaken, setOvertaken] = useState(false);
  const newest = useRef({ document, base });
  newest.current = { document, base };

  const save = useCallback((): Promise<void> => {
    const next = sending.current.then(async () => {
      const { document: wanted, base } = newest.current;
      if (wanted === kept.current.document && base === kept.current.base && Object.keys(files.current).length === 0) return;
      setState("saving");
      const sent = files.current;
      try {
        const answer = await client.run<{ revision: number }>("printing.save_draft", { document: wanted, files: sent, revision: revision.current, base });
        revision.current = answer.revision;
        kept.current = { document: wanted, base };
        if (files.current === sent) files.current = {};
        setState(newest.current.document === wanted && newest.current.base === base ? "kept" : "waiting");
        setFailure("");
      } catch (error) {
        setState("failed");
        setFailure(brief(error, speech));
        setOvertaken(error instanceof Problem && error.status === 409);
        throw error;
      }
    });
    sending.current = next.catch(() => undefined);
    return next;
  }, [client, speech]);

  useEffect(() => {
    if (document === kept.current.document && base === kept.current.base) return;
    setState("waiting");
    if (overtaken) return;
    const timer = setTimeout(() => void save().catch(() => undefined), PAUSE);
    return () => clearTimeout(timer);
  }, [document, base, overtaken, save]);

  /** Only what is not kept yet holds anybody back. */
  useEffect(() => (state === "kept" ? undefined : guard(() => save().then(() => true, () => window.confirm(speech.t("designLeave"))))), [state, save, speech]);

  /** Mine goes over what somebody else kept meanwhile. */
  const insist = async () => {
    const found = await client.run<Designed>("printing.design", { name: opened.name });
    revision.current = found.draft?.revision ?? 0;
    setOvertaken(false);
    await save();
  };
  /** Mine with what somebody else kept or published: between two savings, or my own would be taken for theirs. */
  const joined = (): Promise<Joined<MergedDraft>> =>
    joinedLatest(() => newest.current.document, (mine) => {
      const next = sending.current.then(() => client.run<MergedDraft>("printing.merge_draft", { document: mine, begun: kept.current.document, revision: revision.current, base: newest.current.base }));
      sending.current = next.then(() => undefined, () => undefined);
      return next;
    });
  /** From here on it stands on what somebody else kept or published: what comes of both is kept next, and nothing else.
   * A greater revision than was merged with is my own, kept meanwhile. */
  const rest = (found: MergedDraft, whole: Node) => {
    newest.current = { document: whole, base: found.base };
    revision.current = Math.max(revision.current, found.revision);
    kept.current = { document: null, base: found.base };
    setOvertaken(false);
  };
  const settle = (found: Designed, now: Node) => {
    revision.current = found.draft?.revision ?? 0;
    kept.current = { document: now, base: found.base };
    setState("kept");
  };
  return { state, failure, overtaken, save, insist, newest, joined, rest, settle, files };
}
