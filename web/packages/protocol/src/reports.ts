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
  type: string;
  x?: string;
  y?: string[];
  [option: string]: unknown;
}

/** How a result is drawn: an option for ECharts, or what the component of the kind needs. */
export interface Drawing {
  option?: Record<string, unknown>;
  maps?: string[];
  kpi?: KpiDrawing;
  ranking?: Place[];
  words?: Word[];
  width?: number;
  height?: number;
  cohort?: Cohort;
  pivot?: Pivot;
}

export interface KpiDrawing {
  measure: string;
  value: string;
  brief: string;
  row?: number;
  target?: string;
  share?: number;
  change?: number;
  better?: boolean;
  trend?: number[];
}

export interface Place {
  row: number;
  place: number;
  name: string;
  value: string;
  share: number;
  more: string[];
}

export interface Word {
  text: string;
  x: number;
  y: number;
  size: number;
  color: string;
  row: number;
  value: string;
}

export interface Cohort {
  ages: number[];
  of: string;
  size: string;
  lines: { name: string; size: string; cells: ({ text: string; exact: string; ground: string; row: number } | null)[] }[];
}

export type Key = Record<string, unknown>;

export interface PivotCell {
  text: string;
  number: number | null;
  ground?: string;
}

export interface PivotLine {
  depth: number;
  name: string;
  key: Key;
  cells: (PivotCell | null)[][];
  totals: (PivotCell | null)[];
}

export interface Pivot {
  heads: string[];
  across: string[];
  columns: { names: string[]; key: Key }[];
  measures: { name: string; title: string }[];
  lines: PivotLine[];
  grand: PivotLine;
  capped: boolean;
}

export interface Result {
  report: string;
  title: Text;
  columns: Column[];
  rows: unknown[][];
  totals?: unknown[] | null;
  chart?: Chart | null;
  drawing?: Drawing | null;
  drill?: boolean;
  /** The dimensions with levels below them, the names of the levels from the top. */
  hierarchies?: { dimension: string; levels: string[] }[];
  capped?: boolean;
  compared?: unknown[] | null;
  /** What the numbers in `compared` are of. */
  compare?: "previous" | "last_year";
  /** The days the numbers in `compared` are of; with `part`, as many as have passed of a period that goes on. */
  compared_period?: { from: string; to: string; part: boolean };
  /** Periods among the rows that go on: the row that begins on `start` is held against the days of an earlier one. */
  begun?: { dimension: string; start: string; compare: "previous" | "last_year"; from: string; to: string }[];
  /** The days it is of; left out where it is of all time. Days that were chosen have no name. */
  period?: { name: string | null; from: string; to: string };
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

/** What stands on a board: a report, a heading, or a text in Markdown. */
export interface Tile {
  report?: string;
  heading?: Text;
  text?: Text;
  title?: Text;
  /** By filter of the board, that of the report which it stands for; false: the report does not follow it. */
  follows?: Record<string, string | false>;
  /** The filters of the board as they are those of the report, where some stand for others. */
  filters?: Record<string, unknown>;
  x: number;
  y: number;
  w: number;
  h: number;
  result?: Result;
  problem?: { detail: string };
  /** Whether what was pressed on another tile narrows this one. */
  crossed?: boolean;
}

export interface Dashboard {
  dashboard: string;
  title: Text;
  filters?: BoardFilter[];
  tiles: Tile[];
}

export interface Choice {
  name: string;
  title: Text;
  role: "dimension" | "measure";
}

/** A report combined freely: the cross table, and all that can be combined. */
export interface Explored extends Result {
  choices: Choice[];
}

export interface OwnBoard {
  id: number;
  title: string;
}

export interface Subscription {
  id: number;
  dashboard: string;
  schedule: string;
  sent_at?: string | null;
  channel: string;
  condition: { report: string; measure: string; compared: string; value: string | number } | null;
  /** Why the last one could not be sent. */
  unsent: Text | null;
}

/** A channel a board can be sent by. */
export interface BoardWay {
  name: string;
  title: string;
  reach: "account" | "phone" | "email" | "room";
  pictures: boolean;
}

export interface Share {
  id: number;
  dashboard: string;
  until: string;
  token?: string;
}
