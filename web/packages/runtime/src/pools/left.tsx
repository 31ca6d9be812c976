import { useSpeech } from "@lowcode/kit";
import { useRuntime } from "../runtime";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long it is until a record goes back; red when that is soon. */
export function Left({ at }: { at: string }) {
  const { now } = useRuntime();
  const { t } = useSpeech();
  const left = new Date(at).getTime() - now().getTime();
  const time = left >= DAY ? `${Math.floor(left / DAY)} ${t("days")}` : left >= HOUR ? `${Math.floor(left / HOUR)} ${t("hours")}` : `${Math.max(1, Math.floor(left / 60_000))} ${t("minutes")}`;
  const when = left <= 0 ? t("overdueNow") : t("inTime", { time });
  return <time dateTime={at} className={left < DAY ? "lc-soon" : undefined}>{t("goesBack", { when })}</time>;
}
