/** A day, counted from 1970-01-01. */
export class Day {
  constructor(readonly count: number) {}
  toString(): string {
    return isoDay(this);
  }
}

/** An instant, in microseconds from 1970-01-01 UTC. */
export class Instant {
  constructor(readonly micros: bigint) {}
}

/** A time of the day, in microseconds. */
export class Clock {
  constructor(readonly micros: number) {}
}

export interface Parts {
  year: number;
  month: number;
  day: number;
}

const MINIMUM = -719162;
const MAXIMUM = 2932896;
export const LAST_DAY = new Day(MAXIMUM);
export const SECOND = 1_000_000n;
export const DAY = 86_400n * SECOND;

export const within = (count: number): Day | null => (count >= MINIMUM && count <= MAXIMUM ? new Day(count) : null);

/** Days from 1970 of a date of the Gregorian calendar. */
export function countOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export function partsOf({ count }: Day): Parts {
  const z = count + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

export const daysIn = (year: number, month: number): number => (month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

export function dayOf(year: number, month: number, day: number): Day | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return new Day(countOf(year, month, day));
}

export function addMonths(day: Day, months: number): Day | null {
  const parts = partsOf(day);
  const all = parts.year * 12 + parts.month - 1 + months;
  const year = Math.floor(all / 12);
  const month = (((all % 12) + 12) % 12) + 1;
  return year < 1 || year > 9999 ? null : dayOf(year, month, Math.min(parts.day, daysIn(year, month)));
}

const two = (value: number): string => String(value).padStart(2, "0");

export function isoDay(day: Day): string {
  const { year, month, day: date } = partsOf(day);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}

/** Hours, minutes, seconds and microseconds of a time of the day. */
export function clockParts({ micros }: Clock): { hour: number; minute: number; second: number; micro: number } {
  const seconds = Math.floor(micros / 1e6);
  return { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60, micro: micros % 1e6 };
}

export function isoClock(clock: Clock): string {
  const { hour, minute, second, micro } = clockParts(clock);
  return `${two(hour)}:${two(minute)}:${two(second)}${micro ? `.${String(micro).padStart(6, "0")}` : ""}`;
}

/** Floor division of big numbers. */
export function cut(micros: bigint, span: bigint): [bigint, bigint] {
  const rest = ((micros % span) + span) % span;
  return [(micros - rest) / span, rest];
}

/** A wall clock reading kept as if it were UTC, as day and time. */
export function split(micros: bigint): [Day, Clock] {
  const [days, rest] = cut(micros, DAY);
  return [new Day(Number(days)), new Clock(Number(rest))];
}

/** An instant as text, fixed width. */
export function instantText({ micros }: Instant): string {
  const [day, clock] = split(micros);
  const { hour, minute, second, micro } = clockParts(clock);
  return `${isoDay(day)}T${two(hour)}:${two(minute)}:${two(second)}.${String(micro).padStart(6, "0")}Z`;
}

/** The same without an empty fraction. */
export const isoInstant = (instant: Instant): string => instantText(instant).replace(".000000Z", "Z");

export function readDay(text: string): Day {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return new Day(countOf(year, month, day));
}

export function readClock(text: string): Clock {
  const [hour = "0", minute = "0", rest = "0"] = text.split(":");
  const [second = "0", part = ""] = rest.split(".");
  return new Clock(((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1e6 + Number(part.padEnd(6, "0").slice(0, 6)));
}

export function readInstant(text: string): Instant {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(text.trim());
  if (!found) throw new RangeError(`not an instant: ${text}`);
  const [, day = "", clock = "", zone = "Z"] = found;
  const offset = zone === "Z" ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return new Instant(BigInt(readDay(day).count) * DAY + BigInt(readClock(clock).micros) - BigInt(offset) * 60n * SECOND);
}
