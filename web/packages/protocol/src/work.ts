import type { Text } from "./text";
import type { Reference, Values } from "./values";

/** What the sides of the work around a record look like: tasks, instances, activities, notifications. */
export interface RecordReference extends Reference {
  form: string;
}

export interface FlowName {
  name: string;
  title: Text;
}

/** A parameter that the person fills in; a name with a dot lies inside: `chosen.second`. */
export interface ActionField {
  name: string;
  kind: "text" | "person" | "people" | "choice" | "checklist" | "files" | "signature";
  title: Text;
  required: boolean;
  options?: { name: string; title: Text }[];
  /** The choice that counts when none is made. */
  usual?: string;
}

/** Something the person may do now, described so that it can be offered without being known. */
export interface Action {
  operation: string;
  title: Text;
  /** What it means for whoever does it, and how it is said that it was done. */
  help?: Text;
  done?: Text;
  fixed: Values;
  parameters: ActionField[];
  danger: boolean;
}

/** What a program says of a step before, or instead of, a person; `held` is why it did not decide. */
export interface Advice {
  reviewer: string;
  title: string;
  state: "asked" | "given" | "failed" | "late";
  decision?: "approve" | "reject" | null;
  reason: string;
  confidence?: number | null;
  held?: string | null;
  at?: string | null;
}

export interface Task {
  id: number;
  kind: "approve" | "task" | "start" | "copy" | "instance";
  title: Text;
  subject?: string | null;
  flow: FlowName;
  node?: Text | null;
  record?: RecordReference | null;
  starter?: Reference | null;
  person?: Reference | null;
  created_at: string;
  due_at?: string | null;
  state: "open" | "waiting" | "done" | "kept" | "cancelled";
  /** Of a list: whether its flow stands still. */
  suspended?: boolean;
  decision?: string | null;
  opinion?: string | null;
  decided_at?: string | null;
  opinion_rule?: "none" | "optional" | "required";
  editable?: string[];
  mine?: boolean;
  instance?: Instance;
  decisions?: string[];
  actions?: Action[];
  help?: string | null;
  advice?: Advice | null;
  checklist?: { name: string; title: Text; required: boolean; done: boolean }[];
  draft?: { opinion?: string; values?: Values } | null;
  /** The record as who is asked may see it here; fields they have to fill in; fields not shown to them. */
  values?: Values | null;
  required?: string[];
  hidden?: string[];
  /** How the person came to be asked, and by whom; of a copy, what it says. */
  role?: "before" | "after" | "delegate" | "consult" | "next" | null;
  by?: Reference | null;
  /** For whom the person stands in; why a task was closed without an answer. */
  behalf?: Reference | null;
  reason?: string | null;
  text?: string | null;
}

export interface StepPerson {
  person: Reference;
  state: string;
  decision?: string | null;
  opinion?: string | null;
  at?: string | null;
  due_at?: string | null;
  /** They took it for themselves (认领). */
  claimed?: boolean;
  task?: number;
  /** How they came to be asked (none: by the step itself), by whom, and for whom they stand in. */
  role?: "before" | "after" | "next" | "delegate" | "consult" | null;
  by?: Reference | null;
  behalf?: Reference | null;
  reason?: string | null;
  signed?: boolean;
  /** By which entry of the list they are asked. */
  why?: Text | null;
  /** What this reader may do with them. */
  actions?: Action[];
}

/** A length of time. */
export interface Span {
  days: number;
  hours: number;
  minutes: number;
  working: boolean;
}

export interface Step {
  node: string;
  kind: string;
  title?: Text | null;
  mode?: "all" | "any" | "in_order" | "vote" | null;
  /** When a vote passes. */
  passes?: { count?: number | null; share?: string | null; more_than?: boolean; weighted?: boolean } | null;
  /** What came of it, of an end. */
  outcome?: string | null;
  /** The end of a branch or a scope, of which there is nothing to say: the flow went on after it. */
  ends_part?: boolean;
  /** How a vote stands: of all together, or of each group for itself. */
  votes?: { agreed: number; needed: number; everybody: number }[];
  /** What happens when the time is up, rung by rung; of the first when. */
  later?: { at: string | null; after: Span; text: Text; times: number }[];
  /** Until when it waits. */
  until?: string | null;
  /** What else it waits for. */
  awaits?: { text: Text; at: string | null }[];
  /** Whether every entry of the list has to pass for itself. */
  groups?: "together" | "each";
  state: "done" | "approved" | "rejected" | "active" | "waiting" | "skipped" | "returned" | "failed";
  at?: string | null;
  advice?: Advice | null;
  people?: StepPerson[];
  /** Which conditions held and which policies acted, in sentences. */
  reasons?: Text[];
  /** What it was stuck by, as long as it is. */
  problems?: string[];
}

/** What somebody, the clock or another program did beside the answers of the steps. */
export interface Deed {
  at: string;
  by: Reference | null;
  event: string;
  text: Text;
  opinion?: string | null;
}

export interface Instance {
  record?: { form: string; id: number; label: string };
  id: number;
  flow: FlowName;
  state: "running" | "approved" | "rejected" | "ended" | "withdrawn" | "cancelled" | "voided" | "failed" | "suspended";
  /** Since when it stands still, by whom and why. */
  suspended?: { at: string; by: { id: number; label: string } | null; opinion: string | null } | null;
  starter?: Reference | null;
  started_at: string;
  ended_at?: string | null;
  steps: Step[];
  /** Who got it to read, and when they did. */
  copies?: { person: Reference; by?: Reference | null; at: string; read_at?: string | null }[];
  deeds?: Deed[];
  actions?: Action[];
}

export interface Change {
  field: string;
  from: unknown;
  to: unknown;
  /** Of rows: how many came, changed and went, and the first of them one by one. */
  lines?: { added: number; changed: number; removed: number };
  rows?: RowChange[];
}

/** What became of a row: all it says when it came or went, else what changed in it. */
export interface RowChange {
  kind: "added" | "changed" | "removed";
  id: number;
  values?: Values;
  changes?: Change[];
}

export interface Activity {
  id: string | number;
  at: string;
  by: Reference | null;
  kind: "created" | "deleted" | "changed" | "revealed" | "restored" | "erased" | "merged" | "unmerged" | "comment" | "record" | "flow" | "mail" | "print" | "file";
  changes?: Change[];
  /** The version a change made. */
  version?: number;
  cause?: string | null;
  text?: Text | null;
  /** Of a comment: whom it calls, and whether it was put in other words. */
  mentions?: Reference[];
  edited?: boolean;
  /** Of a comment that was taken away: when, and by whom; null by is the application. */
  removed?: { at: string; by: Reference | null } | null;
  record?: RecordReference;
  flow?: FlowName;
  event?: "started" | "decided" | "deed" | "ended";
  node?: Text | null;
  decision?: string | null;
  opinion?: string | null;
  outcome?: string | null;
  file?: { id: string; name: string };
}

export interface Notification {
  id: number;
  at: string;
  title: string;
  text?: string | null;
  read: boolean;
  record?: RecordReference | null;
  task?: number | null;
  /** Of several records: where they are listed. */
  list?: { form: string; where: string };
}

export interface Duplicate {
  id: number;
  label: string;
  fields: string[];
  match: "exact" | "similar" | "sounds";
  score?: number;
}

export interface ImportAnswer {
  dry_run: boolean;
  rows: number;
  create: number;
  update: number;
  skip: number;
  refused: number;
  /** Which column fills which field; of one that is called as a field no file may fill, why it does not. */
  columns: { title: string; field: string | null; why?: string | null }[];
  /** The fields that no file may fill, and why. */
  closed?: { field: string; title: string; reason: string }[];
  /** The first rows, as they come in and (`cells`) as they stand in the file. */
  preview: { row: number; action: string; values: Values; cells?: string[] }[];
  problems: { row: number; field?: string | null; column?: string | null; code: string; detail: string; seen?: string | null }[];
  /** The row of the file in which its titles stand, from 1. */
  header_row?: number | null;
  /** What a small file brought in, to be taken back. */
  batch?: number | null;
}

/** A large file on its way in. */
export interface ImportRun extends ImportAnswer {
  run: number;
  state: "reading" | "running" | "done" | "cancelled" | "failed" | "stopping" | "stopped" | "undoing" | "undone" | "halted";
  total: number;
  done: number;
  /** Whether the file is still being read, so that `total` is not all yet. */
  reads_on: boolean;
  error?: string | null;
  /** Of what was taken back: records that others worked on, and those of which something could not come back. */
  kept?: number;
  left?: number;
}
