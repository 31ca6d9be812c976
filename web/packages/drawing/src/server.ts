import { use, init, registerMap } from "echarts/core";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import bar from "./parts/bar";
import boxplot from "./parts/boxplot";
import gauge from "./parts/gauge";
import heatmap from "./parts/heatmap";
import line from "./parts/line";
import map from "./parts/map";
import pie from "./parts/pie";
import radar from "./parts/radar";
import sankey from "./parts/sankey";
import scatter from "./parts/scatter";
import sunburst from "./parts/sunburst";
import treemap from "./parts/treemap";
import { fitted } from "./fitted";
import { numberWords, revive } from "./revive";

for (const part of [[AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer], bar, line, pie, scatter, radar, heatmap, treemap, sunburst, sankey, boxplot, gauge, map]) use(part);

/** An option as an SVG document; called by the server's embedded engine, which speaks JSON. */
export function draw(json: string, width: number, height: number, fontFamily: string): string {
  const chart = init(null, { textStyle: { fontFamily }, backgroundColor: "#ffffff" }, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ ...fitted(revive(JSON.parse(json)) as Record<string, unknown>, width), animation: false, tooltip: { show: false } });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Outlines, by the name that options use. */
export function outlines(name: string, json: string): void {
  registerMap(name, JSON.parse(json) as Parameters<typeof registerMap>[1]);
}

/** A number in words, for the test that holds the page against the server. */
export function words(json: string): string {
  const { value, spec } = JSON.parse(json) as { value: unknown; spec: Parameters<typeof numberWords>[1] };
  return numberWords(value, spec);
}
