import { QuestionCircleOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { Tooltip } from "antd";
import { useCallback } from "react";
import { offering, rangeTitle } from "../fields";
import { widgetOf } from "../widgets";
import { inputOf } from "../widgets/inputs";
import { useFilling } from "./filling";
import { RangeInput } from "./range";

/** A field of the form: its name, its input, its help, and what is wrong with it. `bare`: the heading above says what
 * it is. */
export function Item({ field, span, bare }: { field: Field; span?: number; bare?: boolean }) {
  const { form, draft, live, step, narrow } = useFilling();
  const { w, t } = useSpeech();
  const change = useCallback((value: unknown) => step({ kind: "set", field: field.name, value }), [step, field.name]);
  const append = useCallback((value: unknown) => step({ kind: "append", field: field.name, value }), [step, field.name]);
  const end = form.fields.find((each) => each.name === field.until);
  const conditions = live.conditions[field.name];
  if (conditions && !conditions.visible) return null;
  const { wide } = widgetOf(field.type);
  const Input = inputOf(field.type);
  const id = `${form.name}-${field.name}`;
  const error = draft.errors[field.name] ?? (end && draft.errors[end.name]);
  const beside = field.currency_from ? live.values[field.currency_from] : undefined;
  const title = rangeTitle(field, end, w);
  const full = wide || (span ?? 1) > 1;
  return (
    <div className={full ? "lc-item lc-item-wide" : "lc-item"} data-field={field.name} role={field.type === "lines" ? "group" : undefined} aria-label={field.type === "lines" ? title : undefined}>
      <div className={bare && !conditions?.required && !w(field.help) ? "lc-hidden" : "lc-item-title"}>
        {field.type === "lines" ? <span>{title}</span> : <label htmlFor={id}>{title}</label>}
        {conditions?.required && (
          <span className="lc-needed" aria-hidden="true">
            *
          </span>
        )}
        {w(field.help) && (
          <Tooltip title={w(field.help)}>
            <QuestionCircleOutlined className="lc-quiet" tabIndex={0} aria-label={w(field.help)} />
          </Tooltip>
        )}
        {(field.type === "formula" || field.type === "rollup") && <span className="lc-hint">{t("calculated")}</span>}
      </div>
      {end ? <RangeInput field={field} end={end} id={id} invalid={error !== undefined} disabled={conditions?.readOnly} /> : <Input beside={beside} field={offering(field, conditions?.unavailable, conditions?.offered, live.values[field.name])} id={id} value={live.values[field.name] ?? null} onChange={change} append={append} disabled={conditions?.readOnly} invalid={error !== undefined} narrow={narrow} />}
      {error && (
        <div className="lc-problem" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
