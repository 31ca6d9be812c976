/** An option for a room of so many points: how words along an axis, beside a pie and in a flow are set, so that each can
 * be read. The option says what there is; only here it is known how wide it will be. */

type Part = Record<string, unknown>;

const SIZE = 12;
/** What the words of the upright axis take of the room, about. */
const SIDE = 64;
/** A label lies flat where that much is left to it, stands at a slant where at least that much is, else some are left out. */
const FLAT = 58;
const SLANT = 15;
const TURNED = 34;
/** No slanted label is longer; the first has less room, as it must not begin left of the chart. */
const LONGEST = 92;
/** What the numbers of the upright axis take at the left, at least. */
const LEFT = 44;
/** No more of a lying chart than this goes to the names of its rows. */
const NAMES = 0.32;
/** Where the words beside a pie begin, and what stands before each. */
const BESIDE = 0.33;
const DOT = 22;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);
const wide = (sign: string): boolean => /[⺀-鿿가-힯豈-﫿＀-｠]/.test(sign);

/** About how wide a text is, in points. */
export const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (wide(sign) ? SIZE : SIZE * 0.56), 0);

export function fitted(option: Part, width: number): Part {
  return {
    ...option,
    ...each(option, "xAxis", (axis) => along(axis, width)),
    ...each(option, "yAxis", (axis) => upright(axis, width)),
    ...each(option, "legend", (legend) => beside(legend, width)),
    ...each(option, "series", (series) => (series["type"] === "sankey" ? flow(series, width) : series)),
  };
}

/** One part of an option, or each of several. */
function each(option: Part, name: string, change: (part: Part) => Part): Part {
  const found = option[name];
  if (Array.isArray(found)) return { [name]: found.map((part: unknown) => (isPart(part) ? change(part) : part)) };
  return isPart(found) ? { [name]: change(found) } : {};
}

const labelled = (part: Part, more: Part): Part => ({ ...part, axisLabel: { ...(part["axisLabel"] as Part | undefined), ...more } });
const namesOf = (axis: Part): string[] => (axis["type"] === "category" && Array.isArray(axis["data"]) ? axis["data"].map(String) : []);

/** Names below their bars: each has its place, so none is left out while there is room for a line of it. */
function along(axis: Part, width: number): Part {
  const names = namesOf(axis);
  if (names.length === 0 || (axis["axisLabel"] as Part | undefined)?.["interval"] !== 0) return axis;
  const room = (width - SIDE) / names.length;
  const longest = Math.max(...names.map(widthOf));
  if (longest <= room - 6) return labelled(axis, { width: undefined, overflow: "none" });
  if (room >= FLAT && longest <= 2 * (room - 6)) return labelled(axis, { width: room - 6, overflow: "break" });
  if (room >= SLANT) return labelled(axis, { rotate: TURNED, width: Math.min(LONGEST, Math.floor((LEFT + room / 2) / Math.cos((TURNED * Math.PI) / 180))), overflow: "truncate" });
  return labelled(axis, { interval: "auto" });
}

/** Names of rows. */
function upright(axis: Part, width: number): Part {
  if (namesOf(axis).length === 0) return axis;
  const given = (axis["axisLabel"] as Part | undefined)?.["width"];
  const most = Math.round(width * NAMES);
  return labelled(axis, { width: typeof given === "number" ? Math.min(given, most) : most, overflow: "truncate" });
}

/** Words that stand below one another beside a round. */
function beside(legend: Part, width: number): Part {
  if (legend["orient"] !== "vertical") return legend;
  return { ...legend, textStyle: { ...(legend["textStyle"] as Part | undefined), width: Math.max(36, Math.round(width * BESIDE) - DOT), overflow: "truncate" } };
}

/** Words between the columns of a flow. */
function flow(series: Part, width: number): Part {
  const depths = (series["data"] as { depth?: number }[] | undefined)?.map((node) => node.depth ?? 0) ?? [];
  const right = Math.min(Number(series["right"] ?? 96), Math.round(width * 0.26));
  const room = (width - right) / Math.max(1, ...depths) - 22;
  return { ...series, right, label: { ...(series["label"] as Part | undefined), width: Math.max(28, Math.min(90, Math.round(room), right - 4)), overflow: "truncate" } };
}
