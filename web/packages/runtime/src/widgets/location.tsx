import { EnvironmentOutlined } from "@ant-design/icons";
import type { ShowProps, Widget } from "./widget";

export interface Spot {
  latitude: number;
  longitude: number;
  words: string;
}

/** A place as it is kept: six decimal places, and in words how exact the device was. */
export const written = ({ latitude, longitude, accuracy }: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">): string =>
  `${latitude.toFixed(6)},${longitude.toFixed(6)} ±${Math.ceil(accuracy)} m`;

/** The two numbers, and the words after them. */
export function place(value: unknown): Spot | null {
  const found = /^(-?[\d.]+),(-?[\d.]+)(?: (.*))?$/s.exec(String(value));
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]), words: found[3] ?? "" } : null;
}

/** Words that only say how exact the device was name no place. */
const name = ({ words }: Spot): string => (words.startsWith("±") ? "" : words);

/** How a place is read: by its name, or by where it is and how exact that is. */
export const spotted = (spot: Spot): string => name(spot) || `${spot.latitude.toFixed(5)}, ${spot.longitude.toFixed(5)} ${spot.words}`.trim();

/** What opens a place, or an address, in the maps of the device: those of Apple know no `geo:`. */
export function wayTo(to: Spot | string, apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent)): string {
  const at = typeof to === "string" ? "0,0" : `${to.latitude},${to.longitude}`;
  if (apple) return `maps:?daddr=${typeof to === "string" ? encodeURIComponent(to) : at}`;
  return `geo:${at}?q=${encodeURIComponent(typeof to === "string" ? to : name(to) ? `${at}(${name(to)})` : at)}`;
}

function Location({ value }: ShowProps) {
  const found = place(value);
  if (!found) return <>{String(value)}</>;
  return (
    <a className="lc-cell" href={wayTo(found)} onClick={(event) => event.stopPropagation()}>
      <EnvironmentOutlined aria-hidden /> {spotted(found)}
    </a>
  );
}

export const location: Widget = { Show: Location, width: 180, least: 120 };
