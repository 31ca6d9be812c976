import type { Text } from "./text";

/** A secret that a connection needs, by its name, and whether the server has it. */
export interface NamedSecret {
  name: string;
  variable: string;
  there: boolean;
  /** For which hosts and documents the server has bound it; null: the server has not said. */
  bound: string | null;
  /** The variable of the server that binds it. */
  bound_by: string;
}

/** A document that names another. */
export interface NamedBy {
  kind: string;
  name: string;
  title: Text;
}

/** A way out: a connector, or a webhook. */
export interface Connector {
  name: string;
  title: string;
  type: string;
  address: string | null;
  address_secret: string | null;
  method: string;
  timeout: number;
  limit: number | null;
  /** How people are reached by it; null for one that only programs listen to. */
  reach: "account" | "phone" | "email" | "room" | null;
  /** Whether a document says what it can be asked. */
  offers: boolean;
  on: { form: string; event: string } | null;
  secrets: NamedSecret[];
  used_by: NamedBy[];
  waiting: number;
  dead: number;
  last: { at: string; state: string; status: number | null; error: string | null; hint: string | null } | null;
}

/** A way in for one sort of record. */
export interface IntakeLine {
  name: string;
  title: string;
  form: string;
  path: string;
  proof: "key" | "signed" | "public";
  origins: string[];
  limit: number | null;
  limit_total: number | null;
  secrets: NamedSecret[];
  refused: number;
}

export interface EndpointLine {
  name: string;
  title: string;
  method: string;
  path: string;
  by: ("public" | "key" | "session")[];
  limit: number | null;
  limit_total: number | null;
}

/** Everything that connects the app with other programs. */
export interface Connections {
  connectors: Connector[];
  intakes: IntakeLine[];
  mailboxes: { name: string; looked_at: string | null; error: string | null }[];
  endpoints: EndpointLine[];
  /** By what people sign in, and whom they follow. */
  ways: { name: string; title: string; type: string; connector: string | null; secrets: NamedSecret[] }[];
  off: { name: string; title: string; type: string }[];
  attempts: number;
}

/** What came of trying a connector. */
export interface TriedConnector {
  done: boolean;
  status: number | null;
  answer: string | null;
  error: string | null;
  hint: string | null;
}

/** A message that went out, or waits to. */
export interface Delivery {
  id: number;
  target: string;
  event: string;
  form: string | null;
  record: number | null;
  body: string | null;
  state: "waiting" | "delivered" | "dead";
  attempts: number;
  status: number | null;
  answer: string | null;
  error: string | null;
  hint: string | null;
  created_at: string;
  tried_at: string | null;
  next_at: string | null;
}

/** A request that came in. */
export interface ReceivedRequest {
  id: number;
  intake: string;
  at: string;
  address: string;
  state: "accepted" | "refused" | "flagged";
  outcome: string | null;
  record: number | null;
  problems: { pointer: string; code: string; detail: string }[];
  replays: number;
}
