/** Where tiles stand on the twelve columns of a board. */
export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A chart of less than so many columns cannot be read where the columns are small. */
const READABLE = 5;
const COLUMNS = 12;

/** The places of tiles where there is less room than an author had: tiles that stand beside each other and would be too
 * small stand two in a row instead, everything else as it was. `small`: of tiles that can be small, as a number can. */
export function closer<T extends Place>(tiles: readonly T[], small: (tile: T) => boolean): Place[] {
  const found = new Map<T, Place>();
  let y = 0;
  for (const row of rowsOf(tiles)) {
    const top = Math.min(...row.map((each) => each.y));
    if (!row.some((each) => !small(each) && each.w < READABLE)) {
      for (const each of row) found.set(each, { x: each.x, y: y + each.y - top, w: each.w, h: each.h });
      y += Math.max(...row.map((each) => each.y + each.h)) - top;
      continue;
    }
    const read = inOrder(row);
    for (let at = 0; at < read.length; at += 2) {
      const pair = read.slice(at, at + 2);
      const h = Math.max(...pair.map((each) => each.h));
      pair.forEach((each, index) => found.set(each, { x: (index * COLUMNS) / 2, y, w: COLUMNS / pair.length, h }));
      y += h;
    }
  }
  return tiles.map((each) => found.get(each)!);
}

/** Tiles that share a line with one another, from the top. */
function rowsOf<T extends Place>(tiles: readonly T[]): T[][] {
  const rows: { tiles: T[]; end: number }[] = [];
  for (const each of inOrder(tiles)) {
    const last = rows.at(-1);
    if (last && each.y < last.end) {
      last.tiles.push(each);
      last.end = Math.max(last.end, each.y + each.h);
    } else rows.push({ tiles: [each], end: each.y + each.h });
  }
  return rows.map((row) => row.tiles);
}

/** Tiles as they are read: from the top, and from the left. */
export const inOrder = <T extends Place>(tiles: readonly T[]): T[] => [...tiles].sort((one, other) => one.y - other.y || one.x - other.x);

/** Of tiles that stand two in a row where they are `small`, those that are left over at the end and take the row. */
export function leftOver<T>(tiles: readonly T[], small: (tile: T) => boolean): Set<T> {
  const found = new Set<T>();
  let run = 0;
  tiles.forEach((tile, place) => {
    run = small(tile) ? run + 1 : 0;
    const next = tiles[place + 1];
    if (run % 2 === 1 && (next === undefined || !small(next))) found.add(tile);
  });
  return found;
}
