import { useSpeech } from "@lowcode/kit";
import type { InputProps } from "../widget";

export function SerialInput({ value }: InputProps) {
  const { t } = useSpeech();
  return <span className="lc-standing">{value ? <span className="lc-number">{String(value)}</span> : <span className="lc-quiet">{t("onSave")}</span>}</span>;
}
