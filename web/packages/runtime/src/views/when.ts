import { DAY, dayAt, dayText, read, startOf, wallOfDay, weekOf, type Wall } from "./wall";

/** What a calendar shows at once. */
export const SHOWS = ["month", "week", "day"] as const;
export type Shows = (typeof SHOWS)[number];

export interface Time {
  shows: Shows;
  /** A day within what is shown. */
  at: Wall;
}

/** What an address says, as `2026-11`, `2026-11-25~week` or `~day`; somebody may have typed it. */
export function timeIn(text: string, usual: Shows, today: Wall): Time {
  const [named = "", wide = ""] = text.split("~");
  const month = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(named);
  const at = month ? read(`${named}-01`) : /^[1-9]\d{3}-\d\d-\d\d$/.test(named) && Number.isFinite(read(named)) && dayText(read(named)) === named ? read(named) : null;
  const shows = SHOWS.find((each) => each === wide) ?? (month ? "month" : at === null ? usual : "day");
  return { shows, at: at ?? today };
}

/** The same for the address. */
export function timesOf(shows: Shows, at: Wall, usual: Shows, today: Wall): string {
  const { first, last } = rangeOf(shows, at);
  const now = first <= today && today <= last;
  if (shows === "month") return now && usual === "month" ? "" : dayText(at).slice(0, 7);
  return `${now ? "" : dayText(at)}${now && shows === usual ? "" : `~${shows}`}`;
}

/** The days that are meant: those of the month, of the week, or the one. */
export function rangeOf(shows: Shows, at: Wall): { first: Wall; last: Wall } {
  if (shows === "month") return { first: wallOfDay(dayAt(at).startOf("month")), last: wallOfDay(dayAt(at).endOf("month")) };
  const first = shows === "week" ? weekOf(at) : startOf(at);
  return { first, last: shows === "week" ? first + 6 * DAY : first };
}

/** The days that are drawn: a month has those beside it that make up its weeks. */
export function daysOf(shows: Shows, at: Wall): Wall[] {
  const { first, last } = rangeOf(shows, at);
  const from = shows === "month" ? weekOf(first) : first;
  const count = shows === "month" ? 42 : (last - first) / DAY + 1;
  return Array.from({ length: count }, (_, index) => from + index * DAY);
}

/** The same a month, a week or a day earlier or later. */
export const stepped = ({ shows, at }: Time, way: 1 | -1): Wall => wallOfDay((shows === "month" ? dayAt(at).startOf("month") : dayAt(at)).add(way, shows));
