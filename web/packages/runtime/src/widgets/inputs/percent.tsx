import { percent as formatted, shift } from "@lowcode/kit";
import { NumberInput } from "./number";
import { SliderInput } from "./slider";
import type { InputProps } from "../widget";

/** Entered and shown in hundredths, kept as a fraction. */
export function PercentInput({ value, onChange, field, ...props }: InputProps) {
  if (field.widget === "slider") return <SliderInput {...props} value={value} onChange={onChange} field={field} format={(each) => formatted(String(each))} />;
  const limit = (bound: number | string | null | undefined) => (bound == null ? bound : shift(bound, 2));
  return (
    <NumberInput
      {...props}
      field={{ ...field, min: limit(field.min), max: limit(field.max) }}
      scale={field.scale === undefined ? undefined : Math.max(0, field.scale - 2)}
      value={value == null ? null : shift(value as string, 2)}
      suffix="%"
      onChange={(changed) => onChange(changed == null ? null : shift(changed as string, -2))}
    />
  );
}
