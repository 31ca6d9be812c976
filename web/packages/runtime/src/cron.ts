import cronstrue from "cronstrue";
import "cronstrue/locales/zh_CN";

const DAYS = { zh: ["日", "一", "二", "三", "四", "五", "六"], en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] };
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A cron expression as people say it: usual ones by the words of the language, others by a library; one that is none
 * stands as it is written. */
export function cronWords(cron: string, locale: string): string {
  const chinese = locale.startsWith("zh");
  const usual = usualWords(cron, chinese);
  if (usual === null && /\//.test(cron)) return cron; // the library says of steps what holds for even ones only
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
  const minutes = listOf(minute, 0, 59);
  const times = listOf(hour, 0, 23);
  if (minutes === null || times === null) return null;
  const pace = evenStep(minute, 60);
  if (always && times.length === 24 && pace !== null) return chinese ? `每${pace > 1 ? ` ${pace} ` : ""}分钟` : `every ${pace > 1 ? `${pace} minutes` : "minute"}`;
  const hours = evenStep(hour, 24);
  if (always && hours !== null && minutes.length <= SAID) {
    const onTheHour = minutes.length === 1 && minutes[0] === 0;
    if (chinese) return `每${hours > 1 ? ` ${hours} ` : ""}小时${onTheHour ? "整点" : `的第 ${minutes.join("、")} 分钟`}`;
    return `every ${hours > 1 ? `${hours} hours` : "hour"}${onTheHour ? ", on the hour" : `, at ${minutes.length > 1 ? "minutes" : "minute"} ${joined(minutes.map(String))}`}`;
  }
  if (times.length * minutes.length > SAID) return null;
  const two = (each: number) => String(each).padStart(2, "0");
  const clock = times.flatMap((each) => minutes.map((past) => `${two(each)}:${two(past)}`));
  const when = daysOf(day, month, weekday, chinese);
  if (when === null) return null;
  return chinese ? `${when} ${clock.join("、")}` : `${when} at ${joined(clock)}`;
}

function daysOf(day: string, month: string, weekday: string, chinese: boolean): string | null {
  if (day === "*" && month === "*") {
    if (weekday === "*") return chinese ? "每天" : "every day";
    const days = weekdaysOf(weekday);
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

/** Days of the week, in the order they are written in; 7 is Sunday, too. */
function weekdaysOf(part: string): number[] | null {
  const found = part.split(",").map((piece) => listOf(piece, 0, piece.startsWith("*") ? 6 : 7));
  return found.includes(null) ? null : [...new Set(found.flatMap((each) => each!.map((day) => day % 7)))];
}

/** So many times, minutes or days are said one by one. */
const SAID = 24;

/** How far apart the times of a part are, where that is always the same, from the last of a round to the first of the
 * next one, too: `*` and the steps that go into the whole. A step that does not begins anew with each round. */
function evenStep(part: string, whole: number): number | null {
  const step = part === "*" ? 1 : Number(/^\*\/(\d+)$/.exec(part)?.[1] ?? 0);
  return step > 0 && step < whole && whole % step === 0 ? step : null;
}

/** The numbers of a part that lists numbers, stretches and steps; null for anything else. */
function listOf(part: string, least: number, most: number): number[] | null {
  const found = new Set<number>();
  for (const piece of part.split(",")) {
    const stretch = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(piece);
    if (!stretch || (stretch[1] !== undefined && stretch[2] === undefined && stretch[3] !== undefined)) return null;
    const from = Number(stretch[1] ?? least);
    const to = Number(stretch[2] ?? stretch[1] ?? most);
    const step = Number(stretch[3] ?? 1);
    if (from < least || to > most || from > to || step === 0) return null;
    for (let each = from; each <= to; each += step) found.add(each);
  }
  return [...found].sort((one, other) => one - other);
}

const joined = (words: string[]): string => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}` : words[0]!);
