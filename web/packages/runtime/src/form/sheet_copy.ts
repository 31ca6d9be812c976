import { shift } from "@lowcode/kit/format";
import { inZone } from "@lowcode/kit/zone";
import { isReference, words, type Field } from "@lowcode/protocol";
import { shown } from "../fields";

/** A value as a spreadsheet takes it, and as `readCell` reads it again. */
export function cellText(field: Field, value: unknown, language: string): string {
  if (value === null || value === undefined) return "";
  const { type, options } = shown(field);
  const titled = (name: unknown) => words(options?.find((each) => each.name === name)?.title, language) || String(name);
  if (Array.isArray(value)) return value.map((each) => (isReference(each) ? each.label : type === "multi_select" ? titled(each) : named(each))).join(language.startsWith("zh") ? "、" : ", ");
  if (isReference(value)) return value.label;
  if (typeof value === "boolean") return language.startsWith("zh") ? (value ? "是" : "否") : value ? "yes" : "no";
  if (type === "select") return titled(value);
  if (type === "percent") return `${shift(String(value), 2)}%`;
  if (type === "datetime") return inZone(String(value)).format("YYYY-MM-DD HH:mm");
  return named(value);
}

const named = (value: unknown): string => (typeof value !== "object" || value === null ? String(value) : "name" in value ? String(value.name) : JSON.stringify(value));

/** Rows of cells as they stand on the clipboard; a cell with breaks in it is put into quotation marks. */
export const clipboardText = (cells: string[][]): string =>
  cells.map((row) => row.map((cell) => (/[\t\r\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t")).join("\n");
