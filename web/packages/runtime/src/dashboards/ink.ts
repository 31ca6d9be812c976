/** The ground of a cell that shows how much, and words that can be read on it. By night little is dark and much is light. */
export function heated(ground: string, dark: boolean): { background: string; color: string } {
  const shown = dark ? turned(ground) : ground;
  const [red, green, blue] = parts(shown);
  return { background: shown, color: 0.299 * red + 0.587 * green + 0.114 * blue < 140 ? "#ffffff" : "#1c2230" };
}

const parts = (color: string): [number, number, number] => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as [number, number, number];

/** A colour with its lightness turned round: what was pale is dark, what was strong is bright. */
function turned(color: string): string {
  const [red, green, blue] = parts(color);
  const move = 255 * 1.08 - Math.max(red, green, blue) - Math.min(red, green, blue);
  return `#${[red, green, blue].map((part) => Math.round(Math.min(255, Math.max(0, part + move))).toString(16).padStart(2, "0")).join("")}`;
}
