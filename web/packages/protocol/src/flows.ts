import type { Text } from "./text";
import type { Action } from "./work";

export interface FlowLine {
  flow: string;
  title: Text;
  form: string;
  on: "created" | "updated" | "transition" | "manual" | "message" | "signal" | "schedule";
  schedule: { cron?: string; every?: object; at?: string } | null;
  next: string | null;
  running: number;
  /** How many run under an earlier version. */
  older: number;
  stuck: number;
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

export interface Carried {
  instance: number;
  subject: string;
  record: RecordOf;
  /** Where it would stand, and whom it would ask there. */
  at: { node: string; from?: string; state: string; people: Named[] }[];
  done: boolean;
  problems: { code: string; detail: string; node?: string }[];
}
