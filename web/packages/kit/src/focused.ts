/** What had the focus, in what it stood then, and on which page: it may be gone when somebody asks. */
export interface Had {
  target: EventTarget | null;
  path: EventTarget[];
  place: string;
}

/** All that is to be known of the focus by what keeps it, however late that is there. */
export interface Seen {
  /** The last one last. */
  had: Had[];
  /** What went and came since the last one had it. */
  changes: MutationRecord[];
  /** Whether somebody used a key last, and not the mouse. */
  byKey: boolean;
}

/** The page somebody is on, without what is said about it. */
export const pageOf = (): string => location.hash.split("?")[0]!;

export const hadBy = (event: FocusEvent): Had => ({ target: event.target, path: event.composedPath(), place: pageOf() });

const WAYS = ["keydown", "pointerdown"];

/**
 * Keeps the focus as soon as something had it: what does that is fetched then, since who only looks or points has no use
 * for it. Until it is there, what it has to know is written down. What this answers ends it; the page works without.
 */
export function watchFocus(): () => void {
  const seen: Seen = { had: [], changes: [], byKey: false };
  let stop = () => undefined as void;
  let over = false;
  const moved = new MutationObserver((changed) => void seen.changes.push(...changed));
  const used = ({ type }: Event) => void (seen.byKey = type === "keydown");
  const came = (event: FocusEvent) => {
    if (seen.had.length === 0) begin();
    moved.takeRecords();
    seen.changes = [];
    seen.had.push(hadBy(event));
  };
  const end = () => {
    over = true;
    moved.disconnect();
    window.removeEventListener("focusin", came);
    WAYS.forEach((type) => window.removeEventListener(type, used, true));
  };
  const begin = () => {
    moved.observe(document.body, { childList: true, subtree: true });
    void import("./focus").then(
      ({ keepFocus }) => {
        if (over) return;
        seen.changes.push(...moved.takeRecords());
        end();
        stop = keepFocus(seen) as () => void;
      },
      end,
    );
  };
  window.addEventListener("focusin", came);
  WAYS.forEach((type) => window.addEventListener(type, used, true));
  return () => (end(), stop());
}
