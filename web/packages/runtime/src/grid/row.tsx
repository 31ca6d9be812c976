import { useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, Values } from "@lowcode/protocol";
import { memo, useLayoutEffect, useRef, type CSSProperties, type ReactNode } from "react";
import { shown as looksOf } from "../fields";
import { widgetOf } from "../widgets";
import { ColumnCell } from "./cell";
import type { Column } from "./columns";
import type { CellState } from "./saves";

/** What stands in one place of a list: a record, a heading over several, or nothing that has been read yet. */
export type Line = { record: StoredRecord } | { heading: ReactNode } | null;

interface RowProps {
  form: Form;
  columns: Column[];
  index: number;
  record: StoredRecord;
  /** Undefined where nothing can be chosen. */
  chosen: boolean | undefined;
  choose?: (record: StoredRecord) => void;
  /** The column somebody stands in, where the focus comes in by Tab. */
  here: number;
  /** What is typed into, in the place of the cell somebody stands in. */
  editor: ReactNode;
  /** What the record would be with what is being typed. */
  live: Values | undefined;
  states: Record<string, CellState> | undefined;
  fixed: ReadonlySet<string> | undefined;
}

const STOPS = "td :is(a, button, input, [tabindex='0'])";

/** On which side the values of a column stand, and where the column itself, if it stays in sight. */
export function placed(columns: Column[], at: number, lead: number): CSSProperties {
  const { pin, field } = columns[at]!;
  const looks = { textAlign: widgetOf(looksOf(field).type).align };
  if (!pin) return looks;
  const beside = pin === "left" ? columns.slice(0, at) : columns.slice(at + 1);
  return { ...looks, [pin]: beside.reduce((sum, each) => sum + each.width, pin === "left" ? lead : 0) };
}

export const pinOf = ({ pin }: Column): string => (pin ? ` lc-pinned lc-pinned-${pin}` : "");

/** One record of a table. Only one thing in a table is reached by Tab; the arrows do the rest. */
export const Row = memo(function Row({ form, columns, index, record, chosen, choose, here, editor, live, states, fixed }: RowProps) {
  const { t } = useSpeech();
  const row = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => {
    row.current?.querySelectorAll<HTMLElement>(STOPS).forEach((each) => {
      if (!each.closest(".lc-editor")) each.tabIndex = each.matches(".lc-first") && each.closest<HTMLElement>("td")?.dataset["column"] === String(here) ? 0 : -1;
    });
  });
  const lead = chosen === undefined ? 0 : LEAD;
  return (
    <tr ref={row} className={chosen ? "lc-row lc-row-chosen" : "lc-row"} data-row-key={record.id} data-index={index} aria-rowindex={index + 2} aria-selected={chosen}>
      {chosen !== undefined && (
        <td className="lc-choose" aria-colindex={1}>
          <input type="checkbox" tabIndex={-1} aria-label={record._label} checked={chosen} onChange={() => choose?.(record)} />
        </td>
      )}
      {columns.map((column, at) => {
        const state = states?.[column.name];
        const values = state ? { ...record, [column.name]: state.value } : live && column.field.name in live && !column.name.includes(".") ? { ...record, [column.name]: live[column.name] } : record;
        const editing = at === here && editor !== null;
        return (
          <td
            key={column.name}
            data-column={at}
            className={`${at === here ? "lc-here" : ""}${state ? ` lc-cell-${state.state}` : ""}${pinOf(column)}` || undefined}
            style={placed(columns, at, lead)}
            tabIndex={at === here && !column.first ? 0 : -1}
            aria-colindex={at + (lead ? 2 : 1)}
            aria-readonly={fixed?.has(column.name) ?? undefined}
            aria-invalid={state?.state === "refused" || undefined}
            title={state?.detail}
          >
            {editing ? editor : <ColumnCell form={form} column={column} record={record} values={values} />}
            {state?.state === "refused" && !editing && <span className="lc-hidden">{t("cellRefused", { reason: state.detail ?? "" })}</span>}
          </td>
        );
      })}
    </tr>
  );
});

/** Width of the column by which rows are chosen. */
export const LEAD = 44;

/** A place whose record has not been read yet. */
export const Unread = memo(function Unread({ index, span }: { index: number; span: number }) {
  const { t } = useSpeech();
  return (
    <tr className="lc-row lc-row-unread" data-index={index} aria-rowindex={index + 2}>
      <td colSpan={span} aria-label={t("loading")}>
        <span style={{ width: `${30 + ((index * 37) % 50)}%` }} />
      </td>
    </tr>
  );
});
