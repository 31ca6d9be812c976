import { Failure, go, Nothing, recordLink, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { Button, Checkbox, Table } from "antd";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { fieldOf, manyOf, nameOf, shown as looksOf } from "../fields";
import { useRuntime } from "../runtime";
import { Cards } from "./cards";
import { Chips } from "./chips";
import { useChosenColumns, useShown, useTableColumns } from "./columns";
import { ColumnsMenu } from "./columns_menu";
import { NOTHING } from "./conditions";
import { Count } from "./count";
import { Heading, useGroups, type Together } from "./groups";
import { More } from "./more";
import { useRecords } from "./records";
import { Order } from "./order";
import { ResizableHead } from "./resize";
import { rowKeys } from "./rows";
import { choosable, Selection } from "./selection";
import type { ListState } from "./state";
import { Toolbar } from "./toolbar";
import { Body, PartProvider, usePart } from "./windowed";

type Row = StoredRecord & { _group?: Together };

const PARTS = { header: { cell: ResizableHead }, body: { wrapper: Body } };

/** A list of records: a table, on a phone cards. */
export function Grid({ form, state }: { form: Form; state: ListState }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const { app } = useRuntime();
  const columns = useChosenColumns(form, state.view);
  const shown = useShown(form, columns.columns);
  const fields = [...new Set([...shown.map(({ name }) => name), ...(state.group ? [state.group] : [])])];
  const records = useRecords({ form, ...state.asked, where: state.where, fields });
  const { groups, fold } = useGroups(form, state, records.items);
  const by = state.group ? fieldOf(app, form, state.group) : undefined;
  const [chosen, setChosen] = useState<StoredRecord[]>([]);
  const { columns: placed, choose } = columns;
  const resize = useCallback((name: string, width: number) => choose(placed.map((each) => (nameOf(each) === name ? { ...(typeof each === "string" ? { field: each } : each), width } : each))), [placed, choose]);
  const plain = useTableColumns(form, shown, state.sort || state.view?.sort?.join(",") || "", resize);
  const heading = (group: Together) => <Heading field={by && looksOf(by)} group={group} fold={() => fold(group.key)} />;
  const table = groups ? plain.map((column, at) => ({ ...column, onCell: (row: Row) => (row._group ? { colSpan: at === 0 ? plain.length : 0 } : {}), render: (value: unknown, row: Row, index: number) => (row._group ? (at === 0 ? heading(row._group) : null) : (column.render as (value: unknown, row: Row, index: number) => ReactNode)(value, row, index)) })) : plain;
  const rows: Row[] = groups ? groups.flatMap((group) => [{ id: -1 - groups.indexOf(group), version: 0, _label: group.key, _group: group } as unknown as Row, ...(group.folded ? [] : group.items)]) : records.items;
  const sheet = useRef<HTMLDivElement>(null);
  const part = usePart(sheet, narrow ? 0 : rows.length);
  // The table measures its columns with a hidden copy of its head, which nobody may reach by keyboard.
  useEffect(() => sheet.current?.querySelectorAll<HTMLElement>(".ant-table-measure-row").forEach((row) => (row.inert = true)));
  const body = records.error ? (
    <Failure error={records.error} retry={() => void records.refetch()} />
  ) : records.isPending ? (
    <Sketch rows={10} />
  ) : records.items.length === 0 ? (
    <Empty form={form} filtered={state.filtered} clear={() => state.change({ filter: NOTHING, search: "", drill: "" })} />
  ) : narrow ? (
    groups ? (
      groups.map((group) => (
        <section key={group.key}>
          {heading(group)}
          {!group.folded && <Cards form={form} items={group.items} columns={shown} />}
        </section>
      ))
    ) : (
      <Cards form={form} items={records.items} columns={shown} />
    )
  ) : (
    <PartProvider value={part}><Table<Row>
      className="lc-table"
      size="middle"
      rowKey="id"
      columns={table}
      dataSource={part.last < rows.length || part.first > 0 ? rows.slice(part.first, part.last) : rows}
      components={PARTS}
      pagination={false}
      tableLayout="fixed"
      scroll={{ x: table.reduce((sum, each) => sum + Number(each.width ?? each.minWidth ?? 120), choosable(form) ? 44 : 0) }}
      sticky
      showSorterTooltip={false}
      rowSelection={
        choosable(form)
          ? { columnWidth: 44, preserveSelectedRowKeys: true, columnTitle: <Everything all={records.items} chosen={chosen} choose={setChosen} />, selectedRowKeys: chosen.map((each) => each.id), onChange: (_, found) => setChosen(found.filter((each) => !each._group)), getCheckboxProps: (record) => ({ "aria-label": record._label, disabled: record._group !== undefined }) as object, renderCell: (_, record, _index, node) => (record._group ? null : node) }
          : undefined
      }
      onRow={(record) => (record._group ? { className: "lc-group-row" } : { onClick: () => go(recordLink(form.name, record.id)) })}
      onChange={(_page, _filters, sorter, { action }) => {
        if (action !== "sort" || Array.isArray(sorter)) return;
        state.change({ sort: sorter.order ? (sorter.order === "descend" ? "-" : "") + String(sorter.columnKey) : "" });
      }}
    /></PartProvider>
  );
  return (
    <div className="lc-page">
      <Toolbar form={form} state={state} refresh={() => void records.refetch()} count={<Count total={records.total} />} columns={columns} tools={<><Order form={form} state={state} grouping />{!narrow && <ColumnsMenu form={form} columns={columns} />}</>} />
      <Chips form={form} state={state} />
      {chosen.length > 0 && <Selection form={form} chosen={chosen} clear={() => setChosen([])} />}
      <div ref={sheet} className={narrow ? "" : "lc-sheet"} aria-busy={records.isFetching} onKeyDown={rowKeys}>
        {body}
        <More records={records} />
      </div>
      <span className="lc-hidden" role="status">{records.isFetching ? t("loading") : ""}</span>
    </div>
  );
}

/** Chooses every row that has been loaded, those out of sight too. */
function Everything({ all, chosen, choose }: { all: StoredRecord[]; chosen: StoredRecord[]; choose: (rows: StoredRecord[]) => void }) {
  const { t } = useSpeech();
  const every = all.length > 0 && chosen.length >= all.length;
  return <Checkbox aria-label={t("chooseAll")} checked={every} indeterminate={chosen.length > 0 && !every} onChange={() => choose(every ? [] : all)} />;
}

function Empty({ form, filtered, clear }: { form: Form; filtered: boolean; clear: () => void }) {
  const { t, w } = useSpeech();
  const { openForm } = useRuntime();
  const name = w(form.title);
  const many = w(manyOf(form));
  if (filtered) return <Nothing title={t("emptyFilter")} hint={t("emptyFilterHint")} action={<Button onClick={clear}>{t("filterClear")}</Button>} />;
  const create = form.permissions["create"];
  return (
    <Nothing
      title={t("emptyList", { name: many })}
      hint={create ? t("emptyListHint", { name: many }) : undefined}
      action={
        create && (
          <Button type="primary" onClick={() => openForm({ form: form.name })}>
            {t("newRecord", { name })}
          </Button>
        )
      }
    />
  );
}
