/** Where the steps of a flow stand: rows by their distance from the start, and ways around what lies between. */
export interface Arrow {
  from: string;
  to: string;
}

export interface Spot {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  at: Map<string, Spot>;
  /** Of each arrow the points it goes through; of one that leads back, its corners on the right. */
  ways: { points: Spot[]; back: boolean }[];
}

export interface Sizes {
  width: number;
  height: number;
  gap: number;
  rise: number;
}

interface Item {
  id: string;
  row: number;
  width: number;
  before: string[];
  after: string[];
}

const LANE = 14;
const SWEEPS = 6;

export function layered(ids: string[], arrows: Arrow[], sizes: Sizes): Layout {
  const back = backward(ids, arrows);
  const rows = ranks(ids, arrows.filter((_, at) => !back.has(at)));
  const items = new Map<string, Item>(ids.map((id) => [id, { id, row: rows.get(id)!, width: sizes.width, before: [], after: [] }]));
  const chains = arrows.map((arrow, at) => (back.has(at) ? [] : chain(arrow, at, items)));
  const lines = ordered([...items.values()]);
  const at = placed(lines, sizes);
  const lanes = [...back].length;
  const inner = Math.max(sizes.width, ...lines.map((line) => wide(line, sizes)));
  const ways = arrows.map((arrow, index) =>
    back.has(index) ? { points: around(at.get(arrow.from)!, at.get(arrow.to)!, inner + LANE * (1 + [...back].indexOf(index)), sizes), back: true } : { points: through(chains[index]!, at, sizes), back: false },
  );
  return { width: inner + (lanes > 0 ? LANE * (lanes + 1) : 0), height: lines.length * (sizes.height + sizes.rise) - sizes.rise, at, ways };
}

/** The arrows that lead back to where one came from. */
function backward(ids: string[], arrows: Arrow[]): Set<number> {
  const out = new Map<string, number[]>(ids.map((id) => [id, []]));
  arrows.forEach((arrow, at) => out.get(arrow.from)?.push(at));
  const found = new Set<number>();
  const state = new Map<string, "open" | "done">();
  const visit = (id: string): void => {
    state.set(id, "open");
    for (const at of out.get(id) ?? []) {
      const target = arrows[at]!.to;
      if (state.get(target) === "open") found.add(at);
      else if (!state.has(target)) visit(target);
    }
    state.set(id, "done");
  };
  for (const id of ids) if (!state.has(id)) visit(id);
  return found;
}

/** The longest way from a beginning to each step. */
function ranks(ids: string[], arrows: Arrow[]): Map<string, number> {
  const into = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const arrow of arrows) into.get(arrow.to)?.push(arrow.from);
  const found = new Map<string, number>();
  const rank = (id: string): number => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const row = Math.max(-1, ...into.get(id)!.map(rank)) + 1;
    found.set(id, row);
    return row;
  };
  ids.forEach(rank);
  return found;
}

/** An arrow over several rows passes a place of its own in each. */
function chain(arrow: Arrow, at: number, items: Map<string, Item>): string[] {
  const [from, to] = [items.get(arrow.from)!, items.get(arrow.to)!];
  const ids = [from.id];
  for (let row = from.row + 1; row < to.row; row += 1) {
    const id = `${at}>${row}`;
    items.set(id, { id, row, width: LANE, before: [], after: [] });
    ids.push(id);
  }
  ids.push(to.id);
  for (let step = 1; step < ids.length; step += 1) {
    items.get(ids[step - 1]!)!.after.push(ids[step]!);
    items.get(ids[step]!)!.before.push(ids[step - 1]!);
  }
  return ids;
}

/** Each row in the order in which its arrows cross least: by the middle of what is before, then of what is after. */
function ordered(items: Item[]): Item[][] {
  const lines: Item[][] = Array.from({ length: Math.max(0, ...items.map((each) => each.row)) + 1 }, (_, row) => items.filter((each) => each.row === row));
  const place = new Map<string, number>();
  const number = (line: Item[]) => line.forEach((each, at) => place.set(each.id, at - (line.length - 1) / 2));
  lines.forEach(number);
  const sort = (line: Item[], side: "before" | "after") => {
    const middle = new Map(line.map((each) => [each.id, each[side].length > 0 ? each[side].reduce((sum, id) => sum + place.get(id)!, 0) / each[side].length : place.get(each.id)!]));
    line.sort((one, other) => middle.get(one.id)! - middle.get(other.id)!);
    number(line);
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    lines.forEach((line) => sort(line, "before"));
    [...lines].reverse().forEach((line) => sort(line, "after"));
  }
  lines.forEach((line) => sort(line, "before"));
  return lines;
}

const wide = (line: Item[], { gap }: Sizes): number => line.reduce((sum, each) => sum + each.width + gap, -gap);

function placed(lines: Item[][], sizes: Sizes): Map<string, Spot> {
  const whole = Math.max(sizes.width, ...lines.map((line) => wide(line, sizes)));
  const at = new Map<string, Spot>();
  lines.forEach((line, row) => {
    let x = (whole - wide(line, sizes)) / 2;
    for (const each of line) {
      at.set(each.id, { x: x + each.width / 2, y: row * (sizes.height + sizes.rise) + sizes.height / 2 });
      x += each.width + sizes.gap;
    }
  });
  return at;
}

function through(ids: string[], at: Map<string, Spot>, { height }: Sizes): Spot[] {
  const spots = ids.map((id) => at.get(id)!);
  const [first, last] = [spots[0]!, spots[spots.length - 1]!];
  return [{ x: first.x, y: first.y + height / 2 }, ...spots.slice(1, -1), { x: last.x, y: last.y - height / 2 }];
}

function around(from: Spot, to: Spot, x: number, { width }: Sizes): Spot[] {
  return [{ x: from.x + width / 2, y: from.y }, { x, y: from.y }, { x, y: to.y }, { x: to.x + width / 2, y: to.y }];
}
