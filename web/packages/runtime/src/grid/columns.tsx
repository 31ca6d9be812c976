import type { Field, Form, Placed, View } from "@lowcode/protocol";
import { useMemo, useState } from "react";
import { fieldOf, nameOf, shown, usual } from "../fields";
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

export function useShown(form: Form, columns: Placed[]): Shown[] {
  const { app } = useRuntime();
  return useMemo(
    () =>
      columns.flatMap((placed) => {
        const name = nameOf(placed);
        const field = fieldOf(app, form, name);
        if (!field) return [];
        const own = typeof placed === "string" ? undefined : placed;
        return [{ field, name, width: own?.width ?? widgetOf(shown(field).type).width, fixed: own?.width !== undefined, pin: own?.pin }];
      }),
    [app, form, columns],
  );
}

/** What stands at an edge comes first and last; the others keep their order. */
const arranged = (columns: Shown[]): Shown[] => [...columns.filter(({ pin }) => pin === "left"), ...columns.filter(({ pin }) => !pin), ...columns.filter(({ pin }) => pin === "right")];

export interface Column extends Shown {
  /** What a record is called: it opens it, and takes the room that is left. */
  first: boolean;
  grows: boolean;
}

/** The columns of a table, in the order in which they stand there. */
export function useColumns(form: Form, shown: Shown[]): Column[] {
  return useMemo(() => {
    const called = (shown.find(({ name }) => name === form.label) ?? shown.find(({ field }) => ["text", "serial"].includes(field.type)) ?? shown[0])?.name;
    return arranged(shown).map((each) => {
      const first = each.name === called;
      return { ...each, first, width: first && !each.fixed ? Math.max(each.width, 240) : each.width, grows: first && !each.fixed && !each.pin };
    });
  }, [form, shown]);
}
