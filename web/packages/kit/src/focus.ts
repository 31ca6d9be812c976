/**
 * Who works by keyboard is always somewhere: when what has the focus goes away, it goes on where they were.
 *
 * A menu that closes, a dialog that is taken away, a button that is drawn anew or disabled while it works, a view that is
 * exchanged for another: the browser then gives the focus to nothing, and the next Tab begins at the top. Whoever points
 * with a mouse is left alone, and so is who tabs out of the page.
 */
import { hadBy, pageOf, type Had, type Seen } from "./focused";

const KEPT = 12;
const STEP = 60;
/** So long a thing that went away may come back, as one that waits for the server does. */
const PATIENCE = 2_400;
/** Something new may take the focus itself, before it counts as lost. */
const GRACE = 120;
const CAN = "a[href], button, input, select, textarea, summary, [tabindex]";

interface Visit {
  element: HTMLElement;
  /** What it is called: a thing that is drawn anew is called the same. */
  name: string;
  /** The page it was on, without what is said about the page. */
  place: string;
  content: boolean;
  around: HTMLElement[];
}

const content = (): HTMLElement | null => document.getElementById("content");

function usable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(":disabled") && element.closest("[inert]") === null && element.checkVisibility({ visibilityProperty: true });
}

function nameOf(element: HTMLElement): string {
  const { record, leaf, field } = element.dataset;
  const said = record ?? leaf ?? field ?? (element.getAttribute("name") || element.getAttribute("aria-label") || element.textContent?.trim().slice(0, 80));
  // What says the same in another row is another thing.
  const row = element.closest<HTMLElement>("[data-row-key]")?.dataset["rowKey"] ?? "";
  return [element.tagName, element.getAttribute("role") ?? "", said ?? "", row].join("|");
}

/** `path`: what it stood in, itself first; `place`: the page it was on. */
function visit(element: HTMLElement, path: EventTarget[], place: string): Visit {
  const all = path.filter((each): each is HTMLElement => each instanceof HTMLElement);
  const end = all.findIndex((each) => each === document.body || each.id === "content");
  return { element, name: nameOf(element), place, content: all[end]?.id === "content", around: all.slice(1, Math.max(end, 1)) };
}

/** Whether something was within another when it had the focus, though it be gone since. */
const stoodIn = (one: HTMLElement, { element, around }: Visit): boolean => one === element || around.includes(one);

/** The dialog that lies over everything else, if one does. */
const dialog = (): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>("[role=dialog][aria-modal=true]")].filter(usable).at(-1);

/** The one thing of the same name that stands where another stood. */
function again(lost: Visit, inside = lost.content ? content() : document.body): HTMLElement | undefined {
  const found = [...(inside?.querySelectorAll<HTMLElement>(CAN) ?? [])].filter((each) => usable(each) && nameOf(each) === lost.name);
  return found.length === 1 ? found[0] : undefined;
}

/** Between what something stood that was taken away. */
interface Gap {
  before: Node | null;
  after: Node | null;
}

/** The gap that something left, and how it became wider when what stood beside it went as well. */
function gapOf(lost: HTMLElement, changes: MutationRecord[], known: Gap | undefined): Gap | undefined {
  let gap = known;
  for (const { removedNodes, previousSibling, nextSibling } of changes) {
    for (const gone of removedNodes) {
      if (gone.contains(lost)) gap = { before: previousSibling, after: nextSibling };
      else if (gap && gone === gap.before) gap = { ...gap, before: previousSibling };
      else if (gap && gone === gap.after) gap = { ...gap, after: nextSibling };
    }
  }
  return gap;
}

const FOLLOWS = 4; // Node.DOCUMENT_POSITION_FOLLOWING: also what is within

/** Whether a thing stands behind the place of what is lost; unknown where nothing of that place is left. */
function behind(lost: HTMLElement, gap: Gap | undefined, each: HTMLElement): boolean | undefined {
  const follows = (one: Node) => (one.compareDocumentPosition(each) & FOLLOWS) !== 0;
  if (lost.isConnected) return follows(lost);
  if (gap?.after?.isConnected) return gap.after === each || follows(gap.after);
  if (gap?.before?.isConnected) return follows(gap.before) && !gap.before.contains(each);
  return undefined;
}

/** What stands nearest to where something stood: what came behind it, else what stood before it. */
function beside(lost: Visit, gap?: Gap): HTMLElement | undefined {
  for (const around of lost.around.slice(0, 6)) {
    if (!usable(around)) continue;
    const all = [...around.querySelectorAll<HTMLElement>(CAN)].filter((each) => each.tabIndex >= 0 && usable(each));
    if (all.length > 0) return all.find((each) => behind(lost.element, gap, each) !== false) ?? all.at(-1);
  }
  return undefined;
}

/** Starts to keep the focus of the page, with all that was seen before it was there; what it answers ends it. */
export function keepFocus({ had, changes: before, byKey }: Seen): () => void {
  let visits: Visit[] = [];
  let timer = 0;
  let since = 0;

  /** What is gone with all that was around it, while the focus stays on the whole page for it to come again. */
  let awaited: Visit | undefined;
  let gap: Gap | undefined;

  const nowhere = () => document.activeElement === null || document.activeElement === document.body;
  const stop = () => {
    window.clearTimeout(timer);
    timer = 0;
    awaited = undefined;
  };
  const later = () => {
    timer = window.setTimeout(look, STEP);
  };
  const put = (element: HTMLElement | null | undefined, options?: FocusOptions) => {
    stop();
    element?.focus(options);
  };

  /** Where somebody was last in a dialog, though it be drawn anew. */
  const within = (over: HTMLElement): HTMLElement | undefined => {
    for (const each of [...visits].reverse()) {
      const found = usable(each.element) && over.contains(each.element) ? each.element : again(each, over);
      if (found) return found;
    }
    return undefined;
  };

  const wait = (lost: Visit) => {
    if (document.activeElement !== content() || lost.place !== pageOf() || Date.now() - since > PATIENCE) return stop();
    const same = again(lost);
    if (same) put(same);
    else later();
  };

  const look = () => {
    timer = 0;
    if (awaited) return wait(awaited);
    const lost = visits.at(-1);
    // Whoever left a thing that still stands there left it on purpose.
    if (!byKey || !lost || !nowhere()) return;
    const waited = Date.now() - since;
    if (usable(lost.element)) {
      // Back after it was gone or disabled for a while; else it was left on purpose.
      return waited > 0 ? put(lost.element) : undefined;
    }
    const over = dialog();
    const before = visits.map((each) => each.element).filter(usable).reverse();
    if (over) return put(within(over) ?? (beside({ ...lost, around: [over] }) ?? over));
    if (!lost.content) return put(before[0] ?? content(), { preventScroll: true });
    if (lost.place !== pageOf()) return put(content(), { preventScroll: true });
    const same = again(lost);
    if (same) return put(same);
    if (lost.element.isConnected && waited < PATIENCE) return later();
    const near = beside(lost, gap);
    if (near) return put(near);
    put(content(), { preventScroll: true });
    awaited = lost;
    later();
  };

  /** The focus may have been lost: not before whoever takes it next had time to. */
  const doubt = () => {
    if (timer !== 0 || !byKey || !nowhere() || visits.length === 0 || usable(visits.at(-1)!.element)) return;
    since = Date.now();
    timer = window.setTimeout(look, GRACE);
  };

  const note = ({ target, path, place }: Had) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    const over = dialog();
    // Whoever goes round in a dialog comes by what lies under it, and is sent back: that was no place to be.
    const next = visit(target, path, place);
    const last = visits.at(-1);
    if (over && last && !stoodIn(over, next) && stoodIn(over, last)) return;
    visits = [...visits.filter((each) => each.element !== target), next];
    gap = undefined;
    // However much there is in a dialog, from where it was opened is not forgotten for it.
    const alike = visits.filter((each) => !over || stoodIn(over, each));
    if (alike.length > KEPT) visits.splice(visits.indexOf(alike[0]!), 1);
  };
  const came = (event: FocusEvent) => {
    stop();
    note(hadBy(event));
  };
  const went = () => void setTimeout(doubt);
  const pressed = () => {
    byKey = true;
  };
  const pointed = () => {
    byKey = false;
    stop();
  };
  const moved = (changed: MutationRecord[]) => {
    const lost = visits.at(-1)?.element;
    if (byKey && lost && !lost.isConnected) gap = gapOf(lost, changed, gap);
    doubt();
  };
  had.forEach(note);
  const changes = new MutationObserver(moved);
  window.addEventListener("focusin", came);
  window.addEventListener("focusout", went);
  window.addEventListener("keydown", pressed, true);
  window.addEventListener("pointerdown", pointed, true);
  changes.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
  // What had it may be gone already.
  moved(before);
  return () => {
    stop();
    changes.disconnect();
    window.removeEventListener("focusin", came);
    window.removeEventListener("focusout", went);
    window.removeEventListener("keydown", pressed, true);
    window.removeEventListener("pointerdown", pointed, true);
  };
}
