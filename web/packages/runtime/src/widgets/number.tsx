import { decimal, useSpeech } from "@lowcode/kit";
import { InputNumber } from "antd";
import type { ReactNode } from "react";
import { ProgressShow, SliderInput } from "./slider";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

interface NumberProps extends InputProps {
  scale?: number;
  prefix?: ReactNode;
  suffix?: ReactNode;
}

/** Decimals stay texts from the keyboard to the server. */
export function NumberInput({ value, onChange, id, label, disabled, invalid, field, scale, prefix, suffix }: NumberProps) {
  return (
    <InputNumber<string>
      id={id}
      aria-label={label}
      stringMode
      className="lc-fill"
      controls={false}
      inputMode={scale === 0 ? "numeric" : "decimal"}
      value={value == null ? null : String(value)}
      precision={scale}
      min={field.min == null ? undefined : String(field.min)}
      max={field.max == null ? undefined : String(field.max)}
      prefix={prefix}
      suffix={suffix}
      disabled={disabled}
      status={status(invalid)}
      formatter={(text, { userTyping, input }) => (userTyping ? input : text ? decimal(text, undefined) : "")}
      parser={(text) => (text ?? "").replace(/[,，\s]/g, "").replace(/。/g, ".")}
      onChange={(changed) => onChange(changed === null || changed === "" ? null : String(changed))}
    />
  );
}

function DecimalInput(props: InputProps) {
  const { w } = useSpeech();
  if (props.field.widget === "slider") return <SliderInput {...props} format={(each) => decimal(String(each), null)} />;
  return <NumberInput {...props} scale={props.field.scale} suffix={w(props.field.unit) || undefined} />;
}

export function DecimalShow({ field, value }: ShowProps) {
  const { w } = useSpeech();
  const unit = w(field.unit);
  if (field.widget === "progress") return <ProgressShow field={field} value={value} format={(each) => decimal(String(each), null)} />;
  return (
    <span className="lc-number">
      {field.result ? decimal(value as string, field.scale) : plainest(value as string, field.scale)}
      {unit && <span className="lc-unit"> {unit}</span>}
    </span>
  );
}

/** Without the zeros that say nothing: 16 rather than 16.00. */
const plainest = (value: string, scale: number | undefined): string => decimal(value, scale).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

export const number: Widget = { Input: DecimalInput, Show: DecimalShow, align: "right", width: 110 };
