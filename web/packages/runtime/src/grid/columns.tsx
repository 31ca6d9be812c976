import { useSpeech, recordLink } from "@lowcode/kit";
import type { Field, Form, Placed, StoredRecord, View } from "@lowcode/protocol";
import type { TableColumnsType } from "antd";
import { useMemo, useState } from "react";
import { fieldOf, nameOf, shown, usual } from "../fields";
import { useRuntime } from "../runtime";
import { widgetOf } from "../widgets";
import { Cell } from "./cell";

const KEY = "lowcode.columns";

type Chosen = Record<string, string[]>;

const remembered = (): Chosen => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Chosen;
  } catch {
    return {};
  }
};

/** Which columns a person wants to see in a view; kept in the browser. */
export function useChosenColumns(form: Form, view: View | undefined) {
  const key = `${form.name}/${view?.name ?? ""}`;
  const [all, setAll] = useState(remembered);
  const given: Placed[] = view?.columns?.length ? view.columns : usual(form);
  const chosen = all[key];
  const choose = (names: string[] | undefined) => {
    const next = { ...all };
    if (names) next[key] = names;
    else delete next[key];
    localStorage.setItem(KEY, JSON.stringify(next));
    setAll(next);
  };
  const columns = chosen ? chosen.map((name) => given.find((each) => nameOf(each) === name) ?? name) : given;
  return { columns, changed: chosen !== undefined, choose };
}

export interface Shown {
  field: Field;
  name: string;
  width: number;
}

export function useShown(form: Form, columns: Placed[]): Shown[] {
  const { app } = useRuntime();
  return useMemo(
    () =>
      columns.flatMap((placed) => {
        const name = nameOf(placed);
        const field = fieldOf(app, form, name);
        if (!field) return [];
        const width = (typeof placed === "string" ? undefined : placed.width) ?? widgetOf(shown(field).type).width;
        return [{ field, name, width }];
      }),
    [app, form, columns],
  );
}

/** The columns of the table; the first one opens the record. */
export function useTableColumns(form: Form, columns: Shown[], sort: string): TableColumnsType<StoredRecord> {
  const { w } = useSpeech();
  return useMemo(() => {
    const first = (columns.find(({ name }) => name === form.label) ?? columns.find(({ field }) => ["text", "serial"].includes(field.type)) ?? columns[0])?.name;
    return columns.map(({ field, name, width }) => ({
      key: name,
      dataIndex: name,
      title: w(field.title) || name,
      width: name === first ? Math.max(width, 180) : width,
      align: widgetOf(shown(field).type).align,
      ellipsis: true,
      sorter: field.sort !== false && !["lines", "attachment", "image", "json", "links", "multi_select", "tags"].includes(field.type),
      sortOrder: sort === name ? "ascend" : sort === `-${name}` ? "descend" : null,
      render: (_: unknown, record: StoredRecord) =>
        name === first ? (
          <a className="lc-first" href={recordLink(form.name, record.id)} onClick={(event) => event.stopPropagation()}>
            {field.type === "link" || record[name] == null ? record._label : <Cell field={field} value={record[name]} />}
          </a>
        ) : (
          <Cell field={field} value={record[name]} beside={field.currency_from ? record[name.replace(field.name, field.currency_from)] : undefined} />
        ),
    }));
  }, [columns, form, sort, w]);
}
