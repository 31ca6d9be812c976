import type { Text } from "./text";
import type { Action } from "./work";

export interface FlowLine {
  flow: string;
  title: Text;
  form: string;
  on: "created" | "updated" | "transition" | "manual" | "message" | "signal" | "schedule";
  schedule: { cron?: string; every?: Record<string, number>; at?: string } | null;
  next: string | null;
  running: number;
  /** How many run under an earlier version. */
  older: number;
  stuck: number;
  /** How many stand still until they are resumed. */
  suspended: number;
  actions: Action[];
  nodes: { name: string; title: string }[];
}

interface Named {
  id: number;
  label: string;
}

interface RecordOf extends Named {
  form: string;
}

export interface Incident {
  id: number;
  instance: number;
  node: string;
  title: string;
  at: string;
  code: string;
  problems: { code: string; message: string }[];
  flow: { name: string; title: Text };
  subject: string;
  record: RecordOf;
  actions: Action[];
}

export type MessageState = "waiting" | "received" | "expired";

/** A message that came before anybody in a flow waited for it. */
export interface KeptMessage {
  id: number;
  name: string;
  title: Text;
  flow: { name: string; title: Text };
  record: RecordOf;
  sender: Named | null;
  state: MessageState;
  sent_at: string;
  expires_at: string;
  received_at: string | null;
  instance: number | null;
}

export interface Carried {
  instance: number;
  subject: string;
  record: RecordOf;
  /** Where it would stand, and whom it would ask there. */
  at: { node: string; from?: string; state: string; people: Named[] }[];
  done: boolean;
  /** What hinders it; of a step that hinders, its id and what it is called. */
  problems: { code: string; detail: string; node?: string; title?: string }[];
}

export interface GraphNode {
  id: string;
  kind: string;
  title: string;
  scope: string | null;
  /** What came of it, of an end. */
  outcome?: string | null;
  state: "done" | "active" | "waiting" | "failed" | "ahead";
  walked: number;
  /** How often it would be walked from now on. */
  foreseen: number;
}

export interface FlowGraph {
  flow: { name: string; title: Text };
  nodes: GraphNode[];
  arrows: { from: string; exit: string; to: string; walked: number; foreseen: number }[];
}

export interface ForeseenStep {
  node: string;
  kind: string;
  title: Text;
  state: string;
  exit: string | null;
  /** The end of a branch or a scope, of which there is nothing to say: the flow goes on after it. */
  ends_part?: boolean;
  /** What it is based on; until when it would wait. */
  why?: { until?: string } | null;
  /** Which conditions held and which policies acted, in sentences. */
  reasons: Text[];
  people: { person: Named; behalf: Named | null; role: string | null; why: Text | null }[];
  /** The splits it comes out of, the outermost first: the number of each, and by which exit. */
  branch?: [number, number][];
  /** What it will wait for, beside people. */
  awaits?: { text: Text }[];
}

/** What comes of a wait in which nothing happens in time: until when, where it leads, and how the flow ends then. */
export interface Otherwise {
  node: string;
  at: string;
  to: Text;
  state: string;
}

/** What would happen, and where it would stop. */
export interface Foreseen extends FlowGraph {
  state: string;
  outcome: string | null;
  steps: ForeseenStep[];
  otherwise?: Otherwise[];
  /** The step it comes back to again and again with these answers; then the steps are those of one round. */
  repeats?: Text | null;
  incidents: { node: string; code: string; problems: { message: string }[] }[];
}
