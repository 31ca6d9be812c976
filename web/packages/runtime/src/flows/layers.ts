/** Where the steps of a flow stand: rows by their distance from the start, and ways around what lies between. Python draws
 * by the same rules (`flows/bpmn/layers.py`); both are held to `tests/conformance/flows/layers.json`. */
export interface Arrow {
  from: string;
  to: string;
  /** So far from the middle of its step it leaves it. */
  leaves?: number;
}

export interface Spot {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  at: Map<string, Spot>;
  /** Of each arrow the points it goes through; of one that leads back, its corners. Between two rows and beside them
   * all: never over a step. */
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

interface Row {
  top: number;
  bottom: number;
}

const LANE = 14;
const SWEEPS = 6;

export function layered(ids: string[], arrows: Arrow[], sizes: Sizes): Layout {
  const back = backward(ids, arrows);
  const ranked = ranks(ids, arrows.filter((_, at) => !back.has(at)));
  const items = new Map<string, Item>(ids.map((id) => [id, { id, row: ranked.get(id)!, ...sizeOf(id, sizes), before: [], after: [] }]));
  arrows.forEach((arrow, at) => back.has(at) || join(arrow, items));
  const lines = ordered([...items.values()]);
  const rows = rowsOf(lines, sizes);
  const inner = Math.max(sizes.width, ...lines.map((line) => wide(line, sizes)));
  const at = placed(lines, rows, inner, sizes);
  const lanes = new Map([...back].map((index, lane) => [index, lane]));
  const rest = new Map([...new Set(arrows.map(({ to }) => to))].map((to) => [to, shared(items.get(to)!, items, at, rows)]));
  const ways = arrows.map((arrow, index) => {
    const [first, last, leaves] = [items.get(arrow.from)!, items.get(arrow.to)!, arrow.leaves ?? 0];
    if (!back.has(index)) return { points: through(first, last, rest.get(arrow.to)!.get(first.row + 1) ?? [], at, rows, leaves), back: false };
    const lane = inner + LANE * (1 + lanes.get(index)!);
    return { points: around(first, last, at, rows, leaves, lane, sizes.rise / 2), back: true };
  });
  return { width: inner + (lanes.size > 0 ? LANE * (lanes.size + 1) : 0), height: rows[rows.length - 1]!.bottom, at, ways };
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

/** An arrow over several rows passes a place in each. All that lead to one step share them: it joins the first that is
 * there. */
function join(arrow: Arrow, items: Map<string, Item>): void {
  let one = items.get(arrow.from)!;
  const last = items.get(arrow.to)!;
  for (let row = one.row + 1; row < last.row; row += 1) {
    const id = placeOf(row, last);
    const known = items.get(id);
    const next = known ?? { id, row, width: LANE, height: 0, before: [], after: [] };
    items.set(id, next);
    link(one, next);
    if (known) return;
    one = next;
  }
  link(one, last);
}

const placeOf = (row: number, target: Item): string => `${row}>${target.id}`;

function link(one: Item, other: Item): void {
  one.after.push(other.id);
  other.before.push(one.id);
}

/** Each row in the order in which its arrows cross least: by the middle of what is before, then of what is after. */
function ordered(items: Item[]): Item[][] {
  const lines: Item[][] = [[]];
  for (const each of items) {
    while (lines.length <= each.row) lines.push([]);
    lines[each.row]!.push(each);
  }
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

/** Each row is as tall as the tallest in it. */
function rowsOf(lines: Item[][], sizes: Sizes): Row[] {
  let top = -sizes.rise;
  let bottom = -sizes.rise;
  return lines.map((line) => {
    top = bottom + sizes.rise;
    bottom = top + Math.max(0, ...line.map((each) => each.height));
    return { top, bottom };
  });
}

function placed(lines: Item[][], rows: Row[], whole: number, sizes: Sizes): Map<string, Spot> {
  const at = new Map<string, Spot>();
  lines.forEach((line, row) => {
    const { top, bottom } = rows[row]!;
    let x = (whole - wide(line, sizes)) / 2;
    for (const each of line) {
      at.set(each.id, { x: x + each.width / 2, y: (top + bottom) / 2 });
      x += each.width + sizes.gap;
    }
  });
  return at;
}

/** By row what is left of the way to a step through the places that lead to it: its bends only. */
function shared(target: Item, items: Map<string, Item>, at: Map<string, Spot>, rows: Row[]): Map<number, Spot[]> {
  const found = new Map<number, Spot[]>();
  let rest: Spot[] = [];
  for (let row = target.row - 1; items.has(placeOf(row, target)); row -= 1) {
    const { x } = at.get(placeOf(row, target))!;
    const { top, bottom } = rows[row]!;
    rest = [{ x, y: top }, ...(rest[0]?.x === x ? rest.slice(1) : [{ x, y: bottom }, ...rest])];
    found.set(row, rest);
  }
  return found;
}

/** From the lower edge of the first to the upper edge of the last; straight down past whatever is taller beside it. */
function through(first: Item, last: Item, between: Spot[], at: Map<string, Spot>, rows: Row[], leaves: number): Spot[] {
  const from = at.get(first.id)!;
  return [...below(first, { x: from.x + leaves, y: from.y }, rows), ...between, ...above(last, at.get(last.id)!, rows)];
}

/** Down between its row and the next, to a lane beside all rows, and in again above the row it leads to. */
function around(first: Item, last: Item, at: Map<string, Spot>, rows: Row[], leaves: number, lane: number, half: number): Spot[] {
  const from = { x: at.get(first.id)!.x + leaves, y: at.get(first.id)!.y };
  const to = at.get(last.id)!;
  const [low, high] = [rows[first.row]!.bottom + half, rows[last.row]!.top - half];
  return [{ x: from.x, y: from.y + first.height / 2 }, { x: from.x, y: low }, { x: lane, y: low }, { x: lane, y: high }, { x: to.x, y: high }, { x: to.x, y: to.y - last.height / 2 }];
}

function below(item: Item, { x, y }: Spot, rows: Row[]): Spot[] {
  const edge = { x, y: y + item.height / 2 };
  const { bottom } = rows[item.row]!;
  return edge.y < bottom ? [edge, { x, y: bottom }] : [edge];
}

function above(item: Item, { x, y }: Spot, rows: Row[]): Spot[] {
  const edge = { x, y: y - item.height / 2 };
  const { top } = rows[item.row]!;
  return edge.y > top ? [{ x, y: top }, edge] : [edge];
}

/** A way as it is drawn: bent where it goes aside from one row to the next, else straight. */
export const lineOf = (points: Spot[]): string => points.map((point, at) => (at === 0 ? `M${point.x} ${point.y}` : piece(points[at - 1]!, point))).join(" ");

function piece(from: Spot, to: Spot): string {
  if (from.x === to.x || from.y === to.y) return `L${to.x} ${to.y}`;
  const half = (from.y + to.y) / 2;
  return `C${from.x} ${half} ${to.x} ${half} ${to.x} ${to.y}`;
}
