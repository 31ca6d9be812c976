import { createContext, use } from "react";
import type { Path } from "../tree";
import type { FlowPalette } from "./page";
import type { Done } from "./steps";

/** What can be done to a flow from anywhere on its desk. Whatever would leave a way without an end is said and not done. */
export interface Deeds {
  palette: FlowPalette;
  ways: readonly string[];
  putKind: (kind: string, arrow: Path) => void;
  move: (step: Path, arrow: Path) => void;
  putEvent: (step: Path, what: string) => void;
  putHandler: (level: string) => void;
  addWay: (split: Path) => void;
  dropWay: (arrow: Path) => void;
  wrap: (step: Path) => void;
  done: (found: Done | null) => void;
  /** What may be caught at a step. */
  eventsOf: (type: string) => string[];
}

export const DeedsContext = createContext<Deeds | null>(null);

export function useDeeds(): Deeds {
  const deeds = use(DeedsContext);
  if (deeds === null) throw new Error("useDeeds outside of the designer of flows");
  return deeds;
}
