import type { Form } from "@lowcode/protocol";
import { createContext, use, type Dispatch } from "react";
import type { Before } from "./before";
import type { LiveForm, LiveState } from "./live";
import type { Draft, Step } from "./model";

/** A form being filled in, as its parts see it. */
export interface Filling {
  form: Form;
  draft: Draft;
  live: LiveState;
  rules: LiveForm;
  step: Dispatch<Step>;
  narrow: boolean;
  before: Before;
  /** How much of that there is. */
  awaited: number;
}

export const FillingContext = createContext<Filling | null>(null);

export function useFilling(): Filling {
  const filling = use(FillingContext);
  if (filling === null) throw new Error("useFilling outside of a form");
  return filling;
}
