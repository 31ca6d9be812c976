import { SankeyChart } from "echarts/charts";

export default [SankeyChart];
