import { decimal, useSpeech, type TextKey } from "@lowcode/kit";
import { plainest, SECONDS } from "./counted";
import type { ShowProps, Widget } from "./widget";

function Duration({ field, value }: ShowProps) {
  const { t, chinese } = useSpeech();
  const unit = String(field.unit ?? "minutes");
  const total = Math.round(Number(value) * SECONDS[unit]!);
  if (unit === "days" || total % 60 !== 0 || total < 3600) return <span className="lc-number">{decimal(plainest(String(value)), null)} {t(unit as TextKey)}</span>;
  const [hours, minutes] = [Math.floor(total / 3600), (total % 3600) / 60];
  const words = chinese ? `${hours} 小时${minutes ? ` ${minutes} 分` : ""}` : `${hours} h${minutes ? ` ${minutes} min` : ""}`;
  return <span className="lc-number">{words}</span>;
}

export const duration: Widget = { Show: Duration, align: "right", width: 110 };
