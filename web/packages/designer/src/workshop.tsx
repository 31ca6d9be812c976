import { brief, useSpeech } from "@lowcode/kit";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { Dragging } from "@lowcode/runtime/dragging";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";
import { useMemo, useReducer, useState, type KeyboardEvent } from "react";
import { Bar, type Shown } from "./bar";
import { Canvas } from "./canvas";
import { DesignContext, type Design, type Finding, type Kind, type Offers, type Palette } from "./design";
import { begun as begin, history } from "./history";
import { Inspector } from "./inspector";
import type { Joined } from "./joining";
import { Merging, type MergedDraft } from "./merging";
import { Preview } from "./preview";
import { blocksOf } from "./schema";
import { Sides } from "./sides";
import { at, insert, isNode, move, pathOf, pointerOf, put, remove, same, within, type Node, type Path } from "./tree";
import { useDraft, type Designed } from "./use_draft";

interface Props {
  opened: Designed;
  begun: Node;
  palette: Palette;
  offers: Offers;
  reopen: () => void;
}

const WIDE = 1500;

/** The desk: blocks on the left, the paper in the middle, what the chosen block says on the right. */
export function Workshop({ opened, begun, palette, offers, reopen }: Props) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const [state, act] = useReducer(history, { document: begun, base: opened.draft?.base ?? opened.base }, begin);
  const { document, chosen, base } = state.now;
  const draft = useDraft(opened, document, base!);
  const [files, setFiles] = useState<Record<string, number>>({});
  const [pictures, setPictures] = useState<string[]>(opened.draft?.files ?? []);
  const [shown, setShown] = useState<Shown>(window.innerWidth >= WIDE ? "both" : "design");
  const [publication, setPublication] = useState<{ documents: object; files: object } | null>(null);
  const [merging, setMerging] = useState<Joined<MergedDraft> | null>(null);
  /** What the app says, while the paper says the same. */
  const [standing, setStanding] = useState<Node | null>(opened.draft === null ? opened.published : null);
  /** The text that the app has, as far as is known: another than mine was made of is looked at before mine replaces it. */
  const [current, setCurrent] = useState(opened.base);
  const own = document["languages"];
  const languages = Array.isArray(own) && own.length > 0 ? (own as string[]) : palette.languages;
  const [language, setLanguage] = useState(() => (languages.includes(locale) ? locale : languages[0]!));
  const checked = useQuery<{ findings: Finding[] }>({
    queryKey: ["design-check", document, files],
    queryFn: ({ signal }) => client.run<{ findings: Finding[] }>("printing.check", { document, files }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    staleTime: Infinity,
  });
  const findings = useMemo(() => checked.data?.findings ?? [], [checked.data]);
  const blocks = useMemo(() => blocksOf(document, palette.schema), [document, palette]);
  const known = useMemo(() => ({ ...palette, pictures: [...new Set([...palette.pictures, ...pictures])].sort() }), [palette, pictures]);
  const faulty = findings.some((each) => each.severity === "error");

  const changed = (next: Node, what: string, path?: Path | null) => act({ type: "change", document: next, what, chosen: path });
  const add = (list: Path, index: number, block: Node) => changed(insert(document, list, index, block), "", [...list, index]);
  const shift = (from: Path, list: Path, index: number) => {
    const moved = move(document, from, list, index);
    if (!moved) return;
    const isBlock = blocks.some((each) => same(each, from));
    changed(moved.whole, "", isBlock ? moved.path : undefined);
  };
  const drop = (path: Path) => {
    const place = path[path.length - 1] as number;
    const next = remove(document, path);
    const left = blocksOf(next, palette.schema);
    const beside = left.find((each) => same(each, path)) ?? left.find((each) => same(each, [...path.slice(0, -1), place - 1])) ?? null;
    changed(next, "", beside);
  };
  /** A new block goes behind the chosen one, else to the end of the body. */
  const putKind = (kind: Kind) => {
    const after = chosen && at(document, chosen) !== undefined ? chosen : null;
    if (after) return add(after.slice(0, -1), (after[after.length - 1] as number) + 1, structuredClone(kind.begin));
    const body = document["body"];
    add(["body"], Array.isArray(body) ? body.length : 0, structuredClone(kind.begin));
  };
  const dropped = (id: string, place: string) => {
    const found = /^gap:(.*)#(\d+)$/.exec(place);
    if (!found) return;
    const list = pathOf(found[1]!);
    const index = Number(found[2]);
    if (id.startsWith("new:")) {
      const kind = palette.kinds.find((each) => each.name === id.slice(4));
      if (kind) add(list, index, structuredClone(kind.begin));
    } else if (id.startsWith("block:")) shift(pathOf(id.slice(6)), list, index);
  };
  const upload = async (file: File): Promise<string> => {
    const kept = await client.upload(file);
    const stem = file.name.replace(/\.[a-z]+$/i, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "picture";
    const suffix = /\.([a-z]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? "png";
    let path = `templates/${stem}.${suffix}`;
    for (let count = 2; known.pictures.includes(path); count++) path = `templates/${stem}-${count}.${suffix}`;
    const added = { [path]: Number(kept.id) };
    draft.files.current = { ...draft.files.current, ...added };
    setFiles((before) => ({ ...before, ...added }));
    setPictures((before) => [...before, path]);
    return path;
  };
  const publish = async () => {
    try {
      await draft.save();
      const found = await client.run<Designed>("printing.design", { name: opened.name });
      if (found.base !== base) return setCurrent(found.base);
      setPublication(await client.run<{ documents: object; files: object }>("printing.publication", { name: opened.name }));
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const published = async () => {
    setPublication(null);
    await client.run("printing.discard_draft", { name: opened.name });
    const found = await client.run<Designed>("printing.design", { name: opened.name });
    act({ type: "published", base: found.base });
    setCurrent(found.base);
    draft.settle(found, document);
    setStanding(document);
    setFiles({});
  };
  const taken = (found: MergedDraft, whole: Node) => {
    setMerging(null);
    const next = structuredClone(whole);
    draft.rest(found, next);
    act({ type: "change", document: next, what: "", base: found.base });
    setCurrent(found.base);
    void message.success(t("designMerged"));
  };
  const merge = async () => {
    try {
      const joined = await draft.joined();
      if (joined.both.clashes.length === 0) taken(joined.both, joined.both.document);
      else setMerging(joined);
    } catch (error) {
      void message.error(brief(error, speech), 6);
    }
  };
  const decided = (whole: Node) => {
    if (merging?.mine === draft.newest.current.document) return taken(merging.both, whole);
    setMerging(null); // something was changed meanwhile: it is asked about anew, with that
    void merge();
  };
  const discard = async () => {
    await client.run("printing.discard_draft", { name: opened.name });
    await queries.invalidateQueries({ queryKey: ["templates"] });
    if (opened.published === null) window.location.hash = "#/templates";
    else reopen();
  };

  const step = (by: number) => {
    const place = chosen ? blocks.findIndex((each) => same(each, chosen)) : by > 0 ? -1 : blocks.length;
    const next = blocks[place + by];
    if (next) act({ type: "choose", chosen: next });
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const does = (deed: () => void) => (event.preventDefault(), deed());
    if (command && letter === "z") return does(() => act({ type: event.shiftKey ? "redo" : "undo" }));
    if (command && letter === "y") return does(() => act({ type: "redo" }));
    if (command && letter === "s") return does(() => void draft.save().catch(() => undefined));
    const target = event.target as HTMLElement;
    if (!target.closest(".lc-design-canvas") || target.closest("input, textarea, [role=combobox]")) return;
    if (event.key === "Escape") return does(() => act({ type: "choose", chosen: null }));
    if (event.key === "ArrowDown" && !event.altKey) return does(() => step(1));
    if (event.key === "ArrowUp" && !event.altKey) return does(() => step(-1));
    if (!chosen) return;
    const place = chosen[chosen.length - 1] as number;
    const list = chosen.slice(0, -1);
    if (event.altKey && event.key === "ArrowUp" && place > 0) return does(() => shift(chosen, list, place - 1));
    if (event.altKey && event.key === "ArrowDown") return does(() => shift(chosen, list, place + 2));
    if (event.key === "Delete" || event.key === "Backspace") return does(() => drop(chosen));
    const block = at(document, chosen);
    if (command && letter === "d" && isNode(block)) return does(() => add(list, place + 1, structuredClone(block)));
  };
  const design: Design = {
    name: opened.name, document, palette: known, offers, findings, blocks, chosen: chosen && at(document, chosen) !== undefined ? chosen : null, language, languages,
    choose: (path) => act({ type: "choose", chosen: path }),
    change: (path, value) => changed(put(document, path, value), pointerOf(path)),
    add, shift, drop, upload,
  };
  return (
    <DesignContext value={design}>
      <div className={`lc-designer lc-designer-${shown}`} onKeyDown={keys}>
        <Bar
          title={w(document["title"] as string) || opened.name} draft={draft} drafted={document !== standing} shown={shown} show={setShown} findings={findings} faulty={faulty}
          undo={state.past.length > 0 ? () => act({ type: "undo" }) : undefined} redo={state.future.length > 0 ? () => act({ type: "redo" }) : undefined}
          choose={(finding) => act({ type: "choose", chosen: blocks.filter((each) => within(pathOf(finding.pointer), each)).pop() ?? null })}
          publish={() => void publish()} discard={() => void discard()} document={document}
        />
        {draft.overtaken && <Alert type="warning" banner message={draft.failure} action={<><Button size="small" type="primary" onClick={() => void merge()}>{t("designMerge")}</Button> <Button size="small" onClick={reopen}>{t("designTakeTheirs")}</Button> <Button size="small" danger onClick={() => void draft.insist().catch(() => undefined)}>{t("designKeepMine")}</Button></>} />}
        {base !== current && !draft.overtaken && <Alert type="warning" banner message={t("designStale")} action={<><Button size="small" type="primary" onClick={() => void merge()}>{t("designMerge")}</Button> <Button size="small" danger onClick={() => act({ type: "published", base: current })}>{t("designKeepMine")}</Button></>} />}
        <Dragging onMove={dropped}>
          <div className="lc-design-desk">
            <aside className="lc-design-left" aria-label={t("designBlocks")}><Sides put={putKind} /></aside>
            {shown !== "preview" && <div className="lc-design-canvas"><Canvas /></div>}
            {shown !== "design" && <Preview document={document} files={files} languages={languages} language={language} speak={setLanguage} ready={!faulty && checked.data !== undefined} />}
            <aside className="lc-design-right"><Inspector /></aside>
          </div>
        </Dragging>
        {merging && <Merging found={merging.both} close={() => setMerging(null)} take={decided} />}
        {publication && <Publishing title={`${t("designPublish")}: ${w(document["title"] as string) || opened.name}`} label={t("designPublish")} look={{ operation: "app.plan", values: publication }} act={{ operation: "app.publish", values: publication }} close={() => setPublication(null)} done={() => void published()} />}
      </div>
    </DesignContext>
  );
}
