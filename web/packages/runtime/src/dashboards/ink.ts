/** Words that can be read on a ground. */
export function inkOn(ground: string | undefined): string | undefined {
  const found = ground && /^#(..)(..)(..)$/.exec(ground);
  if (!found) return undefined;
  const [red, green, blue] = found.slice(1).map((part) => parseInt(part, 16)) as [number, number, number];
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140 ? "#fff" : "#1c2230";
}
