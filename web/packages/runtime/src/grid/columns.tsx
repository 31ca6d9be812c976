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
  /** How narrow it may become where not all columns fit. */
  least: number;
  /** How narrow it may become where they do not fit even then: long options are cut. */
  cut: number;
  /** Whether somebody said how wide. */
  fixed: boolean;
  pin?: "left" | "right";
}

/** About how wide words are. */
const wordsWide = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 14 : 7.4), 0);
const WIDEST = 200;
/** Longer options are cut where not all columns fit otherwise: better than a list that is pushed sideways. */
const OPTIONS_CUT = 128;
/** What stands around the words of an option, and beside those of a heading. */
const AROUND = 42;
const AROUND_LEAST = 34;
const BESIDE = 30;
/** A bar and its number. */
const BAR = 150;

/** How wide a heading is at least, which may stand on two lines. */
const onTwoLines = (title: string): number => Math.max(wordsWide(title) * 0.6, ...title.split(/(?<=[\u2e80-\uffff])|\s+/u).map(wordsWide));

/** As wide as its kind needs, its heading, and the longest of its options, as they are called in this language; and
 * how narrow it may become. */
function widthsOf(field: Field, { w }: Speech): Pick<Shown, "width" | "least" | "cut"> {
  const { type, states, options } = shown(field);
  const flat = type === "select" || type === "state" ? (states ?? options ?? []) : [];
  const longest = Math.max(0, ...flat.map((each) => wordsWide(w(each.title) || each.name)));
  const { width: own, least = own } = widgetOf(type);
  const title = w(field.title);
  const words = (heading: number, options: number): number => Math.min(WIDEST, Math.round(Math.max(options, heading + BESIDE)));
  const [wide, narrow] = field.until ? [own * 1.75, own * 1.75] : shown(field).widget === "progress" ? [BAR, BAR] : [own, least];
  return { width: Math.max(wide, words(wordsWide(title), longest + AROUND)), least: Math.max(narrow, words(onTwoLines(title), longest + AROUND_LEAST)), cut: Math.max(narrow, words(onTwoLines(title), Math.min(longest + AROUND_LEAST, OPTIONS_CUT))) };
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
      const widths = own?.width === undefined ? widthsOf(field, speech) : { width: own.width, least: own.width, cut: own.width };
      return [{ field, name, ...widths, fixed: own?.width !== undefined, pin: own?.pin }];
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

const CALLED = 240;
const CALLED_LEAST = 192;
/** What the last column leaves free more than the others. */
const EDGE = 8;
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
    const list = arranged(shown);
    return list.map((each, at) => {
      const first = each.name === called;
      const grows = each.name === grower?.name;
      // What a record is called needs room in any case; other words only where some is left.
      const [width, least, cut] = grows && first ? [Math.max(each.width, CALLED), Math.max(each.least, CALLED_LEAST), Math.max(each.cut, CALLED_LEAST)] : [each.width, each.least, each.cut];
      const edge = at === list.length - 1 && !each.fixed ? EDGE : 0;
      return { ...each, first, width: width + edge, least: least + edge, cut: cut + edge, grows };
    });
  }, [app, form, shown]);
}
