import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Nothing, useSpeech } from "@lowcode/kit";
import type { Field, Values } from "@lowcode/protocol";
import { Button } from "antd";
import { memo, useCallback, type Dispatch } from "react";
import { offering, shown } from "../fields";
import { widgetOf, type InputProps } from "../widgets";
import { useFilling } from "./draft";
import { rowsOf, type Conditions } from "./live";
import { ROW, type Step } from "./model";
import { useSheet } from "./sheet_keys";

/** Rows inside a record as a table that is typed into; on a phone each row is a card. */
export function LinesInput({ field, disabled }: InputProps) {
  const { live, draft, step, narrow: small } = useFilling();
  const { t, w } = useSpeech();
  const narrow = small || field.widget === "cards";
  const rows = rowsOf(live.values, field);
  const fields = (field.fields ?? []).filter((each) => !each.system && !each.hidden && (rows.length === 0 || rows.some((_, index) => live.conditions[`${field.name}/${index}/${each.name}`]?.visible !== false)));
  const add = () => step({ kind: "add", field: field.name, row: {} });
  const { extend, handlers } = useSheet(field, fields, rows, add, disabled);
  const line = (row: Values, index: number) => (
    <Line key={String(row[ROW] ?? index)} lines={field} fields={fields} row={row} index={index} conditions={live.conditions} errors={draft.errors} step={step} disabled={disabled} narrow={narrow} />
  );
  return (
    <div className="lc-lines" {...handlers}>
      {narrow ? (
        rows.map(line)
      ) : (
        <div className="lc-lines-scroll">
          <table>
            <thead>
              <tr>
                <th className="lc-lines-number" aria-label="#" />
                {fields.map((each) => (
                  <th key={each.name} style={{ minWidth: Math.max(84, widgetOf(shown(each).type).width * 0.8), textAlign: widgetOf(shown(each).type).align }}>
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
        <Button type="dashed" block icon={<PlusOutlined />} onClick={extend} disabled={field.max != null && rows.length >= Number(field.max)}>
          {t("addRow")}
        </Button>
      )}
    </div>
  );
}

interface LineProps {
  lines: Field;
  fields: Field[];
  row: Values;
  index: number;
  conditions: Record<string, Conditions>;
  errors: Record<string, string>;
  step: Dispatch<Step>;
  disabled?: boolean;
  narrow: boolean;
}

function Line({ lines, fields, row, index, conditions, errors, step, disabled, narrow }: LineProps) {
  const { t, w } = useSpeech();
  const remove = !disabled && (
    <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("removeRow", { number: index + 1 })} onClick={() => step({ kind: "remove", field: lines.name, index })} />
  );
  const cell = (field: Field) => {
    const pointer = `${lines.name}/${index}/${field.name}`;
    return <Cell key={field.name} lines={lines.name} field={field} value={row[field.name] ?? null} index={index} beside={field.currency_from ? row[field.currency_from] : undefined} conditions={conditions[pointer]} error={errors[pointer]} step={step} disabled={disabled} narrow={narrow} />;
  };
  if (narrow)
    return (
      <div className="lc-line-card">
        <div className="lc-line-head">
          <span>{t("row", { number: index + 1 })}</span>
          {remove}
        </div>
        {fields.map((field) => (
          <div className="lc-line-field" key={field.name}>
            <span className="lc-line-title">{w(field.title) || field.name}</span>
            {cell(field)}
          </div>
        ))}
      </div>
    );
  return (
    <tr>
      <td className="lc-lines-number">{index + 1}</td>
      {fields.map((field) => (
        <td key={field.name} style={{ textAlign: widgetOf(shown(field).type).align }}>
          {cell(field)}
        </td>
      ))}
      <td className="lc-lines-end">{remove}</td>
    </tr>
  );
}

interface CellProps {
  lines: string;
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

const Cell = memo(function Cell({ lines, field, value, index, beside, conditions, error, step, disabled, narrow }: CellProps) {
  const { w, t } = useSpeech();
  const change = useCallback((changed: unknown) => step({ kind: "cell", field: lines, index, name: field.name, value: changed }), [step, lines, index, field.name]);
  if (conditions?.visible === false) return null;
  const { Input } = widgetOf(field.type);
  return (
    <>
      <Input field={offering(field, conditions?.unavailable, conditions?.offered, value)} value={value} beside={beside} onChange={change} dense narrow={narrow} disabled={disabled || conditions?.readOnly} invalid={error !== undefined} label={`${w(field.title)} ${t("row", { number: index + 1 })}`} />
      {error && (
        <div className="lc-problem" role="alert">
          {error}
        </div>
      )}
    </>
  );
}, (before, after) => before.value === after.value && before.beside === after.beside && before.error === after.error && before.index === after.index && before.field === after.field && before.disabled === after.disabled && before.narrow === after.narrow && before.conditions?.visible === after.conditions?.visible && before.conditions?.readOnly === after.conditions?.readOnly && before.conditions?.offered === after.conditions?.offered && String(before.conditions?.unavailable) === String(after.conditions?.unavailable));
