import type { Node, Path } from "./tree";

interface Step {
  document: Node;
  chosen: Path | null;
  /** What was changed: typing on at the same place is one step. */
  what: string;
  /** The text of the app it stands on, where it is kept with its draft: a merge moves it, and undoing one moves it back. */
  base?: string;
}

export interface History {
  past: Step[];
  now: Step;
  future: Step[];
}

export type Deed =
  | { type: "change"; document: Node; chosen?: Path | null; what: string; base?: string }
  | { type: "choose"; chosen: Path | null }
  | { type: "undo"; bare?: boolean }
  | { type: "redo"; bare?: boolean }
  | { type: "open"; document: Node }
  | { type: "published"; base: string };

const KEPT = 200;

/** What a desk begins with: a document, the text it stands on, and what it was before a merge. */
export interface Beginning {
  document: Node;
  base?: string;
  before?: { document: Node; base: string };
}

const step = ({ document, base }: Beginning): Step => ({ document, chosen: null, what: "", base });

export const begun = (beginning: Beginning): History => ({ past: beginning.before ? [step(beginning.before)] : [], now: step(beginning), future: [] });

/** Every change can be taken back and done again; what was chosen comes back with it, unless only the document is asked
 * for (`bare`): on a phone what is chosen lies over the page, and nothing shall open there by itself. */
export function history(state: History, deed: Deed): History {
  const { past, now, future } = state;
  const back = (step: Step): Step => ({ ...step, what: "", chosen: "bare" in deed && deed.bare && now.chosen === null ? null : step.chosen });
  switch (deed.type) {
    case "open":
      return begun({ document: deed.document });
    case "choose":
      return { ...state, now: { ...now, chosen: deed.chosen, what: "" } };
    case "change": {
      if (deed.document === now.document) return state;
      const next = { document: deed.document, chosen: deed.chosen === undefined ? now.chosen : deed.chosen, what: deed.what, base: deed.base ?? now.base };
      if (deed.what !== "" && deed.what === now.what) return { past, now: next, future: [] };
      return { past: [...past, now].slice(-KEPT), now: next, future: [] };
    }
    case "published": {
      const onto = (step: Step): Step => ({ ...step, base: deed.base });
      return { past: past.map(onto), now: onto(now), future: future.map(onto) };
    }
    case "undo": {
      const before = past[past.length - 1];
      return before ? { past: past.slice(0, -1), now: back(before), future: [now, ...future] } : state;
    }
    case "redo": {
      const [next, ...rest] = future;
      return next ? { past: [...past, now], now: back(next), future: rest } : state;
    }
  }
}
