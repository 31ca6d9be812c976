import { FONT, SERIES } from "@lowcode/kit";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type Drawing = Record<string, unknown>;

export function chartOn(element: HTMLElement): ECharts {
  return init(element, { color: SERIES, textStyle: { fontFamily: FONT } }, { renderer: "svg" });
}
