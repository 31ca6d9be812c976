import type { Option } from "./application";
import type { Text } from "./text";

export interface Column {
  name: string;
  title: Text;
  role: "dimension" | "measure";
  kind: string;
  scale?: number | null;
  format?: "money" | "percent" | null;
  options?: Option[];
  grain?: "day" | "week" | "month" | "quarter" | "year" | null;
}

export interface Chart {
  type: "kpi" | "bar" | "line" | "pie" | "funnel" | "table";
  x?: string;
  y?: string[];
  series?: string;
  stacked?: boolean;
  horizontal?: boolean;
  target?: string;
}

export interface Result {
  report: string;
  title: Text;
  columns: Column[];
  rows: unknown[][];
  totals?: unknown[] | null;
  chart?: Chart | null;
  drill?: boolean;
  capped?: boolean;
  compared?: unknown[] | null;
}

export interface Drill {
  form: string;
  where: string;
  columns?: string[];
  title?: string;
}

export interface BoardFilter {
  name: string;
  title?: Text;
  type: "period" | "select" | "member" | "department";
  options?: Option[];
  value?: unknown;
}

export interface Tile {
  report: string;
  title?: Text;
  x: number;
  y: number;
  w: number;
  h: number;
  result?: Result;
  problem?: { detail: string };
}

export interface Dashboard {
  dashboard: string;
  title: Text;
  filters?: BoardFilter[];
  tiles: Tile[];
}
