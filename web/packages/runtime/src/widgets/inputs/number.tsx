import { decimal, useSpeech } from "@lowcode/kit";
import { InputNumber } from "antd";
import type { ReactNode } from "react";
import { SliderInput } from "./slider";
import { status, type InputProps } from "../widget";

interface NumberProps extends InputProps {
  scale?: number;
  prefix?: ReactNode;
  suffix?: ReactNode;
  /** How it is shown when nobody types. */
  write?: (text: string) => string;
}

/** Decimals stay texts from the keyboard to the server. */
export function NumberInput({ value, onChange, id, label, disabled, invalid, field, scale, prefix, suffix, write = (text) => decimal(text, undefined) }: NumberProps) {
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
      formatter={(text, { userTyping, input }) => (userTyping ? input : text ? write(text) : "")}
      parser={(text) => (text ?? "").replace(/[,，\s]/g, "").replace(/。/g, ".")}
      onChange={(changed) => onChange(changed === null || changed === "" ? null : String(changed))}
    />
  );
}

export function DecimalInput(props: InputProps) {
  const { w } = useSpeech();
  if (props.field.widget === "slider") return <SliderInput {...props} format={(each) => decimal(String(each), null)} />;
  return <NumberInput {...props} scale={props.field.scale} suffix={w(props.field.unit) || undefined} />;
}
