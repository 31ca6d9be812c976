/** What the colours of `reports/charts` that are no series become on a dark ground; a series keeps its colour. */
export const NIGHT: Readonly<Record<string, string>> = {
  "#1f2430": "#e6e9ef",
  "#5d6675": "#a6afbf",
  "#dfe3ea": "#3a4252",
  "#eef0f3": "#2a303d",
  "#ffffff": "#1b1f28",
  "#f6f7f9": "#222732",
  "#f1f3f7": "#262c38",
  "#c3cad6": "#4a5468",
  "#eef3fe": "#22304f",
  "#b9cdfb": "#2b4787",
  "#7fa3f6": "#3f69c9",
  "#1d3fae": "#a4c0ff",
  "#e7eefd": "#24345c",
  "#9db9f8": "#4a6cb8",
  "#f3c9c5": "#7c3d39",
  "#f2b8b3": "#7c3d39",
  "#f6dfa0": "#6b571f",
  "#a9dcc0": "#2b6146",
};

/** An option as it is drawn at night. */
export function atNight(value: unknown): unknown {
  if (typeof value === "string") return NIGHT[value.toLowerCase()] ?? value;
  if (Array.isArray(value)) return value.map(atNight);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, atNight(each)]));
}
