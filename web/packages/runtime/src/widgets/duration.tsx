import { decimal, useSpeech, type TextKey } from "@lowcode/kit";
import { Input } from "antd";
import { useState } from "react";
import { status, type InputProps, type ShowProps, type Widget } from "./widget";

const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86400 };

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

const plainest = (text: string): string => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);

const PART = /(\d+(?:\.\d+)?)\s*(d|天|日|h|小时|时|m|分钟|分|s|秒)[a-z]*/gi;
const OF: Record<string, number> = { d: 86400, 天: 86400, 日: 86400, h: 3600, 小: 3600, 时: 3600, m: 60, 分: 60, s: 1, 秒: 1 };

/** What was typed, counted in a unit; null while it cannot be understood. */
export function counted(text: string, unit: string): string | null {
  const clock = /^\s*(\d{1,5}):([0-5]\d)(?::([0-5]\d))?\s*$/.exec(text);
  let seconds: number | null = clock ? Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0) : null;
  if (seconds === null && /^\s*-?\d+(\.\d+)?\s*$/.test(text)) return text.trim();
  if (seconds === null && text.replace(PART, "").replace(/[\s,，和]/g, "") === "") seconds = [...text.matchAll(PART)].reduce((sum, found) => sum + Number(found[1]) * OF[found[2]![0]!.toLowerCase()]!, 0);
  if (seconds === null || text.trim() === "") return null;
  return plainest((seconds / SECONDS[unit]!).toFixed(6));
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
