/** A record named by id and how it is called. */
export interface Reference {
  id: number;
  label: string;
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
  transitions?: Record<string, { to: string; allowed: boolean; message?: string }[]>;
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
