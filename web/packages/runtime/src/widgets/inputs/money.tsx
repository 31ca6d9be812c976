import { currencySign, placesIn } from "@lowcode/kit";
import { useRuntime } from "../../runtime";
import { NumberInput } from "./number";
import type { InputProps } from "../widget";
import { capitals } from "../money";

export function MoneyInput(props: InputProps) {
  const { app } = useRuntime();
  const { field, beside, value } = props;
  const currency = typeof beside === "string" ? beside : (field.currency ?? app.currency);
  return (
    <>
      <NumberInput {...props} whole scale={placesIn(currency, field.scale ?? 2)} prefix={currencySign(currency) || undefined} />
      {field.widget === "capitals" && <div className="lc-hint">{capitals(value)}</div>}
    </>
  );
}
