import { layered, type Arrow, type Sizes, type Spot } from "./layers";

/** Scopes and handlers as frames around a picture of their own: a scope is one step to what encloses it, a handler
 * stands below everything to which something leads. */

export const PAD = 22;
export const HEAD = 40;
const ROOM = 560;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Held {
  id: string;
  scope: string | null;
  /** A scope or a handler. */
  holds: boolean;
  /** A handler, to which nothing leads. */
  aside: boolean;
}

export interface Nested {
  width: number;
  height: number;
  steps: Map<string, Box>;
  frames: Map<string, Box>;
  /** By the place of their arrow. */
  ways: Map<number, { points: Spot[]; back: boolean }>;
}

/** How large a frame around a picture is. */
export const framed = ({ width, height }: { width: number; height: number }): { width: number; height: number } => ({ width: width + 2 * PAD, height: height + HEAD + PAD });

/** Below a picture, side by side, as many in a row as there is room: where each frame begins, and how large it all is. */
export function beside<Thing extends { width: number; height: number }>(picture: { width: number; height: number }, things: Thing[], gap: number): { spots: Spot[]; width: number; height: number } {
  let { width, height } = picture;
  const room = Math.max(width, ROOM);
  let [x, y, tall] = [0, height > 0 ? height + gap : 0, 0];
  const spots = things.map((each) => {
    if (x > 0 && x + each.width > room) [x, y, tall] = [0, y + tall + gap, 0];
    const spot = { x, y };
    x += each.width + gap;
    tall = Math.max(tall, each.height);
    width = Math.max(width, x - gap);
    height = y + tall;
    return spot;
  });
  return { spots, width, height };
}

/** A whole flow, level by level. */
export const nested = (nodes: Held[], arrows: Arrow[], sizes: Sizes): Nested => level(null, nodes, arrows, sizes, new Set());

function level(of: string | null, nodes: Held[], arrows: Arrow[], sizes: Sizes, around: ReadonlySet<string>): Nested {
  const own = nodes.filter((each) => each.scope === of && !around.has(each.id));
  const flowing = own.filter((each) => !each.aside);
  const inner = new Map(own.filter((each) => each.holds).map((each) => [each.id, level(each.id, nodes, arrows, sizes, new Set([...around, each.id]))]));
  const boxes = new Map([...inner].map(([id, picture]) => [id, framed(picture)]));
  const here = new Set(flowing.map((each) => each.id));
  const places = arrows.flatMap((arrow, at) => (here.has(arrow.from) && here.has(arrow.to) ? [at] : []));
  const layout = layered([...here], places.map((at) => arrows[at]!), { ...sizes, boxes });
  const found: Nested = { width: layout.width, height: layout.height, steps: new Map(), frames: new Map(), ways: new Map(places.map((at, index) => [at, layout.ways[index]!])) };
  for (const { id } of flowing) {
    const { x, y } = layout.at.get(id)!;
    const { width, height } = boxes.get(id) ?? sizes;
    put(found, id, { x: x - width / 2, y: y - height / 2, width, height }, inner.get(id));
  }
  const handlers = own.filter((each) => each.aside).map((each) => ({ id: each.id, ...boxes.get(each.id)! }));
  const below = beside(found, handlers, sizes.rise);
  handlers.forEach(({ id, width, height }, at) => put(found, id, { ...below.spots[at]!, width, height }, inner.get(id)));
  return { ...found, width: below.width, height: below.height };
}

/** A step, or a frame with its picture in it. */
function put(found: Nested, id: string, box: Box, inner: Nested | undefined): void {
  if (!inner) {
    found.steps.set(id, box);
    return;
  }
  const by = <Thing extends Spot>(each: Thing): Thing => ({ ...each, x: each.x + box.x + PAD, y: each.y + box.y + HEAD });
  found.frames.set(id, box);
  for (const [each, held] of inner.frames) found.frames.set(each, by(held));
  for (const [each, held] of inner.steps) found.steps.set(each, by(held));
  for (const [at, way] of inner.ways) found.ways.set(at, { ...way, points: way.points.map(by) });
}
