import type { Field, Form, Placed, View } from "@lowcode/protocol";
import { useSpeech, type Speech } from "@lowcode/kit";
import { useMemo, useState } from "react";
import { besideOf, fieldOf, nameOf, rangeTitle, shown, usual } from "../fields";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";

const KEY = "lowcode.columns";

type Chosen = Record<string, Placed[]>;

const remembered = (): Chosen => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Chosen;
  } catch {
    return {};
  }
};

export interface Columns {
  columns: Placed[];
  changed: boolean;
  choose: (columns: Placed[] | undefined) => void;
}

/** Which columns a person wants to see in a view, how wide and where; kept in the browser until a view is saved. */
export function useChosenColumns(form: Form, view: View | undefined): Columns {
  const key = `${form.name}/${view?.name ?? ""}`;
  const [all, setAll] = useState(remembered);
  const given: Placed[] = view?.columns?.length ? view.columns : usual(form);
  const chosen = all[key];
  const choose = (columns: Placed[] | undefined) => {
    const next = { ...remembered() };
    if (columns) next[key] = columns;
    else delete next[key];
    localStorage.setItem(KEY, JSON.stringify(next));
    setAll(next);
  };
  return { columns: chosen ?? given, changed: chosen !== undefined, choose };
}

export interface Shown {
  field: Field;
  name: string;
  width: number;
  /** Whether somebody said how wide. */
  fixed: boolean;
  pin?: "left" | "right";
}

/** About how wide words are. */
const wordsWide = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 14 : 7.4), 0);
const WIDEST = 200;
/** What stands around the words of an option, and beside those of a heading. */
const AROUND = 42;
const BESIDE = 30;
/** A bar and its number. */
const BAR = 150;

/** As wide as its kind needs, its heading, and the longest of its options, as they are called in this language. */
function widthOf(field: Field, { w }: Speech): number {
  const { type, states, options } = shown(field);
  const flat = type === "select" || type === "state" ? (states ?? options ?? []) : [];
  const longest = Math.max(0, ...flat.map((each) => wordsWide(w(each.title) || each.name) + AROUND));
  const own = widgetOf(type).width;
  const wide = field.until ? own * 1.75 : shown(field).widget === "progress" ? BAR : own;
  return Math.max(wide, Math.min(WIDEST, Math.round(Math.max(longest, wordsWide(w(field.title)) + BESIDE))));
}

export function useShown(form: Form, columns: Placed[]): Shown[] {
  const { app } = useRuntime();
  const speech = useSpeech();
  return useMemo(() => {
    const names = new Set(columns.map(nameOf));
    return columns.flatMap((placed) => {
      const name = nameOf(placed);
      const given = fieldOf(app, form, name);
      if (!given) return [];
      const own = typeof placed === "string" ? undefined : placed;
      // A range is one column, unless its end has its own.
      const ends = besideOf({ ...given, currency_from: undefined }, name);
      const end = ends && !names.has(ends) ? fieldOf(app, form, ends) : undefined;
      const field = end ? { ...given, title: rangeTitle(given, end, speech.w) } : ends ? { ...given, until: undefined } : given;
      return [{ field, name, width: own?.width ?? widthOf(field, speech), fixed: own?.width !== undefined, pin: own?.pin }];
    });
  }, [app, form, columns, speech]);
}

/** What stands at an edge comes first and last; the others keep their order. */
const arranged = (columns: Shown[]): Shown[] => [...columns.filter(({ pin }) => pin === "left"), ...columns.filter(({ pin }) => !pin), ...columns.filter(({ pin }) => pin === "right")];

export interface Column extends Shown {
  /** What a record is called: it opens it. */
  first: boolean;
  /** It takes the room that is left. */
  grows: boolean;
}

const GROWS = ["text", "link", "link_any", "long_text"];

/** The columns of a table, in the order in which they stand there. */
export function useColumns(form: Form, shown: Shown[]): Column[] {
  const { app } = useRuntime();
  return useMemo(() => {
    const called = (shown.find(({ name }) => name === form.label) ?? shown.find(({ field }) => ["text", "serial"].includes(field.type)) ?? shown[0])?.name;
    const free = (each: Shown) => !each.fixed && !each.pin;
    const numbers = (form: Form | undefined, name: string | null | undefined) => form?.fields.find((each) => each.name === name)?.type === "serial";
    const numbered = ({ field }: Shown) => field.type === "serial" || (field.type === "link" && numbers(app.forms[field.to!], app.forms[field.to!]?.label));
    // A number is no longer than it is: where a record, or one it leads to, is called by one, the first words beside it take the room.
    const grower = shown.find((each) => each.name === called && free(each) && !numbered(each)) ?? shown.find((each) => free(each) && !numbered(each) && GROWS.includes(each.field.type)) ?? shown.find((each) => each.name === called && free(each));
    return arranged(shown).map((each) => {
      const first = each.name === called;
      const grows = each.name === grower?.name;
      // What a record is called needs room in any case; other words only where some is left.
      return { ...each, first, width: grows && first ? Math.max(each.width, 240) : each.width, grows };
    });
  }, [app, form, shown]);
}
