import { AreaChartOutlined, BarChartOutlined, CalendarOutlined, DotChartOutlined, FieldNumberOutlined, FileTextOutlined, FontSizeOutlined, FunnelPlotOutlined, GlobalOutlined, HeatMapOutlined, LineChartOutlined, OrderedListOutlined, PieChartOutlined, RadarChartOutlined, TableOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";

const FACES: Record<string, ReactNode> = {
  heading: <FontSizeOutlined />, text: <FileTextOutlined />,
  kpi: <FieldNumberOutlined />, gauge: <FieldNumberOutlined />, progress: <FieldNumberOutlined />, bullet: <FieldNumberOutlined />,
  line: <LineChartOutlined />, smooth_line: <LineChartOutlined />, step_line: <LineChartOutlined />, combo: <LineChartOutlined />, timeline: <LineChartOutlined />,
  area: <AreaChartOutlined />, stacked_area: <AreaChartOutlined />,
  pie: <PieChartOutlined />, donut: <PieChartOutlined />, rose: <PieChartOutlined />, sunburst: <PieChartOutlined />,
  funnel: <FunnelPlotOutlined />, loss_funnel: <FunnelPlotOutlined />, sankey: <FunnelPlotOutlined />,
  map: <GlobalOutlined />, heat_map: <HeatMapOutlined />, calendar: <CalendarOutlined />, cohort: <HeatMapOutlined />,
  scatter: <DotChartOutlined />, bubble: <DotChartOutlined />, radar: <RadarChartOutlined />,
  table: <TableOutlined />, pivot: <TableOutlined />, ranking: <OrderedListOutlined />,
};

/** What a tile is drawn as, in small: the kind of its chart, a heading, a text. */
export const TileFace = ({ name }: { name: string }) => <span aria-hidden="true">{FACES[name] ?? <BarChartOutlined />}</span>;
