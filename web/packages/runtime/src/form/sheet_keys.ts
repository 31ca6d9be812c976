import { brief, useSpeech } from "@lowcode/kit";
import type { Field, Reference, Values } from "@lowcode/protocol";
import { App } from "antd";
import { useEffect, useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import { calculated } from "../fields";
import { useRuntime } from "../runtime";
import { useFilling } from "./filling";
import { cellsOf, lookUp, readCell } from "./sheet";

interface Place {
  row: number;
  column: number;
}

const FOCUS = "input:not([type=hidden]), textarea, button, [tabindex='0']";

/** Where in the table of lines something happens. */
function placeOf(target: EventTarget | null): Place | null {
  const cell = (target as Element | null)?.closest<HTMLTableCellElement>(".lc-lines-scroll tbody > tr > td");
  const row = cell?.parentElement as HTMLTableRowElement | undefined;
  return cell && row ? { row: row.sectionRowIndex, column: cell.cellIndex } : null;
}

/** Lines as a spreadsheet has them (`way`: how the record reaches them): Enter and Ctrl with the arrows go through the rows, and rows copied there come in here. */
export function useSheet(lines: Field, way: string, fields: Field[], rows: Values[], add: () => void, disabled: boolean | undefined) {
  const { client } = useRuntime();
  const { live, step } = useFilling();
  const { message } = App.useApp();
  const speech = useSpeech();
  const { t, w } = speech;
  const table = useRef<HTMLDivElement>(null);
  const wanted = useRef<Place | null>(null);
  const most = lines.max == null ? Infinity : Number(lines.max);

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

  const bring = async (cells: string[][], start: Place) => {
    const columns = fields.slice(start.column);
    const taken = cells.slice(0, Math.max(0, most - start.row));
    const fixed = (field: Field, row: number) => calculated(field) || field.read_only === true || live.conditions[`${way}/${row}/${field.name}`]?.readOnly === true;
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
          else errors[`${way}/${start.row + offset}/${field.name}`] = t("pasteWrong", { text, name: w(field.title) || field.name });
        }
        return row;
      }),
    );
    step({ kind: "paste", field: way, index: start.row, rows: made, errors });
    const count = Object.keys(errors).length;
    if (taken.length < cells.length) void message.warning(t("pasteTooMany", { count: most }), 6);
    else if (count > 0) void message.warning(t("pasteSome", { rows: taken.length, count }), 6);
    else void message.success(t("pasted", { count: taken.length }));
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
  return { extend, handlers: { ref: table, onKeyDownCapture: onKeyDown, onPaste } };
}
