/** The sphere on a plane (Web Mercator): pixels from the north-west corner of the world at a zoom. */
export interface Point {
  x: number;
  y: number;
}

export interface Sight {
  longitude: number;
  latitude: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const TILE = 256;
const LIMIT = 85.0511;
export const LEAST_ZOOM = 1;
export const MOST_ZOOM = 18;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export const zoomed = (zoom: number): number => clamp(zoom, LEAST_ZOOM, MOST_ZOOM);

export function project(longitude: number, latitude: number, zoom: number): Point {
  const size = TILE * 2 ** zoom;
  const sine = Math.sin((clamp(latitude, -LIMIT, LIMIT) * Math.PI) / 180);
  return { x: ((longitude + 180) / 360) * size, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size };
}

export function unproject({ x, y }: Point, zoom: number): { longitude: number; latitude: number } {
  const size = TILE * 2 ** zoom;
  return { longitude: (x / size) * 360 - 180, latitude: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size))) * 180) / Math.PI };
}

/** What the buttons on the right of a map take of its width. */
const TOOLS = 40;

/** The sight that shows all of some places, with room around them. */
export function fit(places: { longitude: number; latitude: number }[], { width, height }: Size): Sight {
  if (places.length === 0) return { longitude: 105, latitude: 35, zoom: 4 };
  const points = places.map((each) => project(each.longitude, each.latitude, 0));
  const [left, right] = [Math.min(...points.map((each) => each.x)), Math.max(...points.map((each) => each.x))];
  const [top, bottom] = [Math.min(...points.map((each) => each.y)), Math.max(...points.map((each) => each.y))];
  const room = 96;
  const zoom = Math.min(Math.log2(Math.max(width - room - TOOLS, 1) / Math.max(right - left, 1e-6)), Math.log2(Math.max(height - room, 1) / Math.max(bottom - top, 1e-6)), 13);
  const found = zoomed(Math.floor(zoom * 4) / 4);
  return { ...unproject({ x: (left + right + TOOLS / 2 ** found) / 2, y: (top + bottom) / 2 }, 0), zoom: found };
}

/** How far apart the lines of the net stand, in degrees, so that a handful of them are in sight. */
export function net(span: number): number {
  return [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].find((step) => span / step >= 3) ?? 0.01;
}

/** A round length and how many pixels it takes at a latitude. */
export function scale({ latitude, zoom }: Sight): { metres: number; pixels: number } {
  const perPixel = (40_075_016.686 * Math.cos((latitude * Math.PI) / 180)) / (TILE * 2 ** zoom);
  const wanted = perPixel * 100;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((each) => each * power).find((each) => each <= wanted) ?? power;
  return { metres, pixels: metres / perPixel };
}

/** Things that are too near one another to be told apart, together: each joins the first group within reach. */
export function together<Item extends Point>(items: Item[], reach: number): { x: number; y: number; items: Item[] }[] {
  const groups: { x: number; y: number; items: Item[] }[] = [];
  for (const item of [...items].sort((one, other) => one.x - other.x)) {
    const near = groups.findLast((each) => Math.abs(each.x - item.x) < reach && Math.abs(each.y - item.y) < reach && Math.hypot(each.x - item.x, each.y - item.y) < reach);
    if (!near) {
      groups.push({ x: item.x, y: item.y, items: [item] });
      continue;
    }
    near.items.push(item);
    near.x += (item.x - near.x) / near.items.length;
    near.y += (item.y - near.y) / near.items.length;
  }
  return groups;
}
