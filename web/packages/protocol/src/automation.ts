import type { Text } from "./text";
import type { Values } from "./values";

export interface RuleLine {
  rule: string;
  title: Text;
  form: string | null;
  trigger: "save" | "schedule" | "inactive" | "date" | "button" | "event";
  phase: "before" | "after";
  when: string | null;
  actions: string[];
  armed: boolean;
  paused: string | null;
  lately: Partial<Record<Outcome, number>>;
  last: string | null;
  /** Whether its past can be replayed. */
  tried: boolean;
}

export type Outcome = "done" | "not_met" | "stopped" | "paused" | "refused" | "ended";

export interface AskedCondition {
  condition: string;
  met: boolean;
  values: Values;
}

export interface RunLine {
  id: number;
  rule: string;
  step: number;
  form: string | null;
  record: number | null;
  at: string;
  outcome: Outcome;
  conditions: AskedCondition[];
  actions: Values[];
  causes: string[];
  error: string | null;
}

export interface RunLog {
  items: RunLine[];
  failed: { rule: string; record: number | null; step: number; error: string; attempts: number; next_at: string }[];
  labels: Record<string, Record<string, string>>;
  people: Record<string, string>;
}

export interface WaitLine {
  id: number;
  rule: string;
  title: Text;
  step: number;
  form: string | null;
  record: number;
  started_at: string;
  due_at: string;
}

export interface Backtest {
  rule: string;
  since: string;
  until: string;
  looked_at: number;
  more_records: boolean;
  assumed: string[];
  count: number;
  records: number;
  firings: { record: number; at: string; step: number; actions: Values[] }[];
  notices: { user: number; name: string | null; count: number }[];
  assignments: { user: number; name: string | null; count: number }[];
  labels: Record<string, string>;
  people: Record<string, string>;
  logged: { count: number; only_replayed: number[]; only_logged: number[] };
}

export interface Scenario {
  scenario: string;
  group: string;
  group_title: Text;
  title: Text;
  help: Text;
  form: string | null;
  parameters: Record<string, { title?: Text; type?: string; default?: unknown; minimum?: number; maximum?: number }>;
  installed: boolean;
}

export interface Pool {
  pool: string;
  title: Text;
  form: string;
  manager: boolean;
  records: { value: number; capped: boolean } | null;
  claimed_today: number;
  per_day: number | null;
  held: number;
  holding: number | null;
  viewed_today: number;
  views_per_day: number | null;
  shown: string[];
}

export interface ScoreCard {
  card: string;
  title: Text;
  points: string | null;
  band: { name: string; title: Text } | null;
  version: string | null;
  contributions: { part: string; title: Text; sort: "attribute" | "behaviour" | "learned"; points: string; raw: string; weight: string; reasons: Values[] }[];
  changes: { at: string; points: string | null; former: string | null }[];
}

export interface Templates {
  items: { name: string; title: Text; group: Text; help: Text }[];
  addresses: { field: string; title: Text; sort: "email" | "phone" }[];
}
