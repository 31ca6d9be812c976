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
  /** Steps of another size. */
  boxes?: ReadonlyMap<string, { width: number; height: number }>;
}

interface Item {
  id: string;
  row: number;
  width: number;
  height: number;
  before: string[];
  after: string[];
}

const LANE = 14;
const SWEEPS = 6;

export function layered(ids: string[], arrows: Arrow[], sizes: Sizes): Layout {
  const back = backward(ids, arrows);
  const rows = ranks(ids, arrows.filter((_, at) => !back.has(at)));
  const items = new Map<string, Item>(ids.map((id) => [id, { id, row: rows.get(id)!, ...sizeOf(id, sizes), before: [], after: [] }]));
  const chains = arrows.map((arrow, at) => (back.has(at) ? [] : chain(arrow, at, items)));
  const lines = ordered([...items.values()]);
  const tall = lines.map((line) => Math.max(0, ...line.map((each) => each.height)));
  const at = placed(lines, tall, sizes);
  const lanes = [...back].length;
  const inner = Math.max(sizes.width, ...lines.map((line) => wide(line, sizes)));
  const ways = arrows.map((arrow, index) =>
    back.has(index) ? { points: around(at.get(arrow.from)!, at.get(arrow.to)!, inner + LANE * (1 + [...back].indexOf(index)), sizeOf(arrow.from, sizes).width, sizeOf(arrow.to, sizes).width), back: true } : { points: through(chains[index]!.map((id) => items.get(id)!), at, tall, sizes), back: false },
  );
  return { width: inner + (lanes > 0 ? LANE * (lanes + 1) : 0), height: tall.reduce((sum, each) => sum + each + sizes.rise, -sizes.rise), at, ways };
}

const sizeOf = (id: string, sizes: Sizes): { width: number; height: number } => sizes.boxes?.get(id) ?? { width: sizes.width, height: sizes.height };

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
    items.set(id, { id, row, width: LANE, height: 0, before: [], after: [] });
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

function placed(lines: Item[][], tall: number[], sizes: Sizes): Map<string, Spot> {
  const whole = Math.max(sizes.width, ...lines.map((line) => wide(line, sizes)));
  const at = new Map<string, Spot>();
  let y = 0;
  lines.forEach((line, row) => {
    let x = (whole - wide(line, sizes)) / 2;
    for (const each of line) {
      at.set(each.id, { x: x + each.width / 2, y: y + tall[row]! / 2 });
      x += each.width + sizes.gap;
    }
    y += tall[row]! + sizes.rise;
  });
  return at;
}

/** From the lower edge of the first to the upper edge of the last; between them straight down past what is tall. */
function through(chain: Item[], at: Map<string, Spot>, tall: number[], sizes: Sizes): Spot[] {
  const [first, last] = [chain[0]!, chain[chain.length - 1]!];
  const [from, to] = [at.get(first.id)!, at.get(last.id)!];
  const between = chain.slice(1, -1).flatMap(({ id, row }) => {
    const { x, y } = at.get(id)!;
    return tall[row]! <= sizes.height ? [{ x, y }] : [{ x, y: y - tall[row]! / 2 }, { x, y: y + tall[row]! / 2 }];
  });
  return [{ x: from.x, y: from.y + first.height / 2 }, ...between, { x: to.x, y: to.y - last.height / 2 }];
}

function around(from: Spot, to: Spot, x: number, leaves: number, comes: number): Spot[] {
  return [{ x: from.x + leaves / 2, y: from.y }, { x, y: from.y }, { x, y: to.y }, { x: to.x + comes / 2, y: to.y }];
}
