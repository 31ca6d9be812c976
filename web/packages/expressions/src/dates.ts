import { strict } from "./blanks";
import { addMonths, Clock, clockParts, Day, dayOf, daysIn, Instant, LAST_DAY, partsOf, SECOND, within } from "./calendar";
import { Exact, integer, number, whole } from "./exact";
import type { Moment } from "./values";
import { instantOf, wall } from "./zone";

type Numeric = Exact | number;
type Dated = Day | Instant;

const SPANS: Record<string, [string, number]> = { weeks: ["days", 7], quarters: ["months", 3], years: ["months", 12], minutes: ["seconds", 60], hours: ["seconds", 3600] };
const count = (value: Numeric): number => integer(number(value));
export const today = (m: Pick<Moment, "zone">, value: Dated): Day => (value instanceof Instant ? wall(value, m.zone)[0] : value);
export const clockOf = (m: Pick<Moment, "zone">, value: Instant | Clock): Clock => (value instanceof Instant ? wall(value, m.zone)[1] : value);
const weekdayOf = (day: Day): number => ((((day.count + 3) % 7) + 7) % 7) + 1;

function dateAdd(m: Moment, value: Dated, times: Numeric, unit: string): Dated | null {
  const [base, factor] = SPANS[unit] ?? [unit, 1];
  const amount = count(times) * factor;
  if (base === "seconds") {
    if (!(value instanceof Instant)) return within(value.count + Math.floor(amount / 86400));
    const moved = new Instant(value.micros + BigInt(amount) * SECOND);
    return within(Number(moved.micros / 86_400_000_000n)) && moved;
  }
  const step = (day: Day): Day | null => (base === "months" ? addMonths(day, amount) : within(day.count + amount));
  if (!(value instanceof Instant)) return step(value);
  const [day, clock] = wall(value, m.zone);
  const moved = step(day);
  return moved && instantOf(moved, clock, m.zone);
}

function monthsBetween(start: Day, end: Day): number {
  if (end.count < start.count) return -monthsBetween(end, start);
  const first = partsOf(start);
  const last = partsOf(end);
  return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day ? 1 : 0);
}

function difference(m: Moment, start: Dated, end: Dated, unit: string): Exact {
  const [base, factor] = SPANS[unit] ?? [unit, 1];
  if (base === "seconds" && start instanceof Instant && end instanceof Instant) {
    const seconds = Number((end.micros - start.micros) / SECOND);
    return whole(Math.trunc(seconds / factor));
  }
  const first = today(m, start);
  const last = today(m, end);
  const amount = base === "months" ? monthsBetween(first, last) : base === "seconds" ? (last.count - first.count) * 86400 : last.count - first.count;
  return whole(Math.trunc(amount / factor));
}

function startOf(m: Moment, value: Dated, unit: string): Day {
  const day = today(m, value);
  const { year, month } = partsOf(day);
  switch (unit) {
    case "weeks":
      return within(day.count - (weekdayOf(day) - 1)) ?? new Day(-719162);
    case "months":
      return dayOf(year, month, 1)!;
    case "quarters":
      return dayOf(year, Math.floor((month - 1) / 3) * 3 + 1, 1)!;
    case "years":
      return dayOf(year, 1, 1)!;
    default:
      return day;
  }
}

function endOf(m: Moment, value: Dated, unit: string): Day {
  const next = dateAdd(m, startOf(m, value, unit), 1, unit) as Day | null;
  return next ? new Day(next.count - 1) : LAST_DAY;
}

function isoWeek(day: Day): number {
  const thursday = new Day(day.count - weekdayOf(day) + 4);
  const first = dayOf(Math.max(1, partsOf(thursday).year), 1, 1)!;
  return Math.floor((thursday.count - first.count) / 7) + 1;
}

function weekday(m: Moment, value: Dated, kind: Numeric = 1): Exact | null {
  const number_ = weekdayOf(today(m, value));
  const sort = count(kind);
  return sort === 1 ? whole((number_ % 7) + 1) : sort === 2 ? whole(number_) : sort === 3 ? whole(number_ - 1) : null;
}

function anniversary(day: Day, now: Day): Day | null {
  const years = partsOf(now).year - partsOf(day).year;
  const here = addMonths(day, years * 12);
  return here && here.count >= now.count ? here : addMonths(day, (years + 1) * 12);
}

function parse(text: string): Day | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text.trim());
  return found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

const part = (name: "year" | "month" | "day") => strict((m: Moment, value: Dated) => whole(partsOf(today(m, value))[name]));
const clockPart = (name: "hour" | "minute" | "second") => strict((m: Moment, value: Instant | Clock) => whole(clockParts(clockOf(m, value))[name]));

export const dates = {
  DATE: strict((year: Numeric, month: Numeric, day: Numeric) => dayOf(count(year), count(month), count(day))),
  TIME: strict((hour: Numeric, minute: Numeric, second: Numeric = 0) => {
    const [h, m, s] = [count(hour), count(minute), count(second)];
    return h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 ? null : new Clock(((h * 60 + m) * 60 + s) * 1e6);
  }),
  YEAR: part("year"),
  MONTH: part("month"),
  DAY: part("day"),
  HOUR: clockPart("hour"),
  MINUTE: clockPart("minute"),
  SECOND: clockPart("second"),
  TODATE: strict(today),
  WEEKDAY: strict(weekday),
  ISOWEEK: strict((m: Moment, value: Dated) => whole(isoWeek(today(m, value)))),
  QUARTER: strict((m: Moment, value: Dated) => whole(Math.floor((partsOf(today(m, value)).month + 2) / 3))),
  DATEADD: strict(dateAdd),
  EOMONTH: strict((day: Day, months: Numeric = 0) => {
    const { year, month } = partsOf(day);
    const moved = addMonths(dayOf(year, month, 1)!, count(months));
    if (!moved) return null;
    const parts = partsOf(moved);
    return dayOf(parts.year, parts.month, daysIn(parts.year, parts.month));
  }),
  STARTOF: strict(startOf),
  ENDOF: strict(endOf),
  DATEDIF: strict(difference),
  DAYS: strict((m: Moment, end: Dated, start: Dated) => whole(today(m, end).count - today(m, start).count)),
  NEXTANNIVERSARY: strict(anniversary),
  DAYSTART: strict((m: Moment, day: Day) => instantOf(day, new Clock(0), m.zone)),
  DATEVALUE: strict(parse),
};
