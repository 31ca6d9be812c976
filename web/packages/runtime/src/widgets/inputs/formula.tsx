import { useSpeech } from "@lowcode/kit";
import { blank } from "../../fields";
import type { InputProps } from "../widget";
import { Calculated } from "../formula";

export function CalculatedInput({ field, value, dense, id }: InputProps) {
  const { t } = useSpeech();
  return (
    <output id={id} className={dense ? "lc-standing lc-standing-dense" : "lc-standing"} title={t("calculated")}>
      {blank(value) ? <span className="lc-quiet">—</span> : <Calculated field={field} value={value} dense={dense} />}
    </output>
  );
}
