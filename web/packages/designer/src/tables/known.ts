import { useSpeech } from "@lowcode/kit";
import type { Field, Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { createContext, use, useMemo } from "react";
import type { Palette } from "../design";
import { isNode, type Node } from "../tree";
import { columnsOf, rowsOf, textAt, valuesOf, type Column } from "./cells";

/** What the server knows of a table as it stands. */
export interface Looked {
  inputs: { name: string; kind: string; options: string[] }[];
  gaps: string[][];
  gap_count: number;
  overlaps: [number, number][];
  unreached: number[];
  complete: boolean;
  exact: boolean;
}

/** Kinds of fields whose values no cell can be held against. */
const NOT_ASKED = ["attachment", "image", "lines", "json", "password", "secret"];

/** The fields that a column may ask or answer for. */
export const askable = (fields: readonly Field[] | undefined): Field[] => (fields ?? []).filter((each) => !NOT_ASKED.includes(each.type));

/** A value a column may name. */
export interface Choice {
  value: string;
  title: string;
}

const NOBODY: NonNullable<Palette["people"]> = [];

export const CASES = createContext<Looked | undefined>(undefined);
export const useLooked = (): Looked | undefined => use(CASES);

/** For each column the values it may name: the options of the field it asks, the people where it
 * answers one, or what its cells name already. */
export function useChoices(document: Node, looked: Looked | undefined, people: Palette["people"] = NOBODY): Choice[][] {
  const { app } = useRuntime();
  const { w, t } = useSpeech();
  return useMemo(() => {
    const columns = columnsOf(document);
    const fields = app.forms[String(document["form"])]?.fields ?? [];
    const titled = (options: readonly { name: string; title?: Text }[] | undefined, names: readonly string[]): Choice[] => names.map((value) => ({ value, title: w(options?.find((each) => each.name === value)?.title) || value }));
    return columns.map((column, place): Choice[] => {
      if (column.side === "note") return [];
      if (column.side === "when") {
        const inputs = document["inputs"];
        const input = Array.isArray(inputs) ? inputs[place] : undefined;
        const field = isNode(input) ? fields.find((each) => each.name === input["expression"]) : undefined;
        const options = (field?.options ?? field?.states) as { name: string; title?: Text }[] | undefined;
        const known = looked?.inputs.find((each) => each.name === column.name);
        if (known?.kind === "boolean" || field?.type === "boolean") return [{ value: "true", title: t("yes") }, { value: "false", title: t("no") }];
        return titled(options, known?.options.length ? known.options : (options ?? []).map((each) => each.name));
      }
      if (outputOf(document, column)?.["type"] === "user") {
        const others = answersOf(document, columns, place).filter((login) => people.every((each) => each.login !== login));
        return [...people.map(({ login, name }) => ({ value: login, title: name })), ...others.map((value) => ({ value, title: value }))];
      }
      return answersOf(document, columns, place).map((value) => ({ value, title: titleIn(fields, value, w) }));
    });
  }, [document, looked, people, app, w, t]);
}

const outputOf = (document: Node, column: Column): Node | undefined => (document["outputs"] as Node[])[column.path[1] as number];

/** What an answer column says already, and the values it lists. */
function answersOf(document: Node, columns: Column[], column: number): string[] {
  const found = new Set<string>();
  const output = outputOf(document, columns[column]!);
  for (const each of Array.isArray(output?.["values"]) ? output["values"] : []) found.add(String(each));
  for (let row = 0; row <= rowsOf(document).length; row++) for (const value of valuesOf(textAt(document, columns, { row, column })) ?? []) found.add(value);
  return [...found].sort();
}

/** An answer is often an option of a field it is written into. */
function titleIn(fields: readonly { options?: unknown }[], value: string, w: (text: Text | undefined) => string): string {
  for (const field of fields) {
    const option = Array.isArray(field.options) ? (field.options as { name: string; title?: Text }[]).find((each) => each.name === value) : undefined;
    if (option) return w(option.title) || value;
  }
  return value;
}
