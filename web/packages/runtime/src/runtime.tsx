import type { Application, Client, Form, Session, Values } from "@lowcode/protocol";
import { createContext, use } from "react";
import type { Emitted } from "./expressions";

export interface FormRequest {
  form: string;
  /** The record to edit; absent for a new one. */
  id?: number;
  /** Values a new record starts with, as read. */
  preset?: Values;
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
}

export const RuntimeContext = createContext<Runtime | null>(null);

export function useRuntime(): Runtime {
  const runtime = use(RuntimeContext);
  if (runtime === null) throw new Error("useRuntime outside of an application");
  return runtime;
}

export const useForm = (name: string): Form | undefined => useRuntime().app.forms[name];
