/** A record named by id and how it is called. */
export interface Reference {
  id: number;
  label: string;
  /** It lies in the bin. */
  deleted?: boolean;
  /** The label is no name: this person may not read the record, or it is there no longer. */
  hidden?: boolean;
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  type: string;
}

/** A line of a lines field, or a record, by field name. */
export type Values = Record<string, unknown>;

export interface RecordMeta {
  can?: { edit?: boolean; delete?: boolean };
  read_only?: string[];
  /** A flow keeps it closed to this person, except for these fields. */
  closed?: { but: string[]; message: string };
  transitions?: Record<string, { to: string; allowed: boolean; message?: string; missing?: string[]; unmet?: Wanted[] }[]>;
  buttons?: string[];
  flows?: string[];
  print?: string[];
}

export interface StoredRecord extends Values {
  id: number;
  version: number;
  _label: string;
  _meta?: RecordMeta;
}

/** One thing a stage asks for before a record goes on. */
export interface Wanted {
  kind: "gate" | "field" | "deliverable" | "check";
  title: string;
  met: boolean;
  required: boolean;
  field: string | null;
  key: string | null;
  /** What a gate looks at: fields of the record, and relations whose records it counts or looks through. */
  reads: string[];
  rows: string[];
}

/** For how long a record has stood in its stage. */
export interface Standing {
  days: number | null;
  age: "late" | "overdue" | null;
}

/** The stage of a record: what it asks for, and how the work is done there. */
export interface Stage extends Standing {
  field: string;
  state: string | null;
  limit: number | null;
  wanted: Wanted[];
  guide: { text: string; documents: { form: string; id: number; label: string; files: StoredFile[] }[] } | null;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface RecordPage extends Page<StoredRecord> {
  count?: { value: number; capped: boolean };
  sums?: Record<string, string | null>;
}

export const isReference = (value: unknown): value is Reference =>
  typeof value === "object" && value !== null && "id" in value && "label" in value;

/** What somebody was filling in; `newer`: the record was changed since. */
export interface KeptDraft {
  id: number;
  form: string;
  record: number | null;
  version: number | null;
  title: string;
  updated_at: string;
  newer: boolean;
  values?: Values;
  before?: Values;
}

/** A record, or a view of a form, that somebody keeps at hand. */
export interface Favourite {
  form: string;
  record: number | null;
  view: string | null;
  /** What the record is called, or a view that somebody made; null for a view of the form. */
  label: string | null;
}
