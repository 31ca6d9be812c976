import { useSpeech } from "@lowcode/kit";
import { blank, shown } from "../fields";
import { widgetOf } from "./index";
import type { InputProps, ShowProps, Widget } from "./widget";

function Calculated({ field, value, dense }: ShowProps) {
  const looks = shown(field);
  const { Show } = widgetOf(looks.type);
  return <Show field={looks} value={value} dense={dense} />;
}

function CalculatedInput({ field, value, dense, id }: InputProps) {
  const { t } = useSpeech();
  return (
    <output id={id} className={dense ? "lc-standing lc-standing-dense" : "lc-standing"} title={t("calculated")}>
      {blank(value) ? <span className="lc-quiet">—</span> : <Calculated field={field} value={value} dense={dense} />}
    </output>
  );
}

export const formula: Widget = { Input: CalculatedInput, Show: Calculated, width: 120 };
