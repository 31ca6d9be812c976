import { brief, guard, useSpeech } from "@lowcode/kit";
import { Problem } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Node } from "./tree";

export interface Designed {
  name: string;
  published: Node | null;
  base: string;
  draft: { document: Node; base: string; revision: number; made_at: string; made_by: string; files: string[] } | null;
}

const PAUSE = 1200;

/** Keeps what is designed as a draft, a moment after each change; whoever was slower is told and loses nothing. */
export function useDraft(opened: Designed, document: Node) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const begun = opened.draft?.document ?? opened.published;
  const kept = useRef<Node | null>(begun);
  const revision = useRef(opened.draft?.revision ?? 0);
  const base = useRef(opened.draft?.base ?? opened.base);
  const files = useRef<Record<string, number>>({});
  const sending = useRef<Promise<void>>(Promise.resolve());
  const [state, setState] = useState<"kept" | "waiting" | "saving" | "failed">("kept");
  const [failure, setFailure] = useState("");
  const [overtaken, setOvertaken] = useState(false);
  const newest = useRef(document);
  newest.current = document;

  const save = useCallback((): Promise<void> => {
    const next = sending.current.then(async () => {
      const wanted = newest.current;
      if (wanted === kept.current && Object.keys(files.current).length === 0) return;
      setState("saving");
      const sent = files.current;
      try {
        const answer = await client.run<{ revision: number }>("printing.save_draft", { document: wanted, files: sent, revision: revision.current, base: base.current });
        revision.current = answer.revision;
        kept.current = wanted;
        if (files.current === sent) files.current = {};
        setState(newest.current === wanted ? "kept" : "waiting");
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
    if (document === kept.current) return;
    setState("waiting");
    if (overtaken) return;
    const timer = setTimeout(() => void save().catch(() => undefined), PAUSE);
    return () => clearTimeout(timer);
  }, [document, overtaken, save]);

  /** Only what is not kept yet holds anybody back. */
  useEffect(() => (state === "kept" ? undefined : guard(() => save().then(() => true, () => window.confirm(speech.t("designLeave"))))), [state, save, speech]);

  /** Mine goes over what somebody else kept meanwhile. */
  const insist = async () => {
    const found = await client.run<Designed>("printing.design", { name: opened.name });
    revision.current = found.draft?.revision ?? 0;
    setOvertaken(false);
    await save();
  };
  /** What the merge of mine and theirs needs to know of mine. */
  const mine = () => ({ document: newest.current, begun: kept.current, revision: revision.current, base: base.current });
  /** From here on it stands on what somebody else kept or published: what comes of both is kept next. */
  const rest = (found: { base: string; revision: number }) => {
    base.current = found.base;
    revision.current = found.revision;
    kept.current = null;
    setOvertaken(false);
  };
  const settle = (found: Designed, now: Node) => {
    base.current = found.base;
    revision.current = found.draft?.revision ?? 0;
    kept.current = now;
    setState("kept");
  };
  return { state, failure, overtaken, save, insist, mine, rest, settle, files, base };
}
