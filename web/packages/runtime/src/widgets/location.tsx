import { EnvironmentOutlined } from "@ant-design/icons";
import type { ShowProps, Widget } from "./widget";

export interface Spot {
  latitude: number;
  longitude: number;
  words: string;
}

/** The two numbers, and the words after them. */
export function place(value: unknown): Spot | null {
  const found = /^(-?[\d.]+),(-?[\d.]+)(?: (.*))?$/s.exec(String(value));
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]), words: found[3] ?? "" } : null;
}

/** What opens a place, or an address, in the maps of the device: those of Apple know no `geo:`. */
export function wayTo(to: Spot | string, apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent)): string {
  const at = typeof to === "string" ? "0,0" : `${to.latitude},${to.longitude}`;
  if (apple) return `maps:?daddr=${typeof to === "string" ? encodeURIComponent(to) : at}`;
  return `geo:${at}?q=${encodeURIComponent(typeof to === "string" ? to : to.words ? `${at}(${to.words})` : at)}`;
}

function Location({ value }: ShowProps) {
  const found = place(value);
  if (!found) return <>{String(value)}</>;
  return (
    <a className="lc-cell" href={wayTo(found)} onClick={(event) => event.stopPropagation()}>
      <EnvironmentOutlined aria-hidden /> {found.words || `${found.latitude.toFixed(5)}, ${found.longitude.toFixed(5)}`}
    </a>
  );
}

export const location: Widget = { Show: Location, width: 180, least: 120 };
