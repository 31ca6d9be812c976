import type { Text } from "./text";
import type { ActionField } from "./work";

export interface Option {
  name: string;
  title: Text;
  color?: string;
  children?: Option[];
}

export interface StateOption extends Option {
  closed?: boolean;
  won?: boolean;
  probability?: number;
  help?: Text;
  /** There is something to ask `records.stage` for. */
  staged?: boolean;
  /** For how many days a record may stand there. */
  limit?: number;
}

export interface Transition {
  from: string[] | null;
  to: string;
  title?: Text;
  required?: string[];
  /** Asked before it is done. */
  confirm?: Text;
  /** Its place among the emitted conditions. */
  index?: number;
}

export interface ResultType {
  kind: string;
  scale?: number | null;
  format?: "money" | "percent";
  options?: Option[];
  to?: string;
}

export interface Field {
  name: string;
  type: string;
  title: Text;
  help?: Text;
  required?: boolean;
  read_only?: boolean;
  unique?: boolean;
  search?: boolean;
  sort?: boolean;
  filter?: boolean;
  /** What it can be compared by in a filter. */
  operators?: string[];
  /** Records with equal values of it can stand together. */
  group?: boolean;
  system?: boolean;
  max_length?: number;
  pattern?: string;
  scale?: number;
  min?: number | string | null;
  max?: number | string | null;
  unit?: Text;
  currency?: string;
  options?: Option[];
  /** Of a field of people: only those with this role may be chosen. */
  role?: string;
  /** What a new record starts with, when that is a plain value. */
  default?: unknown;
  initial?: string;
  states?: StateOption[];
  transitions?: Transition[];
  to?: string;
  fields?: Field[];
  result?: ResultType;
  accept?: string[];
  max_size?: number;
  many?: boolean;
  /** How it is entered and shown, where a type has several ways. */
  widget?: string;
  /** Not on the page. */
  hidden?: boolean;
  language?: string;
  step?: number | string | null;
  /** The field beside it that says in which currency it is. */
  currency_from?: string;
  /** The field beside it that a range ends at. */
  until?: string;
  precision?: "day" | "month" | "year";
  levels?: number;
  abroad?: boolean;
  device_only?: boolean;
  symbology?: string;
  any_level?: boolean;
  dimensions?: Dimension[];
  free?: boolean;
  /** Which records may be chosen, as a condition on them. */
  offered?: string;
  /** What of a chosen record must equal something of this one. */
  matches?: string[];
  /** Shown under a mask. */
  veiled?: boolean;
  /** This person may ask to see what is under it. */
  revealed?: boolean;
}

/** Tags that belong together. */
export interface Dimension {
  name: string;
  title?: Text;
  one?: boolean;
  color?: string;
  options: Option[];
}

export type Placed = string | { field: string; span?: number; width?: number; pin?: "left" | "right" };

export interface Divider {
  divider: Text;
}

export interface Notice {
  notice: Text;
  kind?: "info" | "success" | "warning" | "error";
}

/** The button of a rule, among the facts of a record. */
export interface PlacedButton {
  button: string;
}

export type Part = Placed | Divider | Notice | PlacedButton;

export interface Section {
  section?: Text | null;
  name?: string;
  columns?: number;
  fields: Part[];
  collapsed?: boolean;
}

export interface Tab {
  tab: Text;
  /** One step of filling in a new record. */
  step?: boolean;
  sections: Section[];
}

export type LayoutNode = Section | Tab;

export interface View {
  name: string;
  type: "grid" | "kanban" | "calendar" | "timeline" | "resource" | "gallery" | "tree" | "map";
  title: Text;
  columns?: Placed[];
  sort?: string[];
  /** The field whose equal values stand together under a heading. */
  group?: string;
  default?: boolean;
  /** Whether it leaves records out by a condition of its own. */
  narrow?: boolean;
  by?: string;
  /** kanban: what marks the cards with its colour; perhaps of a linked record. */
  color?: string;
  card?: string[];
  sum?: string;
  starts?: string;
  /** calendar, resource: what it begins with. */
  shows?: "month" | "week" | "day";
  ends?: string;
  /** resource: the field whose values are the rows. */
  resource?: string;
  /** resource: how much a row takes on a day. */
  capacity?: number;
  image?: string;
  parent?: string;
  place?: string;
  /** The address of the ground of a map, with {z} {x} {y}. */
  tiles?: string;
}

/** One comparison of a field with a value. */
export interface Condition {
  field: string;
  operator: string;
  value?: unknown;
}

/** Conditions and groups of which all, any or none have to hold. */
export interface FilterGroup {
  match?: "all" | "any" | "none";
  conditions: (Condition | FilterGroup)[];
}

/** A view that somebody made; its name begins with `~`. */
export interface SavedView extends View {
  id: number;
  version: number;
  title: string;
  filter?: FilterGroup;
  /** The view of the form it was made from, whose condition holds too. */
  base?: string;
  mine: boolean;
  may_edit: boolean;
  by_whom: string;
  roles: string[];
  departments: { id: number; label: string }[];
  /** What became of it when the form changed. */
  broken?: string;
}

export interface Relation {
  name: string;
  title?: Text;
  form: string;
  by: string;
  /** Whether the field that names this record may name records of other forms, too. */
  any?: boolean;
}

/** By what a record is reached. */
export type Reached = "call" | "mail" | "map" | "wechat" | "qq" | "whatsapp" | "telegram";

export interface Form {
  name: string;
  title: Text;
  /** What many of its records are called. */
  plural?: Text;
  icon?: string;
  label?: string | null;
  /** The link of a record to the one it hangs under, when its records form a tree. */
  tree?: string | null;
  fields: Field[];
  layout?: LayoutNode[];
  views?: View[];
  detail?: { header?: string[]; related?: string[] | null; reach?: (string | { field: string; by?: Reached | null })[] | null; add?: string[]; timeline?: boolean; presence?: boolean; recent?: number };
  permissions: Record<string, boolean>;
  relations?: Relation[];
  checks?: { name: string; field?: string | null; message?: Text }[];
  duplicates?: boolean;
  /** Its public faces, at `public/<form>/<name>`. */
  public?: { name: string; title: Text }[];
  /** Whether this person may see to the rights of those its records are about. */
  privacy?: boolean;
  print?: { name: string; title: Text; languages?: string[]; outputs?: string[]; labels?: number | null; roll?: boolean; background?: boolean; form_printed?: boolean }[];
  /** The cards of an address book that its records can be saved as. */
  cards?: { name: string; title: Text }[];
  /** The flows a person may start by hand; `picks` are people to be picked at the start. */
  flows?: { name: string; title: Text; picks?: ActionField[] }[];
  buttons?: { rule: string; title: Text; confirm?: Text }[];
  /** The score cards whose points a field of it holds. */
  scores?: { card: string; title: Text; field: string }[];
  /** Whether there are message templates for it. */
  messages?: boolean;
  paths?: string[];
  /** Whether a photo of a business card fills it in, and whether the server can read one. */
  business_card?: "read" | "missing" | null;
  /** How it is filled in without a network; null when it is not. */
  offline?: { choices: number; conflicts: Record<string, "mine" | "theirs"> } | null;
}

export interface MenuItem {
  title?: Text;
  icon?: string;
  form?: string;
  view?: string;
  dashboard?: string;
  report?: string;
  tasks?: boolean;
}

export interface Application {
  name: string;
  title: Text;
  version?: string;
  /** Tells this version of the app from another. */
  digest?: string;
  zone?: string;
  currency?: string;
  languages: string[];
  expressions?: string;
  roles?: { name: string; title: Text }[];
  menus: { title?: Text; items: MenuItem[] }[];
  home?: MenuItem | null;
  forms: Record<string, Form>;
  dashboards?: Record<string, { title: Text }>;
  reports?: Record<string, { title: Text }>;
  datasets?: Record<string, { title: Text }>;
  flows?: Record<string, { title: Text; form?: string }>;
  /** For administrators: whether a link to choose a password can be sent. */
  by_letter?: boolean;
  /** Pages this person may open besides those the menus name. */
  pages?: { pools?: boolean; automation?: boolean; flows?: boolean };
}

export interface MomentState {
  now: string;
  zone: string;
  me: number | null;
  roles: string[];
  team: number[];
  units: number[];
  calendar?: unknown;
}

export interface Session {
  /** Where one wanted to go, when a second step was between. */
  place?: string;
  /** Fresh recovery codes, told this once. */
  recovery?: string[];
  actor: {
    id: number;
    login: string;
    name: string;
    title?: Text | null;
    roles: string[];
    department?: { id: number; label: string } | null;
    administrator?: boolean;
  };
  token: string;
  locale: string;
  demo?: boolean;
  moment?: MomentState;
}

/** What is missing of a sign-in: a code, or first an authenticator. */
export interface PendingSignIn {
  step: "code" | "setup";
  remember_days: number;
  secret?: string;
  picture?: string;
  /** Until when it may be put off, of a factor that is to be set up. */
  until?: string | null;
}

/** One's own second factor. */
export interface FactorState {
  set_up: boolean;
  since: string | null;
  required: boolean;
  password: boolean;
  recovery: number;
  devices: number;
}

/** A key of a program, as its list shows it. */
export interface AccessKey {
  id: number;
  prefix: string;
  name: string;
  user: number;
  scopes: string[];
  rows: Record<string, string> | null;
  fields: Record<string, string[]> | null;
  rate: number;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_address: string | null;
  revoked_at: string | null;
}

/** What a key was used for. */
export interface KeyUse {
  id: number;
  at: string;
  address: string;
  what: string;
  status: number;
}

/** What was refused at the door. */
export interface RefusalPage {
  items: { id: number; at: string; code: string; status: number; what: string; address: string; key: string; more: number; user: { id: number; label: string; login: string } | null }[];
  next: number | null;
  codes: { code: string; count: number }[];
  kept_days?: number;
}

/** A department or person that changes by the organisation: what becomes of it, what is set, and what stands there now. */
export interface OrganisationChange {
  does: string[];
  key: string;
  name: string;
  known_as: string;
  user: number | null;
  sets: Record<string, unknown>;
  was: Record<string, unknown>;
}

/** What is left for an administrator. */
export interface OrganisationConflict {
  reason: string;
  name: string;
  key: string;
  others: string[];
  count: number;
  of: number;
}

/** What would change by the organisation, or what did. */
export interface OrganisationRun {
  at: string;
  by: number | null;
  error?: string | null;
  counts: Record<string, number>;
  departments: OrganisationChange[];
  people: OrganisationChange[];
  conflicts: OrganisationConflict[];
}

/** The organisations that the directory follows. */
export interface Organisations {
  items: { name: string; title: string; kind: string; minutes: number; ready: boolean; last: OrganisationRun | null }[];
}

/** A way to sign in beside a password. */
export interface SignInMethod {
  name: string;
  title: Text;
  kind: string;
}

export interface DemoPerson {
  login: string;
  name: string;
  title?: Text | null;
  department?: string | null;
  roles: string[];
}
