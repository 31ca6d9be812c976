import { useSpeech } from "@lowcode/kit";
import { DecimalShow, NumberInput } from "./number";
import { SliderInput } from "./slider";
import type { InputProps, Widget } from "./widget";

function IntegerInput({ onChange, ...props }: InputProps) {
  const { w } = useSpeech();
  if (props.field.widget === "slider") return <SliderInput {...props} onChange={onChange} format={String} />;
  return <NumberInput {...props} scale={0} suffix={w(props.field.unit) || undefined} onChange={(value) => onChange(value == null ? null : Number(value))} />;
}

export const integer: Widget = { Input: IntegerInput, Show: DecimalShow, align: "right", width: 100 };
