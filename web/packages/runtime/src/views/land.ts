import { project } from "./ground";

/** A ring as its strings of differences say it, and where it begins; how the package of outlines keeps them. */
type Ring = string;
type Offset = [number, number];
interface Outlines {
  UTF8Scale?: number;
  features: { geometry: { type: "Polygon"; coordinates: Ring[]; encodeOffsets: Offset[] } | { type: "MultiPolygon"; coordinates: Ring[][]; encodeOffsets: Offset[][] } }[];
}

/** So large a unit of the path is: at the zoom of the whole world a pixel would be too coarse. */
const FINE = 1024;

/** Outlines as one path, in pixels of the whole world at zoom 0, `FINE` times as large. */
export function landOf(outlines: Outlines): string {
  const scale = outlines.UTF8Scale ?? FINE;
  return outlines.features
    .flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry] : geometry.coordinates.map((coordinates, at) => ({ coordinates, encodeOffsets: geometry.encodeOffsets[at]! }))))
    .flatMap(({ coordinates, encodeOffsets }) => coordinates.map((ring, at) => pathOf(ring, encodeOffsets[at]!, scale)))
    .join("");
}

function pathOf(ring: Ring, [left, top]: Offset, scale: number): string {
  let [x, y] = [left, top];
  const points = [];
  for (let at = 0; at < ring.length; at += 2) {
    x += signed(ring.charCodeAt(at) - 64);
    y += signed(ring.charCodeAt(at + 1) - 64);
    const point = project(x / scale, y / scale, 0);
    points.push(`${Math.round(point.x * FINE)} ${Math.round(point.y * FINE)}`);
  }
  return `M${points.join("L")}Z`;
}

const signed = (value: number): number => (value >> 1) ^ -(value & 1);

/** The land as it lies in sight. */
export const landAt = (zoom: number, offset: { x: number; y: number }): string => `translate(${-offset.x} ${-offset.y}) scale(${2 ** zoom / FINE})`;

/** The outlines that come with the page. */
export async function outlines(): Promise<string> {
  const base = import.meta.url;
  const answer = await fetch(new URL("../maps/china.json", base));
  if (!answer.ok) throw new Error(`the outlines are missing: ${answer.status}`);
  return landOf((await answer.json()) as Outlines);
}
