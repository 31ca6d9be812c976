import { decimal, useSpeech, type TextKey } from "@lowcode/kit";
import { Input } from "antd";
import { useState } from "react";
import { counted, plainest, SECONDS } from "./counted";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

/** Typed as people write it: 90, 1:30, 1h 30m, 1小时30分; the server reads it, and shows what it understood. */
function DurationInput({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
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

function Duration({ field, value }: ShowProps) {
  const { t, chinese } = useSpeech();
  const unit = String(field.unit ?? "minutes");
  const total = Math.round(Number(value) * SECONDS[unit]!);
  if (unit === "days" || total % 60 !== 0 || total < 3600) return <span className="lc-number">{decimal(plainest(String(value)), null)} {t(unit as TextKey)}</span>;
  const [hours, minutes] = [Math.floor(total / 3600), (total % 3600) / 60];
  const words = chinese ? `${hours} 小时${minutes ? ` ${minutes} 分` : ""}` : `${hours} h${minutes ? ` ${minutes} min` : ""}`;
  return <span className="lc-number">{words}</span>;
}

export const duration: Widget = { Input: DurationInput, Show: Duration, align: "right", width: 110 };
