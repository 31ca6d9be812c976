import { currencySign, money as formatted } from "@lowcode/kit";
import { useRuntime } from "../runtime";
import { NumberInput } from "./number";
import type { InputProps, ShowProps, Widget } from "./widget";

function MoneyInput(props: InputProps) {
  const { app } = useRuntime();
  return <NumberInput {...props} scale={props.field.scale ?? 2} prefix={currencySign(props.field.currency ?? app.currency) || undefined} />;
}

function Money({ field, value }: ShowProps) {
  const { app } = useRuntime();
  return <span className="lc-number">{formatted(value as string, field.currency ?? app.currency, field.scale ?? 2)}</span>;
}

export const money: Widget = { Input: MoneyInput, Show: Money, align: "right", width: 130 };
