/** What the arrow keys do to a chart on a board of twelve columns. Pure. */

export interface Spot {
  i: string;
  x: number;
  y: number;
  w: number;
  h: number;
  /** How high it is at least; left out, as high as a chart. */
  least?: number;
}

export const COLUMNS = 12;
export const LEAST = 2;

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
const over = (one: Spot, other: Spot): boolean => one.x < other.x + other.w && other.x < one.x + one.w;

/** Left and right a column at a time, up and down past what lies there; with Shift its size. Null for another key. */
export function moved<Tile extends Spot>(tiles: Tile[], i: string, key: string, shift: boolean): Tile[] | null {
  const tile = tiles.find((each) => each.i === i);
  if (!tile) return null;
  const put = (change: Partial<Spot>, others: (each: Tile) => Tile = (each) => each) => tiles.map((each) => (each.i === i ? { ...each, ...change } : others(each)));
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const by = key === "ArrowLeft" ? -1 : 1;
    if (!shift) return put({ x: within(tile.x + by, 0, COLUMNS - tile.w) });
    const w = within(tile.w + by, LEAST, COLUMNS);
    // At the right edge a chart grows to the left.
    return put({ w, x: Math.min(tile.x, COLUMNS - w) });
  }
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const down = key === "ArrowDown";
  if (shift) return put({ h: Math.max(tile.least ?? LEAST, tile.h + (down ? 1 : -1)) });
  const beyond = tiles.filter((each) => each.i !== i && over(each, tile) && (down ? each.y >= tile.y + tile.h : each.y + each.h <= tile.y));
  const next = beyond.sort((one, other) => (down ? one.y - other.y : other.y + other.h - one.y - one.h))[0];
  if (!next) return tiles;
  const [first, second] = down ? [next, tile] : [tile, next];
  const y = Math.min(tile.y, next.y);
  const places = new Map([[first.i, y], [second.i, y + first.h]]);
  return tiles.map((each) => ({ ...each, y: places.get(each.i) ?? each.y }));
}
