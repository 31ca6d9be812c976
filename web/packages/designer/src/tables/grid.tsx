import { MoreOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { App, AutoComplete, Button, Dropdown, type MenuProps } from "antd";
import { useEffect, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import type { Finding } from "../design";
import { pathOf, type Node } from "../tree";
import { beyond, copied, filled, inArea, insertRows, isOtherwise, moveRows, paste, removeRows, rowsOf, shown, textAt, valuesOf, writable, write, type Area, type Column, type Place } from "./cells";
import type { Choice } from "./known";

const HEIGHT = 36;
/** The least widths of the row's number, a cell and a note. */
const NUMBER = 52;
const CELL = 150;
const NOTE = 140;
const AROUND = 8;

interface Props {
  document: Node;
  columns: Column[];
  choices: Choice[][];
  findings: Finding[];
  area: Area | null;
  active: Place | null;
  /** The rows that hit what is tried. */
  hits: Set<number>;
  /** The column that is chosen as a whole. */
  chosen: number | null;
  select: (place: Place, from?: Place) => void;
  chooseColumn: (column: number) => void;
  change: (document: Node, place?: Place, from?: Place) => void;
  addInput: MenuProps;
  addOutput: MenuProps;
}

/** The sheet of a decision table: what is not in sight is not in the page. */
export function TableGrid(props: Props) {
  const { document, columns, choices, findings, area, active, hits, chosen, select, chooseColumn, change } = props;
  const { t, w } = useSpeech();
  const { message } = App.useApp();
  const box = useRef<HTMLDivElement>(null);
  const catcher = useRef<HTMLTextAreaElement>(null);
  /** The focus of the sheet is a field nobody sees: what is typed into a cell may be composed, sign by sign. */
  const hold = () => catcher.current?.focus({ preventScroll: true });
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  const [editing, setEditing] = useState<{ place: Place; text: string } | null>(null);
  const anchor = useRef<Place | null>(null);
  const count = rowsOf(document).length;
  const last = count; // the row of what is answered when none hits
  const from = Math.max(0, Math.floor(scroll.top / HEIGHT) - AROUND);
  const to = Math.min(last, Math.ceil((scroll.top + scroll.height) / HEIGHT) + AROUND);
  const wrong = new Map<string, Finding>();
  for (const each of findings) {
    const [first, row, side, name] = pathOf(each.pointer);
    if (first === "rules" && typeof row === "number") wrong.set(side === undefined ? `${row}` : `${row}/${String(side)}/${String(name ?? "")}`, each);
    else if (first === "otherwise") wrong.set(`${last}/then/${String(row)}`, each);
    else if ((first === "inputs" || first === "outputs") && typeof row === "number") wrong.set(`${first}/${row}`, each);
  }
  useLayoutEffect(() => {
    const found = box.current;
    if (!found) return;
    const measure = () => setScroll({ top: found.scrollTop, height: found.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(found);
    return () => watch.disconnect();
  }, []);
  /** The active cell stays in sight. */
  useEffect(() => {
    const found = box.current;
    if (!found || !active) return;
    const head = found.querySelector<HTMLElement>(".lc-table-head")?.offsetHeight ?? HEIGHT;
    const top = active.row * HEIGHT;
    if (top < found.scrollTop) found.scrollTop = top;
    else if (top + HEIGHT > found.scrollTop + found.clientHeight - head) found.scrollTop = top + HEIGHT - found.clientHeight + head;
    found.querySelector(`#lc-cell-${active.row}-${active.column}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active?.row, active?.column]); // eslint-disable-line react-hooks/exhaustive-deps

  const clamp = ({ row, column }: Place): Place => ({ row: Math.max(0, Math.min(last, row)), column: Math.max(0, Math.min(columns.length - 1, column)) });
  const goTo = (place: Place, extend = false) => {
    const next = clamp(place);
    if (!extend) anchor.current = next;
    select(next, extend ? (anchor.current ?? active ?? next) : next);
  };
  const begin = (place: Place, text?: string) => writable(document, columns, place) && setEditing({ place, text: text ?? textAt(document, columns, place) });
  const commit = (text: string, by: { row: number; column: number } | null) => {
    if (!editing) return;
    const { place } = editing;
    setEditing(null);
    const next = by ? clamp({ row: place.row + by.row, column: place.column + by.column }) : place;
    if (text.trim() !== textAt(document, columns, place)) change(write(document, columns, [{ ...place, text }]), next, next);
    else if (by) goTo(next);
    anchor.current = next;
    hold();
  };
  const clear = () => area && change(write(document, columns, filled(area, "")));
  const rowDeeds = (row: number) => {
    const [first, final] = area && row >= area.from.row && row <= area.to.row ? [area.from.row, Math.min(area.to.row, count - 1)] : [row, row];
    const at = (next: Node | null, place: number) => next && change(next, { row: place, column: active?.column ?? 0 }, { row: place + final - first, column: active?.column ?? 0 });
    const fresh = (): Node => ({ when: {}, then: {} });
    return {
      above: () => at(insertRows(document, first, [fresh()]), first),
      below: () => at(insertRows(document, final + 1, [fresh()]), final + 1),
      double: () => at(insertRows(document, final + 1, structuredClone(rowsOf(document).slice(first, final + 1))), final + 1),
      up: () => at(moveRows(document, first, final, -1), first - 1),
      down: () => at(moveRows(document, first, final, 1), first + 1),
      drop: () => at(removeRows(document, first, final), Math.max(0, Math.min(first, count - (final - first + 1) - 1))),
      several: final > first,
    };
  };
  const keys = (event: KeyboardEvent): void => {
    if (editing || event.nativeEvent.isComposing || event.target !== catcher.current) return;
    const place = active ?? { row: 0, column: 0 };
    const command = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(scroll.height / HEIGHT) - 2);
    const does = (deed: () => unknown): void => void (event.preventDefault(), event.stopPropagation(), deed());
    if (event.altKey && event.key === "ArrowUp" && place.row < count) return does(rowDeeds(place.row).up);
    if (event.altKey && event.key === "ArrowDown" && place.row < count) return does(rowDeeds(place.row).down);
    if (command && event.key === "Delete" && place.row < count) return does(rowDeeds(place.row).drop);
    if (command && event.key.toLowerCase() === "d" && place.row < count) return does(rowDeeds(place.row).double);
    const step: Record<string, Place> = {
      ArrowUp: { row: command ? 0 : place.row - 1, column: place.column },
      ArrowDown: { row: command ? last : place.row + 1, column: place.column },
      ArrowLeft: { row: place.row, column: command ? 0 : place.column - 1 },
      ArrowRight: { row: place.row, column: command ? columns.length - 1 : place.column + 1 },
      PageUp: { row: place.row - page, column: place.column },
      PageDown: { row: place.row + page, column: place.column },
      Home: { row: command ? 0 : place.row, column: 0 },
      End: { row: command ? last : place.row, column: columns.length - 1 },
    };
    const next = step[event.key];
    if (next) return does(() => goTo(active ? next : place, event.shiftKey));
    if (event.key === "Enter" || event.key === "F2") return does(() => begin(place));
    if (event.key === "Delete" || event.key === "Backspace") return does(clear);
    if (command && event.key.toLowerCase() === "a") return does(() => ((anchor.current = { row: 0, column: 0 }), goTo({ row: count - 1, column: columns.length - 1 }, true)));
  };
  /** What was typed or composed begins to replace the cell. */
  const caught = () => {
    const found = catcher.current;
    if (!found || found.value === "") return;
    const text = found.value;
    found.value = "";
    Object.assign(found.style, { top: "", left: "" });
    if (active) begin(active, text);
  };
  const compose = () => {
    const sheet = catcher.current?.parentElement?.getBoundingClientRect();
    const at = active && box.current?.querySelector(`#lc-cell-${active.row}-${active.column}`)?.getBoundingClientRect();
    if (sheet && at) Object.assign(catcher.current!.style, { top: `${at.top - sheet.top}px`, left: `${at.left - sheet.left}px` });
  };
  const take = (event: ClipboardEvent, cut: boolean) => {
    if (!area || event.target !== catcher.current) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", copied(document, columns, area));
    if (cut) clear();
  };
  const put = (event: ClipboardEvent) => {
    if (!area || event.target !== catcher.current) return;
    const text = event.clipboardData.getData("text/plain");
    if (text === "") return;
    event.preventDefault();
    const lost = beyond(columns, area, text);
    if (lost > 0) void message.warning(t("tablePasteBeyond", { count: lost }));
    change(paste(document, columns, area, text));
  };
  const titles = choices.map((each) => new Map(each.map(({ value, title }) => [value, title])));
  const asked = columns.filter((each) => each.side === "when").length;
  const answered = columns.filter((each) => each.side === "then").length;
  // Said once for head and rows: what stands in a row makes none of its columns wider than above and below.
  const minWidth = columns.reduce((sum, { side }) => sum + (side === "note" ? NOTE : CELL), NUMBER);
  const layout = { minWidth, gridTemplateColumns: `${NUMBER}px ${columns.map(({ side }) => (side === "note" ? `minmax(${NOTE}px, 0.8fr)` : `minmax(${CELL}px, 1fr)`)).join(" ")}` };
  return (
    <div className="lc-table-frame">
      <div className="lc-table-tools">
        <Dropdown autoFocus trigger={["click"]} menu={props.addInput}><Button size="small" icon={<PlusOutlined />}>{t("tableAddInput")}</Button></Dropdown>
        <Dropdown autoFocus trigger={["click"]} menu={props.addOutput}><Button size="small" icon={<PlusOutlined />}>{t("tableAddOutput")}</Button></Dropdown>
        <Button size="small" icon={<PlusOutlined />} onClick={() => { const row = active && active.row < count ? active.row + 1 : count; change(insertRows(document, row, [{ when: {}, then: {} }]), { row, column: 0 }, { row, column: 0 }); hold(); }}>{t("tableAddRow")}</Button>
        <span className="lc-quiet lc-table-count">{t("tableRows", { count })}</span>
      </div>
      <div className="lc-table-sheet" onKeyDown={keys} onCopy={(event) => take(event, false)} onCut={(event) => take(event, true)} onPaste={put}>
      <textarea
        ref={catcher} className="lc-table-catcher" rows={1} aria-label={t("tableSheet")} aria-controls="lc-table-grid" spellCheck={false} autoComplete="off"
        aria-activedescendant={active && active.row >= from && active.row <= to ? `lc-cell-${active.row}-${active.column}` : undefined}
        onFocus={() => !active && goTo({ row: 0, column: 0 })} onCompositionStart={compose} onCompositionEnd={caught} onInput={(event) => !(event.nativeEvent as InputEvent).isComposing && caught()}
      />
      <div
        ref={box} id="lc-table-grid" className="lc-table-grid" role="grid" aria-label={t("tableSheet")} aria-rowcount={last + 2} aria-colcount={columns.length + 1} aria-multiselectable
        onScroll={(event) => setScroll({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      >
        <div className="lc-table-head" role="rowgroup" style={{ minWidth }}>
          <div className="lc-table-row lc-table-sides" role="presentation" style={layout} aria-hidden="true">
            <span />
            <span style={{ gridColumn: `span ${asked}` }}>{t("tableWhen")}</span>
            <span className="lc-table-then" style={{ gridColumn: `span ${answered}` }}>{t("tableThen")}</span>
            <span />
          </div>
          <div className="lc-table-row" role="row" aria-rowindex={1} style={layout}>
            <span role="columnheader" aria-colindex={1} className="lc-table-number" aria-label={t("tableNumber")}>#</span>
            {columns.map((column, at) => (
              <span key={`${column.side}/${column.name}`} role="columnheader" aria-colindex={at + 2} className={`lc-table-title${at === asked ? " lc-table-then" : ""}`} title={wrong.get(column.path.join("/"))?.message}>
                {column.side === "note" ? t("tableNote") : (
                  <button type="button" className={wrong.has(column.path.join("/")) ? "lc-design-wrong" : ""} aria-pressed={at === chosen} onClick={() => chooseColumn(at)}>{w(column.title)}</button>
                )}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="lc-table-body" style={{ minWidth, height: (last + 1) * HEIGHT }}>
          {Array.from({ length: Math.max(0, to - from + 1) }, (_, each) => from + each).map((row) => {
            const otherwise = isOtherwise(document, row);
            const said = wrong.get(`${row}`);
            return (
              <div key={row} role="row" aria-rowindex={row + 2} className={`lc-table-row lc-table-line${hits.has(row + 1) && !otherwise ? " lc-table-hit" : ""}${otherwise ? " lc-table-otherwise" : ""}`} style={{ ...layout, top: row * HEIGHT, height: HEIGHT }}>
                <span role="rowheader" aria-colindex={1} className={`lc-table-number${said ? (said.severity === "error" ? " lc-table-wrong" : " lc-table-warned") : ""}`} title={said?.message ?? (otherwise ? t("tableOtherwise") : undefined)}>
                  {otherwise ? "–" : <RowMenu number={row + 1} deeds={() => rowDeeds(row)} edge={{ first: row === 0, last: row === count - 1 }} />}
                </span>
                {columns.map((column, at) => {
                  const place = { row, column: at };
                  const off = !writable(document, columns, place);
                  const fault = wrong.get(`${row}/${column.side}/${column.side === "note" ? "" : column.name}`);
                  const is = active?.row === row && active.column === at;
                  const open = editing?.place.row === row && editing.place.column === at;
                  return (
                    <span
                      key={`${column.side}/${column.name}`} id={`lc-cell-${row}-${at}`} role="gridcell" aria-colindex={at + 2} aria-selected={area !== null && inArea(area, place)} aria-readonly={off} aria-invalid={fault?.severity === "error" || undefined}
                      className={`lc-table-cell${area && inArea(area, place) ? " lc-table-in" : ""}${is ? " lc-table-active" : ""}${off ? " lc-table-off" : ""}${fault ? (fault.severity === "error" ? " lc-table-wrong" : " lc-table-warned") : ""}${at === asked ? " lc-table-then" : ""}`}
                      title={fault?.message ?? (open || off ? undefined : shown(column, textAt(document, columns, place), titles[at], t("blank")) || undefined)}
                      onMouseDown={(event) => { if (open || event.button !== 0) return; event.preventDefault(); hold(); goTo(place, event.shiftKey); }}
                      onMouseEnter={(event) => event.buttons === 1 && !editing && anchor.current && goTo(place, true)}
                      onDoubleClick={() => begin(place)}
                    >
                      {open ? <CellEditor label={`${w(column.title) || t("tableNote")}, ${row + 1}`} begun={editing.text} choices={choices[at]!} several={column.side === "when"} commit={commit} cancel={() => { setEditing(null); hold(); }} /> : off ? (at === 0 ? t("tableOtherwise") : "") : shown(column, textAt(document, columns, place), titles[at], t("blank"))}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      </div>
    </div>
  );
}

interface RowProps {
  number: number;
  deeds: () => { above: () => void; below: () => void; double: () => void; up: () => void; down: () => void; drop: () => void; several: boolean };
  edge: { first: boolean; last: boolean };
}

function RowMenu({ number, deeds, edge }: RowProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const items = () => {
    const each = deeds();
    return [
      { key: "above", label: t("tableRowAbove"), onClick: each.above },
      { key: "below", label: t("tableRowBelow"), onClick: each.below },
      { key: "double", label: `${t(each.several ? "tableRowsDouble" : "tableRowDouble")} (Ctrl+D)`, onClick: each.double },
      { key: "up", label: `${t("tableRowUp")} (Alt+↑)`, disabled: edge.first, onClick: each.up },
      { key: "down", label: `${t("tableRowDown")} (Alt+↓)`, disabled: edge.last, onClick: each.down },
      { key: "drop", label: `${t(each.several ? "tableRowsDrop" : "tableRowDrop")} (Ctrl+Delete)`, danger: true, onClick: each.drop },
    ];
  };
  return (
    <Dropdown autoFocus trigger={["click"]} open={open} onOpenChange={setOpen} menu={{ items: open ? items() : [] }}>
      <button type="button" tabIndex={-1} className="lc-table-handle" aria-label={t("tableRow", { number })}>{number}<MoreOutlined /></button>
    </Dropdown>
  );
}

interface EditorProps {
  label: string;
  begun: string;
  choices: Choice[];
  /** Several values may stand in it. */
  several: boolean;
  commit: (text: string, by: { row: number; column: number } | null) => void;
  cancel: () => void;
}

/** One cell as it is typed; values are completed by name and title, behind the last comma where there are several. */
function CellEditor({ label, begun, choices, several, commit, cancel }: EditorProps) {
  const [text, setText] = useState(begun);
  const [open, setOpen] = useState(choices.length > 0 && (begun === "" || begun === "-" || valuesOf(begun) === null));
  /** Whether one of what is offered was gone to. */
  const moved = useRef(false);
  const done = useRef(false);
  const end = (by: { row: number; column: number } | null, given = text) => {
    if (done.current) return;
    done.current = true;
    commit(given, by);
  };
  const cut = several ? text.lastIndexOf(",") + 1 : 0;
  const word = text.slice(cut).trim().replaceAll('"', "").toLowerCase();
  const there = new Set(valuesOf(text.slice(0, cut).replace(/,\s*$/, "")) ?? []);
  const fitting = choices.filter(({ value, title }) => !there.has(value) && (word === "" || word === "-" || value.toLowerCase().includes(word) || title.toLowerCase().includes(word))).slice(0, 40);
  const quoted = (value: string) => (value === "true" || value === "false" ? value : `"${value}"`);
  const taken = (value: string) => `${cut > 0 ? `${text.slice(0, cut)} ` : ""}${quoted(value)}`;
  /** Plain words that are no value yet mean the first that fits. */
  const meant = open && word !== "" && fitting.length > 0 && /^[\p{L}\p{N}_.\s-]+$/u.test(text.slice(cut)) ? taken(fitting[0]!.value) : text;
  return (
    <AutoComplete
      autoFocus className="lc-table-editor" aria-label={label} value={text} open={open && fitting.length > 0} onOpenChange={setOpen} defaultActiveFirstOption={false} popupMatchSelectWidth={240}
      options={fitting.map(({ value, title }) => ({ value, label: title === value ? value : <>{title} <code className="lc-quiet">{value}</code></> }))}
      onChange={(next: string) => (setText(next), setOpen(true), (moved.current = false))}
      onSelect={(value: string) => (setText(taken(value)), setOpen(false), (moved.current = false))}
      onBlur={() => end(null)}
      onInputKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === "ArrowDown" || event.key === "ArrowUp") moved.current = open && fitting.length > 0;
        else if (event.key === "Escape") {
          event.preventDefault();
          done.current = true;
          cancel();
        } else if (event.key === "Enter" && !moved.current) {
          event.preventDefault();
          end({ row: event.shiftKey ? -1 : 1, column: 0 }, meant);
        } else if (event.key === "Tab") {
          event.preventDefault();
          end({ row: 0, column: event.shiftKey ? -1 : 1 }, meant);
        }
      }}
    />
  );
}
