import { currencySign, digits, placesIn } from "@lowcode/kit";
import { useRuntime } from "../../runtime";
import { NumberInput } from "./number";
import type { InputProps } from "../widget";
import { capitals } from "../money";

export function MoneyInput(props: InputProps) {
  const { app } = useRuntime();
  const { field, beside, value } = props;
  const currency = typeof beside === "string" ? beside : (field.currency ?? app.currency);
  const most = field.scale ?? 2;
  const least = placesIn(currency, most);
  // an amount in the currency of a field beside it has no more places than that currency; one of the app's as many as its author says
  const scale = field.currency_from ? least : most;
  return (
    <>
      <NumberInput {...props} write={(text) => digits(text, least, scale)} scale={scale} prefix={currencySign(currency) || undefined} />
      {field.widget === "capitals" && <div className="lc-hint">{capitals(value)}</div>}
    </>
  );
}
