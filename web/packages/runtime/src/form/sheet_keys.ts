import { brief, useSpeech } from "@lowcode/kit";
import type { Field, Reference, Values } from "@lowcode/protocol";
import { App } from "antd";
import { useEffect, useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import { calculated } from "../fields";
import { useRuntime } from "../runtime";
import { useFilling } from "./filling";
import type { Step } from "./model";
import { cellsOf, lookUp, readCell } from "./sheet";
import { cellText, clipboardText } from "./sheet_copy";
import { useRange, type Place } from "./sheet_range";

const FOCUS = "input:not([type=hidden]), textarea, button, [tabindex='0']";

/** Where in the table of lines something happens. */
function placeOf(target: EventTarget | null): Place | null {
  const cell = (target as Element | null)?.closest<HTMLTableCellElement>(".lc-lines-scroll tbody > tr > td");
  const row = cell?.parentElement as HTMLTableRowElement | undefined;
  return cell && row ? { row: row.sectionRowIndex, column: cell.cellIndex } : null;
}

/** Lines as a spreadsheet has them (`way`: how the record reaches them): Enter and Ctrl with the arrows go through the rows, Ctrl+D
 * fills down, cells that are marked together are copied out, and rows copied there come in here. */
export function useSheet(lines: Field, way: string, fields: Field[], rows: Values[], add: () => void, disabled: boolean | undefined) {
  const { client } = useRuntime();
  const { live, step } = useFilling();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const table = useRef<HTMLDivElement>(null);
  const wanted = useRef<Place | null>(null);
  const most = lines.max == null ? Infinity : Number(lines.max);

  const range = useRange({ row: rows.length, column: fields.length }, placeOf);

  const focus = ({ row, column }: Place): boolean => {
    const cell = table.current?.querySelectorAll<HTMLTableRowElement>(".lc-lines-scroll tbody > tr")[row]?.cells[column];
    const found = cell?.querySelector<HTMLElement>(FOCUS);
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
    return found !== null && found !== undefined;
  };
  useEffect(() => {
    if (wanted.current && focus(wanted.current)) wanted.current = null;
  }, [rows.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = placeOf(event.target);
    const target = event.target as HTMLElement;
    const input = target instanceof HTMLInputElement && !target.closest(".ant-picker");
    if (!at || event.nativeEvent.isComposing || target.getAttribute("aria-expanded") === "true") return;
    const fills = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "d";
    if (range.keys(event, at) || fills) {
      event.preventDefault();
      event.stopPropagation();
      if (fills && !disabled) fill(at);
      return;
    }
    const far = event.ctrlKey && (event.key === "ArrowDown" || event.key === "ArrowUp");
    const enter = event.key === "Enter" && input && !event.ctrlKey && !event.metaKey && target.getAttribute("role") !== "combobox";
    if (!far && !enter) return;
    event.preventDefault();
    event.stopPropagation(); // a number would count up and down by the same keys
    const row = at.row + (event.key === "ArrowUp" || (enter && event.shiftKey) ? -1 : 1);
    if (row < 0) return;
    if (row < rows.length) focus({ ...at, row });
    else if (enter && !disabled && rows.length < most) {
      wanted.current = { ...at, row };
      add();
    }
  };

  const fixed = (field: Field, row: number) => calculated(field) || field.read_only === true || live.conditions[`${way}/${row}/${field.name}`]?.readOnly === true;

  /** A number that is being typed keeps what was typed, and gives it again when it is left: it is left before. */
  const put = (brought: Step) => {
    const here = table.current?.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    here?.blur();
    step(brought);
    here?.focus({ preventScroll: true });
  };

  /** What stands at the top of the marked cells goes into those below it; without any, what stands above a cell into it. */
  const fill = (at: Place) => {
    const { block } = range;
    const { top, bottom, left, right } = block && block.bottom > block.top ? block : { top: at.row - 1, bottom: at.row, left: block?.left ?? at.column, right: block?.right ?? at.column };
    const from = rows[top];
    if (!from) return;
    const made = Array.from({ length: bottom - top }, (_, offset) => Object.fromEntries(fields.slice(left - 1, right).flatMap((field) => (fixed(field, top + 1 + offset) ? [] : [[field.name, from[field.name] ?? null]]))));
    put({ kind: "paste", field: way, index: top + 1, rows: made, errors: {} });
  };

  const onCopy = (event: ClipboardEvent) => {
    const { block } = range;
    if (!block) return;
    event.preventDefault();
    const cells = rows.slice(block.top, block.bottom + 1).map((row) => fields.slice(block.left - 1, block.right).map((field) => cellText(field, row[field.name], speech.locale)));
    event.clipboardData.setData("text/plain", clipboardText(cells));
    void message.success(t("linesCopied", { count: cells.length }));
  };

  const bring = async (cells: string[][], start: Place) => {
    const columns = fields.slice(start.column);
    const taken = cells.slice(0, Math.max(0, most - start.row));
    const beyond = Math.max(...taken.map((texts) => texts.reduce((last, text, index) => (text === "" ? last : index + 1), 0))) - columns.length;
    const asked = new Map<string, Promise<Reference | undefined>>();
    const errors: Record<string, string> = {};
    const made = await Promise.all(
      taken.map(async (texts, offset) => {
        const row: Values = {};
        for (const [index, field] of columns.entries()) {
          const text = texts[index];
          // In a new row what is left out is filled by its default; in one that is there it is emptied.
          if (text === undefined || fixed(field, start.row + offset) || (text === "" && start.row + offset >= rows.length)) continue;
          let read = readCell(field, text);
          if ("named" in read) {
            const key = `${field.name} ${text}`;
            if (!asked.has(key)) asked.set(key, lookUp(client, field, text));
            const found = await asked.get(key);
            read = found ? { value: found } : { wrong: true };
          }
          if ("value" in read) row[field.name] = read.value;
          else errors[`${way}/${start.row + offset}/${field.name}`] = "either" in read ? t("pasteUnclear", { text, one: read.either[0], other: read.either[1] }) : t("pasteWrong", { text, name: w(field.title) || field.name });
        }
        return row;
      }),
    );
    put({ kind: "paste", field: way, index: start.row, rows: made, errors });
    const count = Object.keys(errors).length;
    const left = cells.length - taken.length;
    if (left > 0) void message.warning(t("pasteTooMany", { count: most, left }), 6);
    if (beyond > 0) void message.warning(t("pasteBeyond", { count: beyond }), 6);
    if (count > 0) void message.warning(t("pasteSome", { rows: taken.length, count }), 6);
    else if (left <= 0 && beyond <= 0) void message.success(t("pasted", { count: taken.length }));
  };

  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    if (disabled || !/\t|\n./.test(text.trimEnd()) || (event.target instanceof HTMLTextAreaElement && !text.includes("\t"))) return;
    event.preventDefault();
    const at = placeOf(event.target);
    bring(cellsOf(text), at ? { row: at.row, column: Math.max(0, at.column - 1) } : { row: rows.length, column: 0 }).catch((error: unknown) => message.error(brief(error, speech)));
  };
  /** Adds a row, and goes to its first cell. */
  const extend = () => {
    wanted.current = { row: rows.length, column: 1 };
    add();
  };
  return { extend, marked: range.block, handlers: { ref: table, onKeyDownCapture: onKeyDown, onPaste, onCopyCapture: onCopy, ...range.handlers } };
}
