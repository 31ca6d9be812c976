import { useSpeech } from "@lowcode/kit";
import { DecimalShow, NumberInput } from "./number";
import type { InputProps, Widget } from "./widget";

function IntegerInput({ onChange, ...props }: InputProps) {
  const { w } = useSpeech();
  return <NumberInput {...props} scale={0} suffix={w(props.field.unit) || undefined} onChange={(value) => onChange(value == null ? null : Number(value))} />;
}

export const integer: Widget = { Input: IntegerInput, Show: DecimalShow, align: "right", width: 100 };
