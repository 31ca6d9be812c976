import { instantOf, inZone } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import dayjs, { type Dayjs } from "dayjs";

/** What the clock on the wall shows, in minutes from 1970: hours of a calendar are counted by it, whatever the clocks of
 * the zone do in between. */
export type Wall = number;

export const DAY = 1440;
/** A calendar is drawn and dragged over in quarters of an hour. */
export const STEP = 15;
/** So long something without an end is drawn. */
export const USUAL = 60;

const UNIT = 60_000;
const LONG = "YYYY-MM-DDTHH:mm:ss";

/** A reading `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm`. */
export const read = (text: string): Wall => Date.parse(`${text.length > 10 ? text : `${text}T00:00`}Z`) / UNIT;
/** A reading with its seconds. */
export const written = (wall: Wall): string => new Date(Math.round(wall * UNIT)).toISOString().slice(0, 19);
export const dayText = (wall: Wall): string => written(wall).slice(0, 10);
export const clockText = (wall: Wall): string => written(wall).slice(11, 16);
export const startOf = (wall: Wall): Wall => Math.floor(wall / DAY) * DAY;
export const snapped = (wall: Wall, step = STEP): Wall => Math.round(wall / step) * step;
/** The day of a reading, to be put into words. */
export const dayAt = (wall: Wall): Dayjs => dayjs(dayText(wall));
export const wallOfDay = (day: Dayjs): Wall => read(day.format("YYYY-MM-DD"));
export const wallNow = (now: Date): Wall => read(inZone(now).format(LONG));

/** What a field holds as a reading; a date has none but its day. */
export const wallOf = (field: Field, value: unknown): Wall | null => (value ? read(field.type === "datetime" ? inZone(String(value)).format(LONG) : String(value).slice(0, 10)) : null);

/** What is written into a field for a reading. A date stays a date. */
export const valueAt = (field: Field, wall: Wall): string => (field.type === "datetime" ? instantOf(written(wall)) : dayText(wall));

/** The first day of the week, Monday. */
export const weekOf = (wall: Wall): Wall => startOf(wall) - ((dayAt(wall).day() + 6) % 7) * DAY;

interface Lasting {
  from: Wall;
  to: Wall;
}

export interface Placed<Thing> {
  thing: Thing;
  /** Which of how many columns, where several things go on at once. */
  column: number;
  columns: number;
}

/** Things that go on at once stand side by side: each in the first column that is free, all of a crowd as wide as another. */
export function sideBySide<Thing extends Lasting>(things: readonly Thing[]): Placed<Thing>[] {
  const placed: Placed<Thing>[] = [];
  let crowd: Placed<Thing>[] = [];
  let ends: Wall[] = [];
  const close = () => {
    for (const each of crowd) each.columns = ends.length;
    crowd = [];
    ends = [];
  };
  for (const thing of [...things].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (ends.length > 0 && ends.every((end) => end <= thing.from)) close();
    const free = ends.findIndex((end) => end <= thing.from);
    const column = free < 0 ? ends.length : free;
    ends[column] = thing.to;
    const each = { thing, column, columns: 1 };
    crowd.push(each);
    placed.push(each);
  }
  close();
  return placed;
}

/** How many whole lines of words fit into so many minutes: 44 px an hour, 18 px a line (`calendar.css`). */
export const linesIn = (minutes: number): number => Math.max(1, Math.floor(((minutes / 60) * 44 - 4) / 18));
