import { Failure, go, Nothing, recordLink, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord } from "@lowcode/protocol";
import { Button, Table } from "antd";
import { useEffect, useRef, useState } from "react";
import { manyOf, nameOf } from "../fields";
import { useRuntime } from "../runtime";
import { Cards } from "./cards";
import { Chips } from "./chips";
import { useChosenColumns, useShown, useTableColumns } from "./columns";
import { ColumnsMenu } from "./columns_menu";
import { Count } from "./count";
import { More } from "./more";
import { useRecords } from "./records";
import { choosable, Selection } from "./selection";
import type { ListState } from "./state";
import { Toolbar } from "./toolbar";

/** A list of records: a table, on a phone cards. */
export function Grid({ form, state }: { form: Form; state: ListState }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const { columns, changed, choose } = useChosenColumns(form, state.view);
  const shown = useShown(form, columns);
  const records = useRecords({ form, view: state.view?.name, where: state.where, search: state.search, sort: state.sort, fields: shown.map(({ name }) => name) });
  const [chosen, setChosen] = useState<StoredRecord[]>([]);
  const table = useTableColumns(form, shown, state.sort);
  const sheet = useRef<HTMLDivElement>(null);
  // The table measures its columns with a hidden copy of its head, which nobody may reach by keyboard.
  useEffect(() => sheet.current?.querySelectorAll<HTMLElement>(".ant-table-measure-row").forEach((row) => (row.inert = true)));
  const filtered = state.search !== "" || state.where !== "";
  const body = records.error ? (
    <Failure error={records.error} retry={() => void records.refetch()} />
  ) : records.isPending ? (
    <Sketch rows={10} />
  ) : records.items.length === 0 ? (
    <Empty form={form} filtered={filtered} clear={() => state.change({ conditions: [], search: "", drill: "" })} />
  ) : narrow ? (
    <Cards form={form} items={records.items} columns={shown} />
  ) : (
    <Table<StoredRecord>
      className="lc-table"
      size="middle"
      rowKey="id"
      columns={table}
      dataSource={records.items}
      pagination={false}
      tableLayout="fixed"
      scroll={{ x: table.reduce((sum, each) => sum + Number(each.width ?? 120), choosable(form) ? 44 : 0) }}
      sticky
      showSorterTooltip={false}
      rowSelection={
        choosable(form)
          ? { columnWidth: 44, selectedRowKeys: chosen.map((each) => each.id), onChange: (_, rows) => setChosen(rows), getCheckboxProps: (record) => ({ "aria-label": record._label }) as object }
          : undefined
      }
      onRow={(record) => ({ onClick: () => go(recordLink(form.name, record.id)) })}
      onChange={(_page, _filters, sorter, { action }) => {
        if (action !== "sort" || Array.isArray(sorter)) return;
        state.change({ sort: sorter.order ? (sorter.order === "descend" ? "-" : "") + String(sorter.columnKey) : "" });
      }}
    />
  );
  return (
    <div className="lc-page">
      <Toolbar form={form} state={state} refresh={() => void records.refetch()} count={<Count total={records.total} />} tools={!narrow && <ColumnsMenu form={form} names={columns.map(nameOf)} changed={changed} choose={choose} />} />
      <Chips form={form} state={state} />
      {chosen.length > 0 && <Selection form={form} chosen={chosen} clear={() => setChosen([])} />}
      <div ref={sheet} className={narrow ? "" : "lc-sheet"} aria-busy={records.isFetching}>
        {body}
        <More records={records} />
      </div>
      <span className="lc-hidden" role="status">{records.isFetching ? t("loading") : ""}</span>
    </div>
  );
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
