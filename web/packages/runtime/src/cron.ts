import cronstrue from "cronstrue";
import "cronstrue/locales/zh_CN";

const DAYS = { zh: ["日", "一", "二", "三", "四", "五", "六"], en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] };
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A cron expression as people say it: usual ones by the words of the language, others by a library; one that is none
 * stands as it is written. */
export function cronWords(cron: string, locale: string): string {
  const chinese = locale.startsWith("zh");
  const usual = usualWords(cron, chinese);
  if (usual !== null) return usual.charAt(0).toUpperCase() + usual.slice(1);
  try {
    return cronstrue.toString(cron, { locale: chinese ? "zh_CN" : "en", use24HourTimeFormat: true });
  } catch {
    return cron;
  }
}

/** Every so many minutes or hours, or at times of a day: each day, on days of the week, of the month, of some months. */
function usualWords(cron: string, chinese: boolean): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5) return null;
  const [minute, hour, day, month, weekday] = parts as [string, string, string, string, string];
  const always = day === "*" && month === "*" && weekday === "*";
  const each = /^\*\/(\d+)$/;
  if (always && hour === "*" && each.test(minute)) return chinese ? `每 ${each.exec(minute)![1]} 分钟` : `every ${each.exec(minute)![1]} minutes`;
  if (always && /^\d+$/.test(minute) && (hour === "*" || each.test(hour))) {
    const hours = each.exec(hour)?.[1];
    const past = Number(minute);
    if (chinese) return `每${hours ? ` ${hours} ` : ""}小时${past === 0 ? "整点" : `的第 ${past} 分钟`}`;
    return `every ${hours ? `${hours} hours` : "hour"}${past === 0 ? ", on the hour" : `, at minute ${past}`}`;
  }
  const times = listOf(hour, 0, 23);
  if (times === null || !/^\d+$/.test(minute) || Number(minute) > 59) return null;
  const clock = times.map((each) => `${String(each).padStart(2, "0")}:${minute.padStart(2, "0")}`);
  const when = daysOf(day, month, weekday, chinese);
  if (when === null) return null;
  return chinese ? `${when} ${clock.join("、")}` : `${when} at ${joined(clock)}`;
}

function daysOf(day: string, month: string, weekday: string, chinese: boolean): string | null {
  if (day === "*" && month === "*") {
    if (weekday === "*") return chinese ? "每天" : "every day";
    const days = listOf(weekday, 0, 7)?.map((each) => each % 7);
    if (!days) return null;
    if (/^1-5$/.test(weekday)) return chinese ? "周一至周五" : "Monday to Friday";
    return chinese ? `每周${days.map((each) => DAYS.zh[each]).join("、")}` : `every ${joined(days.map((each) => DAYS.en[each]!))}`;
  }
  const days = weekday === "*" ? listOf(day, 1, 31) : null;
  if (!days) return null;
  const months = month === "*" ? [] : listOf(month, 1, 12);
  if (months === null) return null;
  if (chinese) return `${months.length > 0 ? `每年 ${months.join("、")} 月` : "每月"} ${days.join("、")} 日`;
  return months.length > 0 ? `on ${joined(days.map(String))} ${joined(months.map((each) => MONTHS[each - 1]!))}` : `on day ${joined(days.map(String))} of each month`;
}

/** The numbers of a part that lists numbers and stretches; null for anything else. */
function listOf(part: string, least: number, most: number): number[] | null {
  const found: number[] = [];
  for (const piece of part.split(",")) {
    const stretch = /^(\d+)(?:-(\d+))?$/.exec(piece);
    if (!stretch) return null;
    const from = Number(stretch[1]);
    const to = Number(stretch[2] ?? stretch[1]);
    if (from < least || to > most || from > to) return null;
    for (let each = from; each <= to; each++) found.push(each);
  }
  return found;
}

const joined = (words: string[]): string => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}` : words[0]!);
