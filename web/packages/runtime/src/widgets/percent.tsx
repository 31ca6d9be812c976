import { percent as formatted, shift } from "@lowcode/kit";
import { NumberInput } from "./number";
import type { InputProps, ShowProps, Widget } from "./widget";

/** Entered and shown in hundredths, kept as a fraction. */
function PercentInput({ value, onChange, field, ...props }: InputProps) {
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

const Percent = ({ value }: ShowProps) => <span className="lc-number">{formatted(value as string)}</span>;

export const percent: Widget = { Input: PercentInput, Show: Percent, align: "right", width: 90 };
