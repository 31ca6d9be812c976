import { CheckCircleOutlined, DownloadOutlined, RedoOutlined, UndoOutlined, WarningOutlined } from "@ant-design/icons";
import { link, useSpeech } from "@lowcode/kit";
import { type Publication } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { Dragging } from "@lowcode/runtime/dragging";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, Button, Dropdown, Popconfirm, Tooltip } from "antd";
import { useEffect, useMemo, useReducer, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { DesignContext, type Design, type Finding, type Offer, type Offers } from "../design";
import { download } from "../download";
import { begun as begin, history } from "../history";
import { at, isNode, pathOf, pointerOf, put, same, within, type Node, type Path } from "../tree";
import { FormCanvas } from "./canvas";
import { addField, addPart, choosable, drop, fieldsOf, placed, shift, show, shownBy } from "./fields";
import { FormInspector } from "./inspector";
import type { Documents, FormPalette } from "./page";
import { FormSides, PARTS } from "./sides";

interface Props {
  name: string;
  /** The document of the app as its text, and the same understood. */
  base: string;
  begun: Node;
  palette: FormPalette;
  reopen: () => void;
}

interface Kept {
  base: string;
  document: Node;
}

const PAUSE = 700;

/** What was designed and not published, kept on this device until it is. */
function useKept(name: string, base: string): { kept: Kept | null; keep: (document: Node | null) => void } {
  const { app, session } = useRuntime();
  const key = `lowcode-form ${app.name} ${session.actor.id} ${name}`;
  const [kept] = useState<Kept | null>(() => {
    try {
      const found = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
      return found && isNode(found.document) ? found : null;
    } catch {
      return null;
    }
  });
  const keep = (document: Node | null) => {
    try {
      if (document === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ base: kept?.base ?? base, document }));
    } catch {
      return; // a browser that keeps nothing: the page asks before it is left
    }
  };
  return { kept, keep };
}

/** The desk: kinds of fields on the left, the form in the middle, what the chosen field says on the right. */
export function Desk({ name, base, begun, palette, reopen }: Props) {
  const { client, app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const { kept, keep } = useKept(name, base);
  const [state, act] = useReducer(history, kept?.document ?? begun, begin);
  const { document, chosen } = state.now;
  const [publishing, setPublishing] = useState(false);
  const [settled, setSettled] = useState(document);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(document), PAUSE);
    return () => clearTimeout(timer);
  }, [document]);
  const text = useMemo(() => JSON.stringify(document), [document]);
  const drafted = text !== JSON.stringify(begun);
  useEffect(() => keep(drafted ? document : null), [document, drafted]); // eslint-disable-line react-hooks/exhaustive-deps
  const path = `forms/${name}.json`;
  const checked = useQuery({
    queryKey: ["form-check", name, settled],
    queryFn: ({ signal }) => client.run<Publication>("app.plan", { documents: { [path]: settled } }, { signal }),
    enabled: drafted,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    staleTime: Infinity,
    retry: false,
  });
  const findings = useMemo<Finding[]>(() => (drafted ? (checked.data?.findings ?? []) : []).map((each) => (each.document === path ? { ...each, severity: "error" } : { ...each, severity: "error", pointer: "", message: `${each.document}${each.pointer}: ${each.message}` })), [checked.data, drafted, path]);
  const blocks = useMemo(() => choosable(document), [document]);
  const offers = useMemo<Offers>(() => offersOf(document, app.forms), [document, app]);
  const languages = palette.languages;
  /** Somebody published this form after the draft was begun: publishing it would take theirs back. */
  const stale = kept !== null && kept.base !== base;
  const done = (found: { document: Node; chosen: Path | null } | null) => found && act({ type: "change", document: found.document, what: "", chosen: found.chosen });
  const remove = (way: Path) => act({ type: "change", document: drop(document, way), what: "", chosen: null });
  const endOf = (): { list: Path; index: number } => {
    const field = chosen && chosen[0] === "fields" ? at(document, chosen.slice(0, 2)) : undefined;
    const behind = isNode(field) ? placed(document).find(({ item }) => shownBy(item) === field["name"]) : undefined;
    if (behind) return { list: behind.path.slice(0, -1), index: (behind.path[behind.path.length - 1] as number) + 1 };
    const last = placed(document).pop();
    return last ? { list: last.path.slice(0, -1), index: (last.path[last.path.length - 1] as number) + 1 } : { list: ["layout"], index: Array.isArray(document["layout"]) ? document["layout"].length : 0 };
  };
  const putThing = (id: string, list: Path, index: number) => {
    if (id.startsWith("new:")) {
      const kind = palette.kinds.find((each) => each.name === id.slice(4));
      if (kind) done(addField(document, structuredClone(kind.begin), list, index));
    } else if (id.startsWith("part:")) {
      const part = PARTS[id.slice(5)];
      if (part) done(addPart(document, structuredClone(part), list, index));
    } else if (id.startsWith("field:")) done(show(document, id.slice(6), list, index));
    else if (id.startsWith("item:")) done(shift(document, pathOf(id.slice(5)), list, index));
  };
  const dropped = (id: string, place: string) => {
    const found = /^gap:(.*)#(\d+)$/.exec(place);
    if (found) putThing(id, pathOf(found[1]!), Number(found[2]));
  };
  const press = (id: string) => {
    const end = endOf();
    if (id === "part:section" || id === "part:tab") putThing(id, ["layout"], Array.isArray(document["layout"]) ? document["layout"].length : 1);
    else putThing(id, end.list, end.index);
  };
  const keys = (event: KeyboardEvent | globalThis.KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (command && letter === "z") return does(() => act({ type: event.shiftKey ? "redo" : "undo" }));
    if (command && letter === "y") return does(() => act({ type: "redo" }));
    const target = event.target as HTMLElement;
    if (!target.closest(".lc-form-canvas") || target.closest("input, textarea")) return;
    if (event.key === "Escape") return does(() => act({ type: "choose", chosen: null }));
    if (!chosen) return;
    if (event.key === "Delete" || event.key === "Backspace") return does(() => remove(chosen));
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const own = placeOf(document, chosen);
      const index = own ? (own[own.length - 1] as number) : 0;
      if (own) does(() => done(shift(document, own, own.slice(0, -1), event.key === "ArrowUp" ? Math.max(0, index - 1) : index + 2)));
    }
  };
  const hears = useRef(keys);
  hears.current = keys;
  useEffect(() => {
    // After something was dragged nothing has the focus.
    const hear = (event: globalThis.KeyboardEvent) => event.target === window.document.body && hears.current(event);
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  const faulty = findings.length > 0;
  const design: Design = {
    name, document, palette, offers, findings, blocks, chosen: chosen && at(document, chosen) !== undefined ? chosen : null, language: locale, languages,
    choose: (way) => act({ type: "choose", chosen: way }),
    change: (way, value) => act({ type: "change", document: put(document, way, value), what: pointerOf(way) }),
    add: (list, index, block) => done(addField(document, block, list, index)),
    shift: (from, list, index) => done(from[0] === "fields" && from.length > 2 && from[2] !== "fields" ? moved(document, from, list, index) : shift(document, from, list, index)),
    drop: remove,
    upload: () => Promise.reject(new Error("a form has no pictures")),
  };
  const title = w(document["title"] as string) || name;
  const values = { documents: { [path]: document } };
  return (
    <DesignContext value={design}>
      <div className="lc-designer" onKeyDown={keys}>
        <header className="lc-design-bar">
          <a href={link(["forms"])}>{t("designForms")}</a>
          <h1>{title}</h1>
          <span className="lc-quiet" role="status">{t(drafted ? "formDrafted" : "designUnchanged")}</span>
          <span className="lc-grow" />
          <Tooltip title={`${t("designUndo")} Ctrl+Z`}>
            <Button type="text" icon={<UndoOutlined />} aria-label={t("designUndo")} disabled={state.past.length === 0} onClick={() => act({ type: "undo" })} />
          </Tooltip>
          <Tooltip title={`${t("designRedo")} Ctrl+Shift+Z`}>
            <Button type="text" icon={<RedoOutlined />} aria-label={t("designRedo")} disabled={state.future.length === 0} onClick={() => act({ type: "redo" })} />
          </Tooltip>
          <Dropdown trigger={["click"]} disabled={!faulty} menu={{ className: "lc-design-found", items: findings.map((each, place) => ({ key: place, label: <><span className="lc-design-wrong">{each.message}</span> <code className="lc-quiet">{each.pointer}</code></>, onClick: () => act({ type: "choose", chosen: blocks.filter((way) => within(pathOf(each.pointer), way)).pop() ?? null }) })) }}>
            <Button type="text" danger={faulty} icon={faulty ? <WarningOutlined /> : <CheckCircleOutlined />}>{faulty ? t("designFound", { count: findings.length }) : t("designFine")}</Button>
          </Dropdown>
          <Button icon={<DownloadOutlined />} onClick={() => download(document)}>JSON</Button>
          <Popconfirm title={t("designDiscardSure")} okText={t("designDiscard")} cancelText={t("cancel")} onConfirm={() => (keep(null), reopen())} disabled={!drafted}>
            <Button disabled={!drafted}>{t("designDiscard")}</Button>
          </Popconfirm>
          <Button type="primary" disabled={!drafted || faulty} onClick={() => setPublishing(true)}>{t("designPublish")}</Button>
        </header>
        {stale && <Alert type="warning" banner message={t("formStale")} action={<Button size="small" onClick={() => (keep(null), reopen())}>{t("designDiscard")}</Button>} />}
        <Dragging onMove={dropped}>
          <div className="lc-design-desk">
            <aside className="lc-design-left" aria-label={t("designFields")}><FormSides press={press} /></aside>
            <div className="lc-design-canvas lc-form-canvas"><FormCanvas /></div>
            <aside className="lc-design-right"><FormInspector written={begun} rename={(next, way) => act({ type: "change", document: next, what: `${pointerOf(way)}/name`, chosen: way })} /></aside>
          </div>
        </Dragging>
        {publishing && (
          <Guarded name={name} base={kept?.base ?? base} close={() => setPublishing(false)}>
            <Publishing title={`${t("designPublish")}: ${title}`} label={t("designPublish")} look={{ operation: "app.plan", values }} act={{ operation: "app.publish", values }} close={() => setPublishing(false)} done={() => (keep(null), setPublishing(false), reopen())} />
          </Guarded>
        )}
      </div>
    </DesignContext>
  );
}

/** Looks once more whether the form is still the one that was begun with, and asks before theirs is replaced. */
function Guarded({ name, base, close, children }: { name: string; base: string; close: () => void; children: ReactNode }) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const [sure, setSure] = useState(false);
  const found = useQuery({ queryKey: ["form-standing", name], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0, staleTime: 0 });
  if (!found.data) return null;
  if (found.data.documents[`forms/${name}.json`] === base || sure) return <>{children}</>;
  return <Alert type="warning" banner message={t("formStale")} action={<><Button size="small" danger onClick={() => setSure(true)}>{t("designKeepMine")}</Button> <Button size="small" onClick={close}>{t("cancel")}</Button></>} />;
}

/** Where the chosen thing stands: a field where it is shown, another part where it is written. */
function placeOf(document: Node, chosen: Path): Path | null {
  if (chosen[0] !== "fields" || chosen.length > 2) return chosen;
  const field = at(document, chosen);
  return placed(document).find(({ item }) => isNode(field) && shownBy(item) === field["name"])?.path ?? null;
}

/** An item of a list of options, states … moved in it. */
function moved(document: Node, from: Path, list: Path, index: number): { document: Node; chosen: Path | null } | null {
  const items = at(document, list);
  const place = from[from.length - 1] as number;
  if (!Array.isArray(items) || !same(from.slice(0, -1), list)) return null;
  const rest = items.filter((_, each) => each !== place);
  rest.splice(index > place ? index - 1 : index, 0, items[place]!);
  return { document: put(document, list, rest), chosen: from.slice(0, 2) };
}

/** What expressions may name: the fields of the form as it is designed, those of forms it links to, and its lines. */
function offersOf(document: Node, forms: ReturnType<typeof useRuntime>["app"]["forms"]): Offers {
  const offer = (field: Node): Offer => ({ path: String(field["name"]), title: (field["title"] as string) ?? String(field["name"]), type: String(field["type"]) });
  const fields = fieldsOf(document);
  const linked = fields
    .filter((each) => each["type"] === "link")
    .map((each) => ({ ...offer(each), items: (forms[String(each["to"])]?.fields ?? []).map((one) => ({ path: `${String(each["name"])}.${one.name}`, title: one.title ?? one.name, type: one.type })) }));
  const rows = fields.filter((each) => each["type"] === "lines").map((each) => ({ ...offer(each), items: (Array.isArray(each["fields"]) ? each["fields"] : []).filter(isNode).map((one) => ({ ...offer(one), path: `${String(each["name"])}.${String(one["name"])}` })) }));
  return { own: fields.map(offer), linked, rows };
}
