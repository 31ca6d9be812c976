import { useSpeech, When } from "@lowcode/kit";
import type { Field, Form, KeptDraft, Values } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { newKey } from "../offline/queue";
import { useRuntime } from "../runtime";
import type { Filling } from "./filling";
import { leave, take, type LeftDraft } from "./left";
import { same } from "./live";
import { changes, dirty, labelled } from "./model";

const PAUSE = 2500;

/** What the server keeps of a form that is being filled in. */
export interface Kept {
  /** When it was kept last. */
  at: string | null;
  /** The draft that it is kept as. */
  id: number | undefined;
  /** Keeps it now. */
  keep: () => Promise<void>;
  /** It was saved, or is wanted no longer. */
  discard: () => Promise<void>;
}

/** Keeps a form on the server a moment after somebody stopped typing, and forgets it when it is saved. What was typed
 * since stays in the tab when the session ends or the page goes away. */
export function useKept(filling: Filling, from: number | undefined, on: boolean): Kept {
  const { client, session } = useRuntime();
  const queries = useQueryClient();
  const { form, draft, live } = filling;
  const id = useRef<number | undefined>(from);
  const [key] = useState(newKey);
  useEffect(() => {
    if (from !== undefined) id.current = from;
  }, [from]);
  const [{ at, id: own }, setLast] = useState<{ at: string | null; id?: number }>({ at: null });
  const last = useRef("");
  /** Something was sent: there may be a draft though no answer said so. */
  const sent = useRef(false);
  /** What stood in the form when it was wanted no longer: what was going to keep it comes too late. */
  const over = useRef<Values>(undefined);
  const busy = useRef<Promise<unknown>>(Promise.resolve());
  const latest = useRef({ form, draft, live });
  latest.current = { form, draft, live };
  const keep = useCallback(async () => {
    const now = latest.current;
    if (now.live.values === over.current || !dirty(now.form, now.draft, now.live)) return;
    const said = JSON.stringify(draftFrom(now));
    if (said === last.current) return void (await busy.current);
    last.current = said;
    sent.current = true;
    busy.current = busy.current
      .then(() => client.run<{ id: number; updated_at: string }>("forms.save_draft", { ...draftFrom(now), id: id.current, key }))
      .then((kept) => {
        id.current = kept.id;
        setLast({ at: kept.updated_at, id: kept.id });
      })
      .catch(() => void (last.current = "")); // A draft helps and must not stand in the way of whoever fills in.
    await busy.current;
  }, [client, key]);
  const changed = on && dirty(form, draft, live);
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(() => void keep(), PAUSE);
    return () => clearTimeout(timer);
  }, [changed, live.values, keep]);
  const actor = session.actor.id;
  useEffect(() => {
    if (!changed) return;
    let over = false;
    const put = () => {
      const { record } = latest.current.draft;
      leave({ key, actor, form: latest.current.form.name, record: record?.id, open: over, draft: { ...draftFrom(latest.current), id: id.current, key } });
    };
    const ended = () => {
      over = true;
      put();
    };
    const back = () => {
      over = false;
      void keep().then(() => take(key));
    };
    window.addEventListener("lowcode:ended", ended);
    window.addEventListener("lowcode:back", back);
    window.addEventListener("pagehide", put);
    return () => {
      window.removeEventListener("lowcode:ended", ended);
      window.removeEventListener("lowcode:back", back);
      window.removeEventListener("pagehide", put);
    };
  }, [changed, actor, key, keep]);
  const discard = useCallback(async () => {
    over.current = latest.current.live.values;
    await busy.current;
    const gone = id.current;
    id.current = undefined;
    last.current = "";
    setLast({ at: null });
    take(key);
    if (gone === undefined && !sent.current) return;
    sent.current = false;
    await client.run("forms.discard_draft", gone === undefined ? { key } : { id: gone, key }).catch(() => undefined);
    await queries.invalidateQueries({ queryKey: ["drafts"] });
  }, [client, queries, key]);
  return useMemo(() => ({ at, id: own, keep, discard }), [at, own, keep, discard]);
}

/** What somebody has changed in a form, as a draft is kept. */
function draftFrom({ form, draft, live }: Pick<Filling, "form" | "draft" | "live">): LeftDraft & { form: string; title: string; version?: number } {
  const names = Object.keys(changes(form, draft, live));
  const pick = (values: Values): Values => told(form.fields, Object.fromEntries(names.map((name) => [name, labelled(values[name])])));
  const { record } = draft;
  const label = form.label ? live.values[form.label] : "";
  return {
    form: form.name, title: typeof label === "string" ? label.slice(0, 200) : "",
    record: record?.id, version: record?.version, values: pick(live.values), before: record ? pick(draft.original) : {},
  };
}

const SECRET = new Set(["secret", "password"]);

/** Values without those that no draft holds. */
function told(fields: Field[], values: Values): Values {
  const secret = new Set(fields.filter(({ type }) => SECRET.has(type)).map(({ name }) => name));
  const inner = new Map(fields.filter(({ type }) => type === "lines").map((field) => [field.name, field.fields ?? []]));
  const open = Object.entries(values).filter(([name]) => !secret.has(name));
  return Object.fromEntries(open.map(([name, value]) => [name, inner.has(name) && Array.isArray(value) ? value.map((row: Values) => told(inner.get(name)!, row)) : value]));
}

/** Says that something was left unfinished, and gives it back; what is being filled in just now (`own`) was not. */
export function Unfinished({ form, record, own, restore }: { form: Form; record: number | undefined; own: number | undefined; restore: (draft: KeptDraft) => void }) {
  const { client } = useRuntime();
  const queries = useQueryClient();
  const { t } = useSpeech();
  const [away, setAway] = useState(false);
  const found = useQuery({ queryKey: ["drafts", form.name, record ?? null], queryFn: () => client.run<{ items: KeptDraft[] }>("forms.drafts", { form: form.name, record }), gcTime: 0 });
  const first = found.data?.items.find((each) => each.id !== own);
  if (!first || away) return null;
  return (
    <Alert
      className="lc-problems"
      type="info"
      showIcon
      closable={{ onClose: () => setAway(true) }}
      title={t(first.newer ? "draftNewer" : "draftFound")}
      description={
        <>
          {first.title && <strong>{first.title} </strong>}
          <When at={first.updated_at} />
          <span className="lc-draft-acts">
            <Button size="small" type="primary" onClick={() => void client.run<KeptDraft>("forms.draft", { id: first.id }).then((draft) => { setAway(true); restore(draft); })}>
              {t("draftRestore")}
            </Button>
            <Button size="small" onClick={() => void client.run("forms.discard_draft", { id: first.id }).then(() => queries.invalidateQueries({ queryKey: ["drafts"] }))}>
              {t("draftDiscard")}
            </Button>
          </span>
        </>
      }
    />
  );
}

/** The fields of a draft that somebody else has changed since it was kept. */
export const changedSince = (draft: KeptDraft, record: Values): string[] =>
  draft.newer ? overtakenBy(draft.before ?? {}, record) : [];

/** The fields whose value is no longer the one that stood there before. */
export const overtakenBy = (before: Values, record: Values): string[] => Object.keys(before).filter((name) => !same(before[name], labelled(record[name])));
