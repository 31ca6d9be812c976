import type { Application, Client, Form, Session, Values } from "@lowcode/protocol";
import { createContext, use } from "react";
import type { Emitted } from "./expressions";
import type { LeftDraft } from "./form/left";
import type { Waiting } from "./offline/queue";

/** A transition somebody wants: the state field, the state it leads to, and what must be filled in for it. */
export interface Step {
  field: string;
  to: string;
  title: string;
  fields: string[];
}

export interface FormRequest {
  form: string;
  /** The record to edit; absent for a new one. */
  id?: number;
  /** Values a new record starts with, as read. */
  preset?: Values;
  /** The record that a new one is a copy of. */
  copy?: number;
  /** A record is to take a step: only what the step needs is asked for, and saved together with it. */
  step?: Step;
  /** A draft to go on with. */
  draft?: number;
  /** What stood in the form when it was left, of which the server keeps no draft. */
  left?: LeftDraft;
  /** What waits on this device, to be changed before it is sent. */
  waiting?: Waiting;
  /** The field somebody came for. */
  at?: string;
  onSaved?: (record: { id: number; label: string }) => void;
}

/** What every page of an application stands on. */
export interface Runtime {
  client: Client;
  session: Session;
  app: Application;
  emitted: Emitted;
  /** The server's clock, which a demo may have put forward. */
  now: () => Date;
  openForm: (request: FormRequest) => void;
  /** Goes on with the version of the app that is in use now; whether that is another one. */
  renew: () => Promise<boolean>;
}

export const RuntimeContext = createContext<Runtime | null>(null);

export function useRuntime(): Runtime {
  const runtime = use(RuntimeContext);
  if (runtime === null) throw new Error("useRuntime outside of an application");
  return runtime;
}

export const useForm = (name: string): Form | undefined => useRuntime().app.forms[name];
