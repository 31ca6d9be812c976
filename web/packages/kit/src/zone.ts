import dayjs, { type Dayjs } from "dayjs";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Since 1973 clocks are changed on a quarter of an hour, wherever they are. */
const QUARTER = 15 * MINUTE;
const EVEN = Date.UTC(1973, 0, 1);
/** A reading without a zone, to the millisecond. */
const READING = "YYYY-MM-DDTHH:mm:ss.SSS";

let zone: string | undefined;
let clocks: Intl.DateTimeFormat | undefined;
/** By how many milliseconds the clocks of the zone are ahead in the quarters that were asked for: to ask the browser
 * takes a hundred times as long as to remember. */
const ahead = new Map<number, number>();

/** The application's zone: everyone sees the times that its formulas and papers mean. */
export function setZone(name: string | undefined): void {
  if (name === zone) return;
  zone = name;
  ahead.clear();
  clocks = name ? new Intl.DateTimeFormat("en-US", { timeZone: name, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }) : undefined;
}

/** What the browser says of the clocks of the zone at an instant. */
function asked(at: number, format: Intl.DateTimeFormat): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  const number = (part: string) => Number(parts[part]);
  const year = parts["era"] === "BC" ? 1 - number("year") : number("year");
  const local = new Date(0);
  local.setUTCFullYear(year, number("month") - 1, number("day"));
  local.setUTCHours(number("hour"), number("minute"), number("second"));
  return local.getTime() - Math.floor(at / 1000) * 1000;
}

function aheadAt(at: number): number {
  if (!clocks) return -new Date(at).getTimezoneOffset() * MINUTE;
  if (!(at >= EVEN)) return Number.isNaN(at) ? 0 : asked(at, clocks);
  const quarter = Math.floor(at / QUARTER);
  let found = ahead.get(quarter);
  if (found === undefined) ahead.set(quarter, (found = asked(quarter * QUARTER, clocks)));
  return found;
}

/** What the clocks of the zone show at an instant: a reading, to be put into words and counted with. The instant itself
 * it does not know. */
export function inZone(value?: string | number | Date): Dayjs {
  const at = dayjs(value).valueOf();
  return dayjs.utc(at + aheadAt(at));
}

/** The instant of a wall clock reading `YYYY-MM-DDTHH:mm` in the zone; of two the later counts, and one that the clocks
 * leave out is read by those before it. */
export function instantOf(wall: string): string {
  const local = dayjs.utc(wall).valueOf();
  const around = [aheadAt(local - DAY), aheadAt(local + DAY)];
  const fits = around.filter((each) => aheadAt(local - each) === each);
  return new Date(local - Math.min(...(fits.length > 0 ? fits : around))).toISOString();
}

/** A reading as calendars hold it that know no zone but the browser's. */
export const readingOf = (value: string): Dayjs => dayjs(inZone(value).format(READING));
/** The instant of what such a calendar gave. */
export const givenAt = (reading: Dayjs): string => instantOf(reading.format(READING));
