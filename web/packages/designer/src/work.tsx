import { CheckCircleOutlined, DeleteOutlined, DownloadOutlined, LoadingOutlined, RedoOutlined, UndoOutlined, WarningOutlined } from "@ant-design/icons";
import { brief, downloadDocument, go, link, type TextKey, useNarrow, useSpeech } from "@lowcode/kit";
import { type Publication } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Dropdown, Popconfirm, Tooltip, type ButtonProps } from "antd";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState, type Dispatch, type KeyboardEvent, type ReactNode } from "react";
import type { Finding } from "./design";
import { calledIn, mendedAt } from "./elsewhere";
import { begun as begin, history, type Deed, type History } from "./history";
import { joinedLatest, type Joined } from "./joining";
import { useFollowed, useKept } from "./kept";
import { Merging, type Merged } from "./merging";
import { placed } from "./named";
import { pathOf, within, type Node, type Path } from "./tree";
import { Versions } from "./versions";

/** The documents of the app, as text by path. */
export type Documents = Record<string, string>;

/** Milliseconds without a change after which a document is checked by itself, and with the whole app. */
const PAUSE = 400;
const REST = 2500;

/** Whether what is known of a document holds for it as it stands. */
export type Checked = "checked" | "checking" | "failed";

/** What an operation that checks a document answers. */
export interface Answer {
  findings: (Omit<Finding, "severity"> & { document?: string; severity?: string })[];
  /** Whether other documents may speak of what this one no longer says. */
  elsewhere?: boolean;
}

/** What something was when it had not changed for so long. */
export function useRested<Value>(value: Value, time: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), time);
    return () => clearTimeout(timer);
  }, [value, time]);
  return rested;
}

/** A document of the app on the desk: its changes, each of which can be taken back, kept on this device until they are
 * published, and what is wrong with them. */
export interface Work<Known extends Answer = Answer> {
  path: string;
  document: Node;
  /** The document as it stood when it was last looked at, or will be. */
  settled: Node;
  chosen: Path | null;
  state: History;
  act: Dispatch<Deed>;
  /** Whether it differs from what the app has. */
  drafted: boolean;
  findings: Finding[];
  /** The whole answer of the operation that checks it, as of the last time it was asked. */
  looked: Known | undefined;
  checked: Checked;
  /** Checks once more what could not be checked. */
  again: () => void;
  /** The text the draft was begun with, and whether the app has another by now. */
  base: string;
  stale: boolean;
  /** What comes of mine and of what was published meanwhile: the draft, once the desk is opened anew. */
  take: (whole: Node, base: string) => void;
  forget: () => void;
  /** Goes on with what another tab kept of it. */
  follow: (reopen: () => void) => void;
}


/** `alone` is the operation that checks the document by itself; the whole app is looked at where others may miss
 * something of it. With `always`, a document that was not changed is looked at, too: more than its mistakes is of use. */
export function useWork<Known extends Answer = Answer>(path: string, written: string, begun: Node, alone: string, always = false): Work<Known> {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const { kept, keep, news } = useKept(path);
  const narrow = useNarrow();
  const [state, dispatch] = useReducer(history, kept ?? { document: begun, base: written }, begin);
  const act = useCallback((deed: Deed) => dispatch(narrow && (deed.type === "undo" || deed.type === "redo") ? { ...deed, bare: true } : deed), [narrow]);
  const { document, chosen } = state.now;
  const base = state.now.base ?? written;
  const settled = useRested(document, PAUSE);
  const rested = useRested(document, REST);
  const drafted = useMemo(() => written === "" || JSON.stringify(document) !== JSON.stringify(begun), [written, document, begun]); // "": the app has it not yet
  useEffect(() => keep(drafted ? { base, document } : null), [document, drafted, base]); // eslint-disable-line react-hooks/exhaustive-deps
  const often = { placeholderData: keepPreviousData, gcTime: 30_000, staleTime: Infinity, retry: false } as const;
  const own = useQuery({
    ...often,
    queryKey: ["design-check", path, settled],
    queryFn: ({ signal }): Promise<Known> => client.run<Known>(alone, { document: settled }, { signal }),
    enabled: drafted || always,
  });
  const elsewhere = drafted && !own.isPlaceholderData && own.data?.elsewhere === true && own.data.findings.length === 0;
  const whole = useQuery({
    ...often,
    queryKey: ["design-check-whole", path, rested],
    queryFn: ({ signal }): Promise<Answer> => client.run<Publication>("app.plan", { documents: { [path]: rested } }, { signal }),
    enabled: elsewhere && rested === document,
  });
  const asked = elsewhere ? [own, whole] : [own];
  const late = document !== settled || (elsewhere && document !== rested) || asked.some((each) => each.isFetching || each.isPlaceholderData);
  const checked: Checked = !drafted ? "checked" : late ? "checking" : asked.some((each) => each.isError) ? "failed" : "checked";
  const findings = useMemo<Finding[]>(
    () =>
      (drafted ? [...(own.data?.findings ?? []), ...((elsewhere && whole.data?.findings) || [])] : [])
        .filter((each) => each.severity === undefined || each.severity === "error")
        .map((each) => (each.document === undefined || each.document === path ? { ...each, severity: "error" } : { ...each, severity: "error", pointer: "", message: `${calledIn(each.document, t)} ${each.pointer}: ${each.message}`, elsewhere: each.document })),
    [own.data, whole.data, elsewhere, drafted, path, t],
  );
  /** There is one draft of a document, whichever desks of it are open in whichever tabs. */
  const follow = (reopen: () => void) => {
    const theirs = news();
    if (theirs === undefined) return;
    if (theirs === null || theirs.before || theirs.base !== base) return reopen();
    if (JSON.stringify(theirs.document) !== JSON.stringify(document)) act({ type: "change", document: theirs.document, what: "another tab" });
  };
  const again = () => asked.forEach((each) => each.isError && void each.refetch());
  return { path, document, settled, chosen, state, act, drafted, findings, looked: own.data, checked, again, base, stale: drafted && base !== written, take: (whole, next) => keep({ base: next, document: whole, before: { base, document } }), forget: () => keep(null), follow };
}

type Pressed = KeyboardEvent | globalThis.KeyboardEvent;

/** The keys of a desk: undoing everywhere, letting go of what is chosen on the canvas, and there what else it hears. */
export function useKeys(act: Dispatch<Deed>, canvas: string, hear: (event: Pressed) => void): (event: Pressed) => void {
  const keys = (event: Pressed) => {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const does = (deed: Deed) => (event.preventDefault(), act(deed));
    if (command && letter === "z") return does({ type: event.shiftKey ? "redo" : "undo" });
    if (command && letter === "y") return does({ type: "redo" });
    const target = event.target as HTMLElement;
    if (!target.closest(canvas) || target.closest("input, textarea, [role=menu]")) return;
    if (event.key === "Escape") return does({ type: "choose", chosen: null });
    hear(event);
  };
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    // After something was dragged nothing has the focus, and after it was taken away the content as a whole.
    const heard = (event: globalThis.KeyboardEvent) => (event.target === window.document.body || (event.target as HTMLElement).tagName === "MAIN") && latest.current(event);
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  }, []);
  return keys;
}

interface HeadProps {
  work: Work;
  title: string;
  /** The page that shows all of them, where there are several. */
  back?: { place: string; words: TextKey };
  blocks: Path[];
  reopen: () => void;
  /** What else can be done with the document. */
  extra?: ReactNode;
}

/** Whether somebody published the document since the draft was begun: known when the desk is opened, and whenever the
 * page goes on with another version of the app. */
function useOvertaken({ path, base, drafted, stale }: Work): boolean {
  const { client, app } = useRuntime();
  const [digest] = useState(app.digest);
  const found = useQuery({
    queryKey: ["design-overtaken", path, app.digest],
    queryFn: () => client.run<{ documents: Documents }>("app.documents", {}),
    enabled: drafted && app.digest !== digest,
    gcTime: 0,
    staleTime: Infinity,
  });
  return stale || (drafted && found.data !== undefined && (found.data.documents[path] ?? "") !== base);
}

/** Takes in what somebody published meanwhile; where both changed the same, somebody says which of the two stands. */
function useMerge({ path, document, base, take }: Work, reopen: () => void, begins: () => void): { merge: () => void; window: ReactNode } {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const [found, setFound] = useState<Joined | null>(null);
  const latest = useRef({ document, base });
  latest.current = { document, base };
  const ask = (mine: Node) => client.run<Merged>("app.merge_document", { path, document: mine, begun: latest.current.base === "" ? null : (JSON.parse(latest.current.base) as Node) });
  const taken = (whole: Node, over: string) => {
    take(whole, over);
    reopen();
    void message.success(speech.t("designMerged"));
  };
  const merge = async () => {
    begins();
    try {
      const joined = await joinedLatest(() => latest.current.document, ask);
      if (joined.both.clashes.length > 0) return setFound(joined);
      taken(joined.both.document, joined.both.base);
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  const decided = (whole: Node) => {
    if (found?.mine === latest.current.document) return taken(whole, found.both.base);
    setFound(null); // something was typed meanwhile: it is asked about anew, with that
    void merge();
  };
  const window = found && <Merging found={found.both} close={() => setFound(null)} take={decided} />;
  return { merge: () => void merge(), window };
}

/** Opens another document where it is mended; what is on this desk stays on this device. */
function useMended(): (path: string) => void {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const speech = useSpeech();
  const open = async (path: string) => {
    try {
      const { documents } = await client.run<{ documents: Documents }>("app.documents", {});
      const found = JSON.parse(documents[path] ?? "{}") as Node;
      const place = mendedAt(path, typeof found["type"] === "string" ? found["type"] : undefined);
      if (place) go(link(place));
      else void message.info(speech.t("foundNowhere"), 6);
    } catch (error) {
      void message.error(brief(error, speech));
    }
  };
  return (path) => void open(path);
}

/** The head of a desk: what is designed, what is wrong with it, undoing, and publishing. */
export function Head({ work, title, back, blocks, reopen, extra }: HeadProps) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [publishing, setPublishing] = useState(false);
  const overtaken = useOvertaken(work);
  useFollowed(() => work.follow(reopen));
  const { merge, window } = useMerge(work, reopen, () => setPublishing(false));
  const open = useMended();
  const { state, act, drafted, findings, document, path } = work;
  const faulty = findings.length > 0;
  const values = { documents: { [path]: document } };
  const away = () => (work.forget(), reopen());
  /** What the app has not is nowhere once its draft is gone. */
  const discard = () => (back && work.base === "" ? (work.forget(), go(placed(back.place))) : away());
  return (
    <>
      <header className="lc-design-bar">
        {back && <a href={placed(back.place)}>{t(back.words)}</a>}
        <h1 title={title}>{title}</h1>
        <span className="lc-quiet" role="status">{t(drafted ? "formDrafted" : "designUnchanged")}</span>
        <span className="lc-grow" />
        <Tooltip title={`${t("designUndo")} Ctrl+Z`}>
          <Button type="text" icon={<UndoOutlined />} aria-label={t("designUndo")} disabled={state.past.length === 0} onClick={() => act({ type: "undo" })} />
        </Tooltip>
        <Tooltip title={`${t("designRedo")} Ctrl+Shift+Z`}>
          <Button type="text" icon={<RedoOutlined />} aria-label={t("designRedo")} disabled={state.future.length === 0} onClick={() => act({ type: "redo" })} />
        </Tooltip>
        <Dropdown autoFocus trigger={["click"]} disabled={!faulty} menu={{ className: "lc-design-found", items: findings.map((each, place) => ({ key: place, label: <><span className="lc-design-wrong">{each.message}</span> <code className="lc-quiet">{each.pointer}</code></>, onClick: () => each.elsewhere ? open(each.elsewhere) : act({ type: "choose", chosen: blocks.filter((way) => within(pathOf(each.pointer), way)).pop() ?? null }) })) }}>
          <Standing className="lc-design-standing" checked={work.checked} count={findings.length} again={work.again} />
        </Dropdown>
        <Button icon={<DownloadOutlined />} aria-label="JSON" title={narrow ? "JSON" : undefined} onClick={() => downloadDocument(document)}>{narrow ? null : "JSON"}</Button>
        {extra}
        <Versions path={path} base={work.base} take={(next) => act({ type: "change", document: next, chosen: null, what: "" })} />
        <Popconfirm okButtonProps={{ autoFocus: true }} destroyOnHidden title={t("designDiscardSure")} okText={t("designDiscard")} cancelText={t("cancel")} onConfirm={discard} disabled={!drafted}>
          <Button disabled={!drafted} icon={narrow && <DeleteOutlined />} aria-label={t("designDiscard")} title={narrow ? t("designDiscard") : undefined}>{narrow ? null : t("designDiscard")}</Button>
        </Popconfirm>
        <Button type="primary" className="lc-design-publish" disabled={!drafted || faulty} onClick={() => setPublishing(true)}>{t("designPublish")}</Button>
      </header>
      {overtaken && <Alert type="warning" banner message={t("formStale")} action={<><Button size="small" type="primary" onClick={merge}>{t("designMerge")}</Button> <Button size="small" onClick={away}>{t("designDiscard")}</Button></>} />}
      {window}
      {publishing && (
        <Guarded path={path} base={work.base} merge={merge} close={() => setPublishing(false)}>
          <Publishing title={`${t("designPublish")}: ${title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setPublishing(false)} done={() => (setPublishing(false), away())} />
        </Guarded>
      )}
    </>
  );
}

/** What is known to be wrong; that it is being looked at, or could not be. What is clicked opens the list. */
export function Standing({ checked, count, again, ...rest }: { checked: Checked; count: number; again: () => void } & ButtonProps) {
  const { t } = useSpeech();
  if (checked === "failed") return <Button {...rest} type="text" danger disabled={false} icon={<WarningOutlined />} onClick={again}>{t("designUnchecked")}</Button>;
  const icon = checked === "checking" ? <LoadingOutlined /> : count > 0 ? <WarningOutlined /> : <CheckCircleOutlined />;
  return <Button {...rest} type="text" danger={count > 0} icon={icon}>{count > 0 ? t("designFound", { count }) : t(checked === "checking" ? "designChecking" : "designFine")}</Button>;
}

/** Looks once more whether the document is still the one that was begun with, and asks before theirs is replaced. */
function Guarded({ path, base, merge, close, children }: { path: string; base: string; merge: () => void; close: () => void; children: ReactNode }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [sure, setSure] = useState(false);
  const found = useQuery({ queryKey: ["design-standing", path], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: 0 });
  if (!found.data) return null;
  if ((found.data.documents[path] ?? "") === base || sure) return <>{children}</>;
  return <Alert type="warning" banner message={t("formStale")} action={<><Button size="small" type="primary" onClick={merge}>{t("designMerge")}</Button> <Button size="small" danger onClick={() => setSure(true)}>{t("designKeepMine")}</Button> <Button size="small" onClick={close}>{t("cancel")}</Button></>} />;
}
