import type { ReactNode } from "react";

/** Little pictures of kinds of charts, drawn in a box of 32 by 22 in the colours of the page. */

type Box = [x: number, y: number, width: number, height: number, faint?: boolean];

const boxes = (...list: Box[]): ReactNode => list.map(([x, y, width, height, faint], place) => <rect key={place} x={x} y={y} width={width} height={height} rx={0.8} className={faint ? "lc-mini-faint" : "lc-mini-full"} />);
const path = (way: string, filled = false): ReactNode => <path d={way} className={filled ? "lc-mini-ground" : "lc-mini-line"} />;
const dots = (...list: [number, number, number][]): ReactNode => list.map(([x, y, radius], place) => <circle key={place} cx={x} cy={y} r={radius} className={place % 2 === 0 ? "lc-mini-full" : "lc-mini-faint"} />);
const ways = (...list: string[]): ReactNode => list.map((way, place) => <path key={place} d={way} className={place % 2 === 0 ? "lc-mini-full" : "lc-mini-faint"} />);
const words = (...list: [string, number, number, number][]): ReactNode => list.map(([text, x, y, size], place) => <text key={place} x={x} y={y} fontSize={size} className="lc-mini-text">{text}</text>);
/** Cells of a table, the darker ones by their place. */
const cells = (across: number, down: number, dark: number[]): ReactNode => {
  const [width, height] = [28 / across, 18 / down];
  return boxes(...Array.from({ length: across * down }, (_, place): Box => [2 + (place % across) * width, 2 + Math.floor(place / across) * height, width - 1, height - 1, !dark.includes(place)]));
};

const PICTURES: Record<string, ReactNode> = {
  table: cells(3, 4, [0, 1, 2]),
  pivot: cells(4, 4, [0, 1, 2, 3, 4, 8, 12]),
  cohort: <>{boxes([2, 2, 6, 4], [9, 2, 5, 4], [15, 2, 5, 4, true], [21, 2, 5, 4, true], [2, 7, 6, 4], [9, 7, 5, 4], [15, 7, 5, 4, true], [2, 12, 6, 4], [9, 12, 5, 4, true], [2, 17, 6, 3])}</>,
  ranking: <>{boxes([2, 3, 3, 3, true], [7, 3, 23, 3], [2, 9, 3, 3, true], [7, 9, 16, 3], [2, 15, 3, 3, true], [7, 15, 9, 3])}</>,
  kpi: words(["128", 4, 16, 13]),
  gauge: <>{path("M5 18a11 11 0 0 1 22 0")}{path("M16 18l6-7")}</>,
  progress: <>{boxes([2, 9, 28, 5, true], [2, 9, 18, 5])}</>,
  bullet: <>{boxes([2, 4, 26, 5, true], [2, 5, 17, 3], [22, 3, 1.5, 7], [2, 13, 26, 5, true], [2, 14, 11, 3], [19, 12, 1.5, 7])}</>,
  bar: boxes([4, 10, 5, 10], [11, 5, 5, 15], [18, 8, 5, 12], [25, 3, 5, 17]),
  horizontal_bar: boxes([2, 2, 26, 4], [2, 9, 18, 4], [2, 16, 11, 4]),
  stacked_bar: boxes([4, 12, 5, 8], [4, 7, 5, 5, true], [12, 9, 5, 11], [12, 3, 5, 6, true], [20, 11, 5, 9], [20, 5, 5, 6, true]),
  percent_bar: boxes([4, 10, 5, 10], [4, 2, 5, 8, true], [12, 6, 5, 14], [12, 2, 5, 4, true], [20, 13, 5, 7], [20, 2, 5, 11, true]),
  combo: <>{boxes([4, 12, 4, 8, true], [12, 8, 4, 12, true], [20, 10, 4, 10, true])}{path("M3 9l9-5 8 4 9-6")}</>,
  waterfall: boxes([3, 13, 4, 7], [9, 8, 4, 5], [15, 5, 4, 3], [21, 5, 4, 6, true], [27, 11, 3, 9]),
  pareto: <>{boxes([3, 5, 5, 15, true], [10, 11, 5, 9, true], [17, 15, 5, 5, true], [24, 17, 5, 3, true])}{path("M5 11l8-5 8-3 8-1")}</>,
  line: path("M3 17l7-6 7 3 12-11"),
  smooth_line: path("M3 17c6 0 6-10 12-8s8 6 14-6"),
  step_line: path("M3 17h7v-6h8v3h6v-10h5"),
  area: <>{path("M3 20v-5l8-6 7 3 11-9v17z", true)}{path("M3 15l8-6 7 3 11-9")}</>,
  stacked_area: <>{ways("M3 20v-4l9-3 8 1 9-5v11z", "M3 16v-6l9-4 8 2 9-6v7l-9 5-8-1z")}</>,
  pie: ways("M16 11V2a9 9 0 1 1-8.5 12z", "M15 10l-8 3a9 9 0 0 1 8-12z"),
  donut: <>{path("M16 4.5a6.500 6.500 0 1 1-5.600 3.200")}<circle cx={16} cy={11} r={6.5} className="lc-mini-ring" /></>,
  rose: ways("M16 11V2a9 9 0 0 1 8 5z", "M16 11l6-3a7 7 0 0 1-3 9z", "M16 11l2 5a6 6 0 0 1-7-1z", "M16 11l-4 3a5 5 0 0 1 3-8z"),
  treemap: boxes([2, 2, 15, 18], [18, 2, 12, 9, true], [18, 12, 6, 8], [25, 12, 5, 8, true]),
  sunburst: <>{ways("M16 11V2a9 9 0 0 1 7 14z", "M16 11l6 6a9 9 0 0 1-14-2z", "M16 11l-8 3a9 9 0 0 1 7-12z")}<circle cx={16} cy={11} r={3} className="lc-mini-hole" /></>,
  word_cloud: words(["Aa", 3, 14, 11], ["b", 19, 9, 8], ["cd", 18, 18, 7]),
  scatter: dots([6, 16, 1.6], [11, 12, 1.6], [15, 14, 1.6], [19, 8, 1.6], [25, 5, 1.6], [22, 13, 1.6]),
  bubble: dots([8, 14, 4], [18, 8, 5.5], [27, 15, 3]),
  radar: <>{path("M16 2l9 6.500-3.500 10.500h-11L7 8.500z")}{path("M16 6l5 4-2 6h-7l-1-6z", true)}</>,
  heat_map: cells(5, 3, [1, 2, 6, 8, 12]),
  histogram: boxes([3, 15, 5, 5], [9, 9, 5, 11], [15, 3, 5, 17], [21, 8, 5, 12], [27, 16, 4, 4]),
  box_plot: <>{boxes([6, 7, 6, 8, true], [20, 5, 6, 9, true])}{path("M9 3v4m0 8v4M6 11h6M23 2v3m0 9v5M20 9h6")}</>,
  funnel: ways("M3 3h26l-4 5H7z", "M8 9h16l-3 5H11z", "M12 15h8l-2 5h-4z"),
  loss_funnel: <>{boxes([2, 3, 20, 4], [23, 3, 7, 4, true], [2, 9, 14, 4], [17, 9, 5, 4, true], [2, 15, 8, 4], [11, 15, 5, 4, true])}</>,
  sankey: <>{boxes([2, 2, 3, 8], [2, 13, 3, 7], [27, 4, 3, 14])}{path("M5 6c10 0 12 2 22 3M5 16c10 0 12-1 22-2")}</>,
  calendar: cells(7, 3, [2, 5, 8, 9, 16, 18]),
  timeline: boxes([2, 3, 14, 4], [9, 9, 14, 4, true], [17, 15, 13, 4]),
  map: path("M4 7l7-4 6 3 10-3-1 8 2 6-9 3-6-3-7 2-2-6z", true),
};

/** A kind of chart as a little picture; one of a plug-in as bars. */
export const Picture = ({ kind }: { kind: string }) => <svg className="lc-mini" viewBox="0 0 32 22" width={40} height={28} aria-hidden="true">{PICTURES[kind] ?? PICTURES["bar"]}</svg>;
