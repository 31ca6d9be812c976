import { decimal, useSpeech } from "@lowcode/kit";
import { useQuery } from "@tanstack/react-query";
import { net, project, scale, TILE, unproject, type Point, type Sight, type Size } from "./ground";
import { landAt, outlines } from "./land";

/** What lies under the dots: the outlines of China and a net of degrees, or the pictures of an address that the
 * definition names. */
export function Ground({ sight, size, offset, tiles }: { sight: Sight; size: Size; offset: Point; tiles?: string }) {
  const { t } = useSpeech();
  const { metres, pixels } = scale(sight);
  return (
    <>
      {tiles ? <Tiles sight={sight} size={size} offset={offset} address={tiles} /> : <Net sight={sight} size={size} offset={offset} />}
      <span className="lc-map-scale" style={{ width: pixels }}>
        {metres >= 1000 ? t("kilometres", { count: decimal(metres / 1000, 0) }) : t("metres", { count: decimal(metres, 0) })}
      </span>
    </>
  );
}

/** The names of the meridians stand at the foot of the map: no parallel is named there, nor what would be cut off. */
const [FOOT, NAMED, BESIDE] = [18, 16, 44];

function Net({ sight, size, offset }: { sight: Sight; size: Size; offset: Point }) {
  const land = useQuery({ queryKey: ["outlines"], queryFn: outlines, staleTime: Infinity }).data;
  const one = unproject(offset, sight.zoom);
  const other = unproject({ x: offset.x + size.width, y: offset.y + size.height }, sight.zoom);
  const step = net(Math.min(other.longitude - one.longitude, 360));
  const places = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const between = (low: number, high: number) => Array.from({ length: Math.min(60, Math.floor(high / step) - Math.ceil(low / step) + 1) }, (_, index) => (Math.ceil(low / step) + index) * step);
  const meridians = between(Math.max(one.longitude, -180), Math.min(other.longitude, 180));
  const parallels = between(Math.max(other.latitude, -85), Math.min(one.latitude, 85));
  const named = (degrees: number, letters: [string, string]) => `${Math.abs(degrees).toFixed(places)}°${degrees === 0 ? "" : degrees > 0 ? letters[0] : letters[1]}`;
  return (
    <svg className="lc-map-net" width={size.width} height={size.height} aria-hidden="true">
      {land && <path className="lc-map-land" d={land} transform={landAt(sight.zoom, offset)} />}
      {meridians.map((degrees) => {
        const x = project(degrees, 0, sight.zoom).x - offset.x;
        return (
          <g key={degrees}>
            <line x1={x} x2={x} y1={0} y2={size.height} />
            {x >= 0 && x < size.width - BESIDE && <text x={x + 4} y={size.height - 8}>{named(degrees, ["E", "W"])}</text>}
          </g>
        );
      })}
      {parallels.map((degrees) => {
        const y = project(0, degrees, sight.zoom).y - offset.y;
        return (
          <g key={degrees}>
            <line x1={0} x2={size.width} y1={y} y2={y} />
            {y > NAMED && y < size.height - FOOT && <text x={6} y={y - 4}>{named(degrees, ["N", "S"])}</text>}
          </g>
        );
      })}
    </svg>
  );
}

function Tiles({ sight, size, offset, address }: { sight: Sight; size: Size; offset: Point; address: string }) {
  const zoom = Math.round(sight.zoom);
  const side = TILE * 2 ** (sight.zoom - zoom);
  const count = 2 ** zoom;
  const found = [];
  for (let x = Math.floor(offset.x / side); x * side < offset.x + size.width; x += 1)
    for (let y = Math.max(0, Math.floor(offset.y / side)); y < count && y * side < offset.y + size.height; y += 1) found.push({ x, y });
  return (
    <span className="lc-map-tiles" aria-hidden="true">
      {found.map(({ x, y }) => (
        <img key={`${zoom}/${x}/${y}`} src={address.replace("{z}", String(zoom)).replace("{x}", String(((x % count) + count) % count)).replace("{y}", String(y))} alt="" draggable={false} style={{ left: x * side - offset.x, top: y * side - offset.y, width: side, height: side }} />
      ))}
    </span>
  );
}
