import { Slider } from "antd";
import type { InputProps } from "../widget";
import { rangeOf } from "../slider";

export function SliderInput({ field, value, onChange, disabled, label, format }: InputProps & { format: (value: number) => string }) {
  const { least, most, step } = rangeOf({ field });
  const places = String(step).split(".")[1]?.length ?? 0;
  const put = (number: number) => onChange(field.type === "integer" ? number : number.toFixed(places));
  return (
    <span className="lc-slider">
      <Slider min={least} max={most} step={step} value={value == null ? least : Number(value)} disabled={disabled} tooltip={{ formatter: (number) => format(number ?? least) }} ariaLabelForHandle={label} onChange={put} />
      <span className="lc-number lc-quiet">{value == null ? "—" : format(Number(value))}</span>
    </span>
  );
}
