export const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86400 };

export const plainest = (text: string): string => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);

const PART = /(\d+(?:\.\d+)?)\s*(d|天|日|h|小时|时|m|分钟|分|s|秒)[a-z]*/gi;
const OF: Record<string, number> = { d: 86400, 天: 86400, 日: 86400, h: 3600, 小: 3600, 时: 3600, m: 60, 分: 60, s: 1, 秒: 1 };

/** What was typed, counted in a unit; null while it cannot be understood. */
export function counted(text: string, unit: string): string | null {
  const clock = /^\s*(\d{1,5}):([0-5]\d)(?::([0-5]\d))?\s*$/.exec(text);
  let seconds: number | null = clock ? Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0) : null;
  if (seconds === null && /^\s*-?\d+(\.\d+)?\s*$/.test(text)) return text.trim();
  if (seconds === null && text.replace(PART, "").replace(/[\s,，和]/g, "") === "") seconds = [...text.matchAll(PART)].reduce((sum, found) => sum + Number(found[1]) * OF[found[2]![0]!.toLowerCase()]!, 0);
  if (seconds === null || text.trim() === "") return null;
  return plainest((seconds / SECONDS[unit]!).toFixed(6));
}
