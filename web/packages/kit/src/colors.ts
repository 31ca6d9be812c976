/** Names of colours that definitions may use. What each looks like by day and by night stands in `tokens.css`. */
const NAMES: ReadonlySet<string> = new Set(["grey", "blue", "cyan", "teal", "green", "lime", "yellow", "orange", "red", "pink", "purple", "indigo"]);

const ALIASES: Record<string, string> = { gray: "grey", default: "grey", gold: "yellow", volcano: "orange", magenta: "pink", violet: "purple", geekblue: "indigo" };

/** The colours by the names under which they are offered. */
export const COLORS: readonly string[] = ["blue", "indigo", "purple", "pink", "red", "orange", "yellow", "lime", "green", "teal", "cyan", "gray"];

/** The colour that a name of another palette stands for. */
export const sameColor = (name: string): string => ALIASES[name] ?? name;

export interface Shades {
  text: string;
  ground: string;
  solid: string;
}

/** Words, the ground beneath them and a strong mark in one colour; readable in both themes. */
export function shades(name: string | undefined): Shades {
  const known = sameColor(name ?? "");
  const color = NAMES.has(known) ? known : "grey";
  return { text: `var(--${color}-text)`, ground: `var(--${color}-ground)`, solid: `var(--${color}-solid)` };
}

/** A colour that stays with a name. */
export function colorOf(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  const names = ["blue", "teal", "purple", "orange", "pink", "cyan", "indigo", "green"];
  return names[sum % names.length]!;
}
