import { useSpeech } from "@lowcode/kit";
import type { InputProps, ShowProps, Widget } from "./widget";

function SerialInput({ value }: InputProps) {
  const { t } = useSpeech();
  return <span className="lc-standing">{value ? <span className="lc-number">{String(value)}</span> : <span className="lc-quiet">{t("onSave")}</span>}</span>;
}

const Serial = ({ value }: ShowProps) => <span className="lc-number">{String(value)}</span>;

export const serial: Widget = { Input: SerialInput, Show: Serial, width: 130 };
