import dayjs, { type Dayjs } from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);
dayjs.extend(timezone);

let zone: string | undefined;

/** The application's zone: everyone sees the times that its formulas and papers mean. */
export function setZone(name: string | undefined): void {
  zone = name;
}

export const inZone = (value?: string | number | Date): Dayjs => (zone ? dayjs(value).tz(zone) : dayjs(value));

/** The instant of a wall clock reading `YYYY-MM-DDTHH:mm` in the zone. */
export const instantOf = (wall: string): string => (zone ? dayjs.tz(wall, zone) : dayjs(wall)).toISOString();
