import { useSpeech } from "@lowcode/kit";
import { Input } from "antd";
import { useState } from "react";
import { status, type InputProps } from "../widget";
import { text } from "../json";

export function JsonInput({ value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const [draft, setDraft] = useState(() => text(value));
  const [broken, setBroken] = useState(false);
  const change = (words: string) => {
    setDraft(words);
    try {
      onChange(words.trim() === "" ? null : JSON.parse(words));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <>
      <Input.TextArea id={id} aria-label={label} className="lc-code" value={draft} disabled={disabled} status={status(invalid || broken)} autoSize={{ minRows: 3, maxRows: 16 }} onChange={(event) => change(event.target.value)} />
      {broken && <div className="lc-problem">{t("badJson")}</div>}
    </>
  );
}
