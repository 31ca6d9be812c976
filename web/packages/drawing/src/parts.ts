import { use } from "echarts/core";

type Part = Parameters<typeof use>[0];
type Load = () => Promise<Part>;

/** What draws each series: loaded when one is shown, so that a board of bars fetches no map. */
const SERIES: Record<string, Load> = {
  bar: async () => (await import("./parts/bar")).default,
  line: async () => (await import("./parts/line")).default,
  pie: async () => (await import("./parts/pie")).default,
  scatter: async () => (await import("./parts/scatter")).default,
  radar: async () => (await import("./parts/radar")).default,
  heatmap: async () => (await import("./parts/heatmap")).default,
  treemap: async () => (await import("./parts/treemap")).default,
  sunburst: async () => (await import("./parts/sunburst")).default,
  sankey: async () => (await import("./parts/sankey")).default,
  boxplot: async () => (await import("./parts/boxplot")).default,
  gauge: async () => (await import("./parts/gauge")).default,
  map: async () => (await import("./parts/map")).default,
};

/** The page draws no such series: what a plug-in asks for may be one. */
export class UnknownSeries extends Error {}

/** Fetches and makes known what an option needs. Raises UnknownSeries. */
export async function prepare(option: { series?: { type?: string }[] }): Promise<void> {
  const types = [...new Set((option.series ?? []).map((each) => each.type ?? ""))];
  const loads = types.map((type) => {
    const load = SERIES[type];
    if (!load) throw new UnknownSeries(type);
    return load;
  });
  for (const part of await Promise.all(loads.map((load) => load()))) use(part);
}
