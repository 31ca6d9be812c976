import type { Waiting } from "./queue";

/** What somebody asked to be sent at once: one by its key, or all; nothing: whatever is due. */
export type Wish = { only?: string } | undefined;

const LONGEST = 3_600_000;

/** How long what the server failed at is left alone: a minute at first, twice as long each time, at most an hour. */
const pauseAfter = (times: number): number => Math.min(60_000 * 2 ** (times - 1), LONGEST);

/** Whether the pause is over. One that ends later than any pause can was counted by another clock: the device's was put
 * back since. */
const isOver = (again: string, now: Date): boolean => {
  const left = Date.parse(again) - now.getTime();
  return left <= 0 || left > LONGEST;
};

/** Whether its turn is now. */
export const isDue = (entry: Waiting, wish: Wish, now: Date): boolean =>
  entry.state === "waiting" && (wish ? wish.only === undefined || wish.only === entry.key : !entry.failed || isOver(entry.failed.again, now));

/** The same, after the server failed at it once more. */
export function failedAt(entry: Waiting, detail: string, now: Date): Waiting {
  const times = (entry.failed?.times ?? 0) + 1;
  return { ...entry, failed: { detail, times, again: new Date(now.getTime() + pauseAfter(times)).toISOString() } };
}
