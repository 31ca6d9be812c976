import { EnvironmentOutlined } from "@ant-design/icons";
import type { ShowProps, Widget } from "./widget";

/** The two numbers, and the words after them. */
export function place(value: unknown): { latitude: number; longitude: number; words: string } | null {
  const found = /^(-?[\d.]+),(-?[\d.]+)(?: (.*))?$/s.exec(String(value));
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]), words: found[3] ?? "" } : null;
}

function Location({ value }: ShowProps) {
  const found = place(value);
  if (!found) return <>{String(value)}</>;
  return (
    <a className="lc-cell" href={`geo:${found.latitude},${found.longitude}`} onClick={(event) => event.stopPropagation()}>
      <EnvironmentOutlined aria-hidden /> {found.words || `${found.latitude.toFixed(5)}, ${found.longitude.toFixed(5)}`}
    </a>
  );
}

export const location: Widget = { Show: Location, width: 180 };
