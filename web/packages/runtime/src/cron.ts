import cronstrue from "cronstrue";
import "cronstrue/locales/zh_CN";

/** A cron expression as people say it; one that is none stands as it is written. */
export function cronWords(cron: string, locale: string): string {
  try {
    return cronstrue.toString(cron, { locale: locale.startsWith("zh") ? "zh_CN" : "en", use24HourTimeFormat: true });
  } catch {
    return cron;
  }
}
