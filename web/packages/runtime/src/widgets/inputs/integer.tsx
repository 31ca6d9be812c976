import { useSpeech } from "@lowcode/kit";
import { NumberInput } from "./number";
import { SliderInput } from "./slider";
import type { InputProps } from "../widget";

export function IntegerInput({ onChange, ...props }: InputProps) {
  const { w } = useSpeech();
  if (props.field.widget === "slider") return <SliderInput {...props} onChange={onChange} format={String} />;
  return <NumberInput {...props} scale={0} suffix={w(props.field.unit) || undefined} onChange={(value) => onChange(value == null ? null : Number(value))} />;
}
