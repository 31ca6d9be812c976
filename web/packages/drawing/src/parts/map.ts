import { MapChart } from "echarts/charts";
import { GeoComponent, VisualMapComponent } from "echarts/components";

export default [MapChart, GeoComponent, VisualMapComponent];
