import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { getMap, init, registerMap, use, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { NIGHT } from "./night";
import { prepare } from "./parts";

export { fitted } from "./fitted";
export { atNight } from "./night";
export { UnknownSeries } from "./parts";
export { numberWords, revive } from "./revive";
export type { ECharts } from "echarts/core";

use([AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Drawing {
  option?: Record<string, unknown>;
  /** The outlines that the option names. */
  maps?: string[];
}

/** Everything a drawing needs, made known; then it can be drawn at once. Raises UnknownSeries and MissingOutlines. */
export async function ready(drawing: Drawing): Promise<void> {
  await prepare(drawing.option ?? {});
  await Promise.all((drawing.maps ?? []).map(outlines)); // only what draws maps can keep outlines
}

/** The outlines of a map that did not come. */
export class MissingOutlines extends Error {}

async function outlines(name: string): Promise<void> {
  if (getMap(name)) return;
  const base = import.meta.url;
  const answer = await fetch(new URL(`../maps/${name}.json`, base)).catch((error: unknown) => { throw new MissingOutlines(`${name}: ${String(error)}`); });
  if (!answer.ok) throw new MissingOutlines(`${name}: ${answer.status}`);
  registerMap(name, (await answer.json()) as Parameters<typeof registerMap>[1]);
}

/** A chart to draw on. */
export function chartOn(element: HTMLElement, fontFamily: string, dark = false): ECharts {
  return init(element, dark ? { darkMode: true, textStyle: { fontFamily, color: NIGHT["#1f2430"] }, tooltip: BOX } : { textStyle: { fontFamily } }, { renderer: "svg" });
}

/** The box beside the pointer, at night. */
const BOX = { backgroundColor: "#232834", borderColor: "#475166", textStyle: { color: NIGHT["#1f2430"] } };
