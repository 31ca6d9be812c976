import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Nothing, useSpeech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { Button } from "antd";
import { memo, useCallback, type Dispatch } from "react";
import { offering, shown } from "../fields";
import { widgetOf, type InputProps } from "../widgets";
import { inputOf } from "../widgets/inputs";
import { useFilling } from "./filling";
import { rowsOf, type Conditions } from "./live";
import { ROW, type Step } from "./model";
import { useSheet } from "./sheet_keys";
import { within, type Block } from "./sheet_range";

/** Rows inside a record as a table that is typed into; on a phone each row is a card, and so is a row that has rows. */
export function LinesInput({ field, disabled }: InputProps) {
  const { live } = useFilling();
  return <Rows field={field} at={field.name} rows={rowsOf(live.values, field)} disabled={disabled} />;
}

interface RowsProps {
  field: Field;
  /** The way to the rows: `items`, `groups/0/items`. */
  at: string;
  rows: Values[];
  disabled?: boolean;
}

function Rows({ field, at, rows, disabled }: RowsProps) {
  const { live, draft, step, narrow: small } = useFilling();
  const { t, w } = useSpeech();
  const deep = (field.fields ?? []).some((each) => each.type === "lines");
  const narrow = small || field.widget === "cards" || deep;
  const fields = (field.fields ?? []).filter((each) => !each.system && !each.hidden && (rows.length === 0 || rows.some((_, index) => live.conditions[`${at}/${index}/${each.name}`]?.visible !== false)));
  const add = () => step({ kind: "add", field: at, row: {} });
  const { extend, marked, handlers } = useSheet(field, at, fields, rows, add, disabled);
  const line = (row: Values, index: number) => (
    <Line key={String(row[ROW] ?? index)} lines={field} at={at} fields={fields} row={row} index={index} conditions={live.conditions} errors={draft.errors} step={step} disabled={disabled} narrow={narrow} small={small} marked={marked} />
  );
  return (
    <div className="lc-lines" {...(deep ? {} : handlers)}>
      {narrow ? (
        rows.map(line)
      ) : (
        <div className="lc-lines-scroll">
          <table>
            <thead>
              <tr>
                <th className="lc-lines-number" aria-label="#" />
                {fields.map((each) => (
                  <th key={each.name} style={{ minWidth: PICKED[shown(each).type] ?? Math.max(84, widgetOf(shown(each).type).width * 0.8), textAlign: widgetOf(shown(each).type).align }}>
                    {w(each.title) || each.name}
                    {each.required && <span className="lc-needed"> *</span>}
                  </th>
                ))}
                <th className="lc-lines-end" aria-label={t("actions")} />
              </tr>
            </thead>
            <tbody>{rows.map(line)}</tbody>
          </table>
        </div>
      )}
      {rows.length === 0 && <Nothing small title={t("noRows")} hint={disabled || narrow ? undefined : t("pasteHint")} />}
      {!disabled && (
        <Button type="dashed" block icon={<PlusOutlined />} onClick={deep ? add : extend} disabled={field.max != null && rows.length >= Number(field.max)}>
          {deep ? t("addTo", { name: w(field.title) || field.name }) : t("addRow")}
        </Button>
      )}
    </div>
  );
}

/** What a picker needs to show its value whole. */
const PICKED: Record<string, number> = { date: 136, datetime: 178, time: 104 };

interface LineProps {
  lines: Field;
  at: string;
  fields: Field[];
  row: Values;
  index: number;
  conditions: Record<string, Conditions>;
  errors: Record<string, string>;
  step: Dispatch<Step>;
  disabled?: boolean;
  narrow: boolean;
  small: boolean;
  /** The cells that are marked together. */
  marked: Block | null;
}

function Line({ lines, at, fields, row, index, conditions, errors, step, disabled, narrow, small, marked }: LineProps) {
  const { t, w } = useSpeech();
  const remove = !disabled && (
    <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("removeRow", { number: index + 1 })} onClick={() => step({ kind: "remove", field: at, index })} />
  );
  const cell = (field: Field) => {
    const pointer = `${at}/${index}/${field.name}`;
    if (field.type === "lines") {
      const wrong = errors[pointer];
      return conditions[pointer]?.visible === false ? null : (
        <>
          <Rows field={field} at={pointer} rows={rowsOf(row, field)} disabled={disabled || conditions[pointer]?.readOnly} />
          {wrong && (
            <div className="lc-problem" role="alert">
              {wrong}
            </div>
          )}
        </>
      );
    }
    return <Cell key={field.name} lines={at} row={String(row[ROW])} field={field} value={row[field.name] ?? null} index={index} beside={field.currency_from ? row[field.currency_from] : undefined} conditions={conditions[pointer]} error={errors[pointer]} step={step} disabled={disabled} narrow={small} />;
  };
  if (narrow) {
    const deep = fields.some((each) => each.type === "lines");
    const head = `${deep ? `${w(lines.title) || lines.name} ` : ""}${deep ? index + 1 : t("row", { number: index + 1 })}`;
    return (
      <div className={deep && !small ? "lc-line-card lc-line-group" : "lc-line-card"} role={deep ? "group" : undefined} aria-label={deep ? head : undefined}>
        <div className="lc-line-head">
          <span>{head}</span>
          {remove}
        </div>
        {fields.map((field) => (
          <div className={field.type === "lines" ? "lc-line-field lc-line-rows" : "lc-line-field"} key={field.name} role={field.type === "lines" ? "group" : undefined} aria-label={field.type === "lines" ? w(field.title) || field.name : undefined}>
            <span className="lc-line-title">
              {w(field.title) || field.name}
              {field.required && <span className="lc-needed"> *</span>}
            </span>
            {cell(field)}
          </div>
        ))}
      </div>
    );
  }
  return (
    <tr>
      <td className="lc-lines-number">{index + 1}</td>
      {fields.map((field, place) => (
        <td key={field.name} className={within(marked, { row: index, column: place + 1 }) ? "lc-lines-marked" : undefined} style={{ textAlign: widgetOf(shown(field).type).align }}>
          {cell(field)}
        </td>
      ))}
      <td className="lc-lines-end">{remove}</td>
    </tr>
  );
}

interface CellProps {
  lines: string;
  /** The key of its row. */
  row: string;
  field: Field;
  value: unknown;
  index: number;
  beside?: unknown;
  conditions?: Conditions;
  error?: string;
  step: Dispatch<Step>;
  disabled?: boolean;
  narrow: boolean;
}

const Cell = memo(function Cell({ lines, row, field, value, index, beside, conditions, error, step, disabled, narrow }: CellProps) {
  const { w, t } = useSpeech();
  const change = useCallback((changed: unknown) => step({ kind: "cell", field: lines, index, name: field.name, value: changed }), [step, lines, index, field.name]);
  const append = useCallback((value: unknown) => step({ kind: "append", field: lines, row: { key: row, name: field.name }, value }), [step, lines, row, field.name]);
  if (conditions?.visible === false) return null;
  const Input = inputOf(field.type);
  return (
    <>
      <Input field={offering(field, conditions?.unavailable, conditions?.offered, value)} value={value} beside={beside} onChange={change} append={append} dense narrow={narrow} disabled={disabled || conditions?.readOnly} invalid={error !== undefined} label={`${w(field.title)} ${t("row", { number: index + 1 })}`} />
      {error && (
        <div className="lc-problem" role="alert">
          {error}
        </div>
      )}
    </>
  );
}, (before, after) => before.value === after.value && before.beside === after.beside && before.error === after.error && before.index === after.index && before.field === after.field && before.disabled === after.disabled && before.narrow === after.narrow && before.conditions?.visible === after.conditions?.visible && before.conditions?.readOnly === after.conditions?.readOnly && before.conditions?.offered === after.conditions?.offered && String(before.conditions?.unavailable) === String(after.conditions?.unavailable));
