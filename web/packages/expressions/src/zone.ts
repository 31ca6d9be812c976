import { cut, DAY, SECOND, type Clock, type Day, Instant, split } from "./calendar";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
    formats.set(zone, format);
  }
  return format;
}

/** Microseconds by which the clocks of a zone are ahead of UTC at an instant. */
export function offsetAt(micros: bigint, zone: string): bigint {
  if (zone === "UTC") return 0n;
  const [seconds] = cut(micros, SECOND);
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(new Date(Number(seconds) * 1000))) parts[type] = value;
  const year = parts["era"] === "BC" ? 1 - Number(parts["year"]) : Number(parts["year"]);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts["month"]) - 1, Number(parts["day"]));
  local.setUTCHours(Number(parts["hour"]), Number(parts["minute"]), Number(parts["second"]));
  return (BigInt(local.getTime() / 1000) - seconds) * SECOND;
}

/** What the clocks of a zone show at an instant. */
export const wall = ({ micros }: Instant, zone: string): [Day, Clock] => split(micros + offsetAt(micros, zone));

/** The instant of a wall clock reading; of two offsets the smaller counts. */
export function instantOf(day: Day, clock: Clock, zone: string): Instant {
  const local = BigInt(day.count) * DAY + BigInt(clock.micros);
  const before = offsetAt(local - DAY, zone);
  const after = offsetAt(local + DAY, zone);
  const fits = [before, after].filter((offset) => offsetAt(local - offset, zone) === offset);
  const offsets = fits.length > 0 ? fits : [before, after];
  return new Instant(local - offsets.reduce((least, each) => (each < least ? each : least)));
}
