import { LineChart } from "echarts/charts";
import { MarkLineComponent } from "echarts/components";

export default [LineChart, MarkLineComponent];
