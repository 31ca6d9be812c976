import { useSpeech, type TextKey } from "@lowcode/kit";
import { Input } from "antd";
import { useState } from "react";
import { counted, plainest } from "../counted";
import { status, type InputProps } from "../widget";

/** Typed as people write it: 90, 1:30, 1h 30m, 1小时30分; the server reads it, and shows what it understood. */
export function DurationInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t } = useSpeech();
  const [draft, setDraft] = useState<string | null>(null);
  const known = value == null ? "" : plainest(String(value));
  return (
    <Input
      id={id}
      aria-label={label}
      value={draft ?? known}
      placeholder="1:30"
      suffix={<span className="lc-quiet">{t(String(field.unit ?? "minutes") as TextKey)}</span>}
      disabled={disabled}
      status={status(invalid)}
      autoComplete="off"
      onChange={(event) => {
        setDraft(event.target.value);
        onChange(counted(event.target.value, String(field.unit ?? "minutes")) ?? (event.target.value || null));
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
