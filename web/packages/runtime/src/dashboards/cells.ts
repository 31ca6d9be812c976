import { decimal, grain, instant, money, percent, short, type Speech } from "@lowcode/kit";
import { isReference, type Column, type Result } from "@lowcode/protocol";
import { called } from "../widgets/called";

/** A cell of a report in words. */
export function cellText(column: Column, value: unknown, speech: Speech, currency: string | undefined): string {
  const { t, w } = speech;
  if (value == null) return column.role === "dimension" ? t("blank") : "—";
  if (isReference(value)) return called(value, speech);
  if (column.options) {
    const option = column.options.find((each) => each.name === value);
    if (option) return w(option.title) || option.name;
  }
  if (column.grain) return grain(String(value), column.grain, speech.chinese);
  if (column.kind === "datetime") return instant(String(value));
  if (column.kind === "number" || column.role === "measure") return numberText(column, value as string | number, currency);
  if (column.kind === "boolean") return t(value === true ? "yes" : "no");
  if (Array.isArray(value)) return value.join("、");
  return String(value);
}

export function numberText(column: Column, value: string | number, currency: string | undefined): string {
  if (column.format === "money") return money(value, currency, column.scale ?? 2);
  if (column.format === "percent") return percent(value, 1);
  return Number.isNaN(Number(value)) ? String(value) : decimal(value, column.scale ?? null);
}

/** The same where room is short: 12.3 万. */
export function shortText(column: Column, value: string | number, speech: Speech, currency: string | undefined): string {
  if (column.format === "percent") return percent(value, 1);
  if (column.format === "money") {
    const sign = money(0, currency, 0).replace("0", "");
    return sign + short(value, speech.chinese);
  }
  return short(value, speech.chinese);
}

export const dimensionsOf = (result: Result): Column[] => result.columns.filter((each) => each.role === "dimension");
export const measuresOf = (result: Result): Column[] => result.columns.filter((each) => each.role === "measure");
export const at = (result: Result, name: string): number => result.columns.findIndex((each) => each.name === name);

/** What a row stands for: the value of each dimension, as a drill takes it. */
export function keyOf(result: Result, row: unknown[]): Record<string, unknown> {
  const key: Record<string, unknown> = {};
  result.columns.forEach((column, index) => {
    if (column.role !== "dimension") return;
    const value = row[index];
    key[column.name] = isReference(value) ? value.id : (value ?? null);
  });
  return key;
}

/** The cell that a value of a key came from: with its label, where it is a record. */
export function cellOf(result: Result, name: string, value: unknown): unknown {
  const place = at(result, name);
  return result.rows.map((row) => row[place]).find((each) => isReference(each) && each.id === value) ?? value;
}

/** References of filters go out as ids. */
export const sent = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isReference(value) ? value.id : value]));
