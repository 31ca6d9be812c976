import { shift } from "@lowcode/kit/format";

/** Numbers, days and times of day as people write them in sheets. The server reads files the same way
 * (`forms/operations/spoken.py`), and one corpus holds both: `tests/conformance/forms/spoken.json`. */

/** A text that means two things, as they would be written plainly. */
export interface Unclear {
  either: [string, string];
}

export type Said = string | Unclear | undefined;

/** Yes and no, and the marks for them. */
const ANSWERS = new Map<string, boolean>([
  ...["是", "√", "✓", "yes", "y", "true", "1", "x"].map((each) => [each, true] as const),
  ...["否", "×", "no", "n", "false", "0", "-"].map((each) => [each, false] as const),
]);

export const answerIn = (text: string): boolean | undefined => ANSWERS.get(text.trim().toLowerCase());

/** Powers of ten that have a sign of their own. */
const TENS: Record<string, number> = { "%": -2, 百: 2, 千: 3, 万: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8, 十亿: 9, 百亿: 10, 千亿: 11, 万亿: 12 };
const SIGNS: Record<string, string> = { "−": "-", 萬: "万", 億: "亿", 圆: "元" };
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));
const MONEY = /\s|人民币|(?:HK|US|NT|RMB|CN)?[¥$€£]|元[整正]?(?=\)?$)|RMB/g;
const CODE = /(?<![\dA-Z])[A-Z]{3}(?![A-Z])|[A-Z]{3}(?=\)?$)/g;
const NUMBER = new RegExp(`^(\\()?([-+]?)(\\d*\\.?\\d+|\\d+\\.)(${Object.keys(TENS).sort((one, other) => other.length - one.length).join("|")})?(\\))?$`);
/** Commas stand before three digits each, and before the point: whoever means something else is asked, not guessed at. */
const GROUPED = /^[^\d,.]*[1-9]\d{0,2}(,\d{3})+(?![\d,])[^,]*$/;
/** No thousands begin with nothing: the comma is the point. */
const FRACTION = /^[^\d,]*0/;
/** Characters; whatever is longer is no number, day or time. */
const LONGEST = 40;

/** A number: signs of currencies, commas, full-width digits, 万 and 亿, parentheses for what is below nothing. */
export function numberIn(text: string): Said {
  if (text.length > LONGEST) return undefined;
  const plain = text.normalize("NFKC").replace(/[−萬億圆]/g, (sign) => SIGNS[sign]!);
  const bare = plain.replace(MONEY, "").replace(CODE, (code) => (CURRENCIES.has(code) ? "" : code));
  if (!bare.includes(",") || GROUPED.test(bare)) return sized(bare.replaceAll(",", ""));
  if (bare.split(",").length > 2 || bare.includes(".")) return undefined;
  const [point, whole] = [sized(bare.replace(",", ".")), sized(bare.replace(",", ""))];
  if (FRACTION.test(bare)) return point;
  return point !== undefined && whole !== undefined ? { either: [point, whole] } : undefined;
}

function sized(plain: string): string | undefined {
  const found = NUMBER.exec(plain);
  if (!found || (found[1] === undefined) !== (found[5] === undefined)) return undefined;
  const size = found[3]!.replace(/\.$/, "");
  return (found[1] || found[2] === "-" ? "-" : "") + (found[4] ? shift(size, TENS[found[4]]!) : size);
}

const NUMERALS: Record<string, number> = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const WEEKDAY = /\(?(?:(?:星期|周|週|礼拜)([一二三四五六日天])|(?<![a-z])(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?(?![a-z])\.?,?)\)?/i;
/** Days of the week from Sunday on, as `getUTCDay` counts them. */
const WEEKDAYS: Record<string, number> = { 日: 0, 天: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Parts of a day: the hours in them, first and last. */
const HALVES: Record<string, [number, number]> = { 上午: [0, 11], am: [0, 11], 凌晨: [0, 6], 清晨: [4, 11], 早上: [4, 11], 早晨: [4, 11], 中午: [11, 14], 下午: [12, 23], pm: [12, 23], 傍晚: [16, 20], 晚上: [17, 23] };
const CLOCK = new RegExp(`^(${Object.keys(HALVES).join("|")})?\\s*(\\d{1,2})(?::(\\d\\d)(?::([0-5]\\d))?|\\s*([点时])\\s*(?:(半)|([13])刻|整|(\\d{1,2})\\s*分?(?:\\s*(\\d{1,2})\\s*秒)?)?)?\\s*(?:([ap])\\.?m\\.?)?$`, "i");

/** A time of day: 14:30, 2:30 PM, 下午3点, 上午九点半. An hour of a clock face alone (3点) may be two. */
export const clockIn = (text: string): Said => (text.length > LONGEST ? undefined : clock(numerals(text.normalize("NFKC").trim())));

const numerals = (text: string): string => text.replace(/[〇零一二两三四五六七八九十]+(?=[年月日号点时分秒刻]|$)/g, digits);

/** 三十一 as 31, 二〇二六 as 2026. */
function digits(numeral: string): string {
  const ten = numeral.indexOf("十");
  if (ten < 0) return [...numeral].map((each) => NUMERALS[each]).join("");
  const [head, tail] = [numeral.slice(0, ten), numeral.slice(ten + 1)];
  if (head.length > 1 || tail.length > 1 || tail === "十") return numeral;
  return String((head ? NUMERALS[head]! : 1) * 10 + (tail ? NUMERALS[tail]! : 0));
}

const two = (value: number): string => String(value).padStart(2, "0");

function clock(text: string): Said {
  const found = CLOCK.exec(text);
  if (!found || (found[3] === undefined && found[5] === undefined && found[10] === undefined)) return undefined;
  const half = (found[1] ?? (found[10] ? `${found[10]}m` : "")).toLowerCase();
  const minute = found[6] ? 30 : found[7] ? Number(found[7]) * 15 : Number(found[3] ?? found[8] ?? 0);
  const second = Number(found[4] ?? found[9] ?? 0);
  const hour = Number(found[2]);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const meant = !half && (found[3] !== undefined || found[2]!.startsWith("0") || found[5] === "时") ? [hour] : hoursOf(hour);
  const [low, high] = HALVES[half] ?? [0, 23];
  const [said, other] = meant.filter((each) => low <= each && each <= high).map((each) => `${two(each)}:${two(minute)}${second ? `:${two(second)}` : ""}`);
  return said !== undefined && other !== undefined ? { either: [said, other] } : said;
}

/** What the hour of a clock face may be. */
const hoursOf = (hour: number): number[] => (hour === 12 ? [12, 0] : hour > 0 && hour < 12 ? [hour, hour + 12] : [hour]);

type Days = (found: RegExpExecArray, today: string) => (Date | undefined)[];

function dayOf(year: number | string, month: number | string, day: number | string): Date | undefined {
  const made = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const same = made.getUTCFullYear() === Number(year) && made.getUTCMonth() === Number(month) - 1 && made.getUTCDate() === Number(day);
  return same ? made : undefined;
}

const written = (day: Date): string => day.toISOString().slice(0, 10);

/** Without a year: the last such day, and the next. */
function withoutYear(month: string, day: string, today: string): Date[] {
  const known = [-1, 0, 1].flatMap((off) => dayOf(Number(today.slice(0, 4)) + off, month, day) ?? []);
  return [...known.filter((each) => written(each) <= today).slice(-1), ...known.filter((each) => written(each) > today).slice(0, 1)];
}

const WAYS: [RegExp, Days][] = [
  [/^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(\s*[日号])?|(\d\d)(\d\d))/, ([, year, month, day, , inner, last]) => (Number(year) < 1000 ? [] : [dayOf(year!, month ?? inner!, day ?? last!)])],
  [/^(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?/, ([, month, day], today) => withoutYear(month!, day!, today)],
  // The day may stand first or second.
  [/^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})/, ([, one, , other, year]) => [dayOf(year!, other!, one!), dayOf(year!, one!, other!)]],
  [new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?[\\s-]+${MONTH},?[\\s-]+(\\d{4})`, "i"), ([, day, month, year]) => [dayOf(year!, monthOf(month!), day!)]],
  [new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,\\s*|\\s+)(\\d{4})`, "i"), ([, month, day, year]) => [dayOf(year!, monthOf(month!), day!)]],
];

/** A day and the time at it, if there is one: 2026-3-5, 20260305, 2026年3月5日星期四 14:30, 三月五日, 5 Mar 2026. */
export function momentIn(text: string, today: string): { day: string | Unclear; time?: string | Unclear } | undefined {
  if (text.length > LONGEST) return undefined;
  const whole = text.normalize("NFKC").trim();
  const named = WEEKDAY.exec(whole);
  const plain = numerals(named ? whole.replace(WEEKDAY, " ").trim() : whole);
  for (const [pattern, days] of WAYS) {
    const found = pattern.exec(plain);
    if (!found) continue;
    const behind = plain.slice(found[0].length);
    if (/^\d/.test(behind) && !/[日号]$/.test(found[0])) return undefined;
    const day = decided(days(found, today).flatMap((each) => each ?? []), named ? WEEKDAYS[(named[1] ?? named[2])!.toLowerCase()] : undefined);
    const rest = behind.trim().replace(/^T/, "").trim();
    const time = rest ? clock(rest) : undefined;
    return day === undefined || (rest && time === undefined) ? undefined : { day, ...(time !== undefined && { time }) };
  }
  return undefined;
}

/** The day that is meant: the weekday that is said with it chooses, and must fit. */
function decided(known: Date[], weekday: number | undefined): string | Unclear | undefined {
  const [first] = known;
  if (first === undefined) return undefined;
  let meant = known;
  if (weekday !== undefined) {
    meant = known.filter((each) => each.getUTCDay() === weekday);
    const off = ((weekday - first.getUTCDay() + 10) % 7) - 3;
    if (meant.length === 0) meant = [first, new Date(first.getTime() + off * 86_400_000)];
  }
  const [said, other] = [...new Set(meant.map(written))];
  return other === undefined ? said : { either: [said!, other] };
}
