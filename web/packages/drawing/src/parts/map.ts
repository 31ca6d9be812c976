import { MapChart } from "echarts/charts";
import { GeoComponent, VisualMapComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";

export default [MapChart, GeoComponent, VisualMapComponent, LabelLayout];
