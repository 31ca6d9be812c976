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
  /** Whether it is a document of its own, which can be armed and disarmed. */
  switchable: boolean;
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
  /** What is worked through in pieces, by the `batch` an action names. */
  batches: Record<string, Batch>;
}

export interface Batch {
  target: string;
  total: number;
  done: number;
  refused: number;
  refusals: { record: number; why: Text }[];
  state: "working" | "paused" | "done" | "ended";
  reason: string | null;
  moved_at: string;
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

/** A form of which what is searched is being indexed. */
export interface Indexing {
  form: string;
  title: Text;
  done: number;
  total: number;
  since: string;
}

/** A word of a scenario, and what this app calls it. */
export interface ScenarioWord {
  word: string;
  kind: "form" | "relation" | "field" | "option" | "role";
  title: Text;
  form: string;
  holds: string;
  name: string | null;
  same: boolean;
  candidates: { name: string; title: Text }[];
}

/** A score card that learns from the past of its form. */
export interface LearningCard {
  card: string;
  title: Text;
  form: string;
  outcome: string;
  settled: string;
  records: number;
  most: number;
  least: number;
  least_each: number;
  in_use: number | null;
}

/** A model that was learned, and how good it is on records it has not seen. */
export interface LearnedModel {
  number: number;
  at: string;
  by: string | null;
  adopted_at: string | null;
  adopted_by: string | null;
  given_up_at: string | null;
  in_use: boolean;
  effects: { attribute: Text; case: string; odds: number }[];
  report: {
    examples: number;
    with_outcome: number;
    base_rate: number;
    area: number;
    brier: number;
    brier_of_base_rate: number;
    calibration: { records: number; said: number; came: number }[];
    of_use: boolean;
  };
}

/** A report that is carried on, and what its forecast says of itself; with a reason, that nothing is forecast. */
export interface ForecastSaid {
  report: string;
  title: Text;
  form: string;
  measure: Text;
  grain: "day" | "week" | "month" | "quarter" | "year" | "fiscal_quarter" | "fiscal_year" | null;
  periods: number;
  confidence: number;
  learned_from: number;
  reason?: "blank-periods" | "too-few-periods";
  least?: number;
  trend?: boolean;
  season?: boolean;
  tried?: number;
  error?: string | null;
  naive_error?: string | null;
}

/** What publishing documents would do, or what is wrong with them. */
/** What publishing does to the tables. What rows of it break is shown by some of them: of a warning the number of the
 * record, and what it says; of an error the values, and how often they occur. */
export interface PublicationStep {
  words: Text;
  rows: number;
  table?: { name: string };
  consents: string[];
  findings: { severity: string; words: Text; count: number; samples: (string | number | boolean | null)[][] }[];
}

export interface Publication {
  plan: string | null;
  version: number;
  changes: { kind: string; words: Text }[];
  steps: PublicationStep[];
  consents: string[];
  findings: { code: string; document: string; pointer: string; message: string; hint: string }[];
}

/** One version of the application, and who brought it. */
export interface PublishedVersion {
  version: number;
  at: string;
  by: string | null;
  published: boolean;
  in_use: boolean;
  undoes: number | null;
  undone_at: string | null;
  changes: { kind: string; words: Text }[];
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
