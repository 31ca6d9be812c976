import { Instant, readInstant } from "./calendar";
import { today } from "./dates";
import type { Moment } from "./values";

export interface MomentState {
  now: string | Instant;
  zone?: string;
  me?: number | null;
  roles?: Iterable<string>;
  team?: Iterable<number>;
  units?: Iterable<number>;
  old?: Record<string, unknown> | null;
  is_new?: boolean;
  changed?: Iterable<string> | null;
  variables?: Record<string, unknown>;
}

/** One reading of the clock, the person asking, and what the record was before. */
export function moment(state: MomentState): Moment {
  const now = typeof state.now === "string" ? readInstant(state.now) : state.now;
  const zone = state.zone ?? "UTC";
  return {
    now,
    zone,
    today: today({ zone }, now),
    me: state.me ?? null,
    roles: new Set(state.roles),
    team: new Set(state.team),
    units: new Set(state.units),
    old: state.old ?? null,
    isNew: state.is_new ?? false,
    changed: state.changed ? new Set(state.changed) : null,
    variables: state.variables ?? {},
  };
}
