/** Names of colours that definitions may use; dark text on a pale ground, so that both languages stay readable. */
const PALETTE: Record<string, [string, string, string]> = {
  grey: ["#4b5563", "#eef0f3", "#8b93a1"],
  blue: ["#1d4fd7", "#e7eefd", "#3b6ff0"],
  cyan: ["#0b6b82", "#def3f8", "#17a2c0"],
  teal: ["#0f6b62", "#dcf4f0", "#14a394"],
  green: ["#14683f", "#e0f5e9", "#22a565"],
  lime: ["#4d6a0c", "#eff7d6", "#86b116"],
  yellow: ["#7c5c00", "#fdf3cf", "#d9a400"],
  orange: ["#974a05", "#fdecdc", "#ec7c1b"],
  red: ["#b42318", "#fde8e6", "#e0453a"],
  pink: ["#a8205f", "#fce7f1", "#e0529a"],
  purple: ["#6b32b8", "#f1e9fc", "#8f58dd"],
  indigo: ["#4338ca", "#e9e8fd", "#6a62e8"],
};

const ALIASES: Record<string, string> = { gray: "grey", default: "grey", gold: "yellow", volcano: "orange", magenta: "pink", violet: "purple", geekblue: "indigo" };

export interface Shades {
  text: string;
  ground: string;
  solid: string;
}

export function shades(name: string | undefined): Shades {
  const [text, ground, solid] = PALETTE[ALIASES[name ?? ""] ?? name ?? ""] ?? PALETTE["grey"]!;
  return { text, ground, solid };
}

/** Series of a chart, in the order used; told apart by people who see colours differently. */
export const SERIES = ["#3b6ff0", "#17a2c0", "#ec7c1b", "#8f58dd", "#22a565", "#d9a400", "#e0529a", "#6d7583"];

/** A colour that stays with a name. */
export function colorOf(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  const names = ["blue", "teal", "purple", "orange", "pink", "cyan", "indigo", "green"];
  return names[sum % names.length]!;
}
