import { HeatmapChart } from "echarts/charts";
import { CalendarComponent, VisualMapComponent } from "echarts/components";

export default [HeatmapChart, CalendarComponent, VisualMapComponent];
