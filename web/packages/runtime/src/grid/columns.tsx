import { useSpeech, recordLink } from "@lowcode/kit";
import type { Field, Form, Placed, StoredRecord, View } from "@lowcode/protocol";
import type { TableColumnsType } from "antd";
import { useMemo, useState } from "react";
import { fieldOf, nameOf, shown, usual } from "../fields";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";
import { Cell } from "./cell";
import { keysOf, sortable } from "./order";

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

/** The columns of the table; the first one opens the record. */
export function useTableColumns(form: Form, columns: Shown[], sort: string, resize?: (name: string, width: number) => void): TableColumnsType<StoredRecord> {
  const { w } = useSpeech();
  return useMemo(() => {
    const order = keysOf(sort);
    const first = (columns.find(({ name }) => name === form.label) ?? columns.find(({ field }) => ["text", "serial"].includes(field.type)) ?? columns[0])?.name;
    return arranged(columns).map(({ field, name, width, fixed, pin }) => {
      const key = order.find((each) => each.name === name);
      const wide = name === first && !fixed ? Math.max(width, 240) : width;
      return {
        key: name,
        dataIndex: name,
        title: w(field.title) || name,
        // What a record is called takes the room that is left.
        width: name === first && !fixed && !pin ? undefined : wide,
        minWidth: wide,
        fixed: pin,
        align: widgetOf(shown(field).type).align,
        ellipsis: true,
        sorter: sortable(field),
        sortOrder: key ? (key.down ? ("descend" as const) : ("ascend" as const)) : null,
        onHeaderCell: resize && (() => ({ width: wide, title: w(field.title) || name, resize: (next: number) => resize(name, next) }) as object),
        render: (_: unknown, record: StoredRecord) =>
          name === first ? (
            <a className="lc-first" href={recordLink(form.name, record.id)} onClick={(event) => event.stopPropagation()}>
              {field.type === "link" || record[name] == null ? record._label : <Cell field={field} value={record[name]} />}
            </a>
          ) : (
            <Cell field={field} value={record[name]} beside={field.currency_from ? record[name.replace(field.name, field.currency_from)] : undefined} />
          ),
      };
    });
  }, [columns, form, sort, resize, w]);
}
