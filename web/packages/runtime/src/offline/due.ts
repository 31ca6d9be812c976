import type { Waiting } from "./queue";

/** What somebody asked to be sent at once: one by its key, or all; nothing: whatever is due. */
export type Wish = { only?: string } | undefined;

/** How long what the server failed at is left alone: a minute at first, twice as long each time, at most an hour. */
const pauseAfter = (times: number): number => 60_000 * Math.min(2 ** (times - 1), 60);

/** Whether its turn is now. */
export const isDue = (entry: Waiting, wish: Wish, now: Date): boolean =>
  entry.state === "waiting" && (wish ? wish.only === undefined || wish.only === entry.key : !entry.failed || entry.failed.again <= now.toISOString());

/** The same, after the server failed at it once more. */
export function failedAt(entry: Waiting, detail: string, now: Date): Waiting {
  const times = (entry.failed?.times ?? 0) + 1;
  return { ...entry, failed: { detail, times, again: new Date(now.getTime() + pauseAfter(times)).toISOString() } };
}
