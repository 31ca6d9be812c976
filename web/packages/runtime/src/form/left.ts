import { hereabouts, Problem, type Values } from "@lowcode/protocol";

/** What was being filled in when the session ended or the page went away, for the same person in the same tab at the
 * same address: it goes with the tab, so that nothing stays behind on a device (decision 0165). */
const keyOf = (): string => hereabouts("lowcode.filling");

/** As `forms.save_draft` takes it. */
export interface LeftDraft {
  id?: number;
  /** What was on its way when the page went is the same draft. */
  key?: string;
  record?: number;
  values: Values;
  before: Values;
}

export interface Left {
  key: string;
  actor: number;
  form: string;
  record?: number;
  /** The session had ended: whoever signs in again goes on with it. Else it is a draft like any other. */
  open: boolean;
  draft: LeftDraft;
}

/** What became of something that was left: the tab keeps it until the server can say; it is a draft now; or the server
 * keeps no draft of it, and only a form can hold it. */
export type Kept = { kind: "waits" } | { kind: "draft"; id: number } | { kind: "refused"; error: unknown; record?: number };

function read(): Left[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf()) ?? "[]") as Left[];
  } catch {
    return [];
  }
}

function write(all: Left[]): void {
  try {
    if (all.length > 0) sessionStorage.setItem(keyOf(), JSON.stringify(all));
    else sessionStorage.removeItem(keyOf());
  } catch {
    // A tab that keeps nothing: the form that is open still holds it.
  }
}

export const leave = (entry: Left): void => write([...read().filter((each) => each.key !== entry.key), entry]);

export const take = (key: string): void => write(read().filter((each) => each.key !== key));

export const leftOf = (actor: number): Left[] => read().filter((each) => each.actor === actor);

/** Somebody signs out: nothing of theirs stays in the tab. */
export const forgetLeft = (actor: number): void => write(read().filter((each) => each.actor !== actor));

/** Whether the server did not look at what was sent: nobody is signed in, too much at once, or it is not there. */
const unheard = ({ status }: Problem): boolean => status === 0 || status === 401 || status === 429 || status >= 500;

const missing = (error: unknown): boolean => error instanceof Problem && error.status === 404;

/** Makes a draft of what was left. A draft that is gone meanwhile becomes a new one, and what was changed in a record that is gone
 * can still be read as a new one. */
export async function handIn({ draft }: Left, save: (draft: LeftDraft) => Promise<{ id: number }>): Promise<Kept> {
  const attempt = async (wanted: LeftDraft): Promise<Kept> => {
    try {
      return { kind: "draft", id: (await save(wanted)).id };
    } catch (error) {
      if (error instanceof Problem && unheard(error)) return { kind: "waits" };
      return { kind: "refused", error, record: missing(error) ? undefined : wanted.record };
    }
  };
  const first = await attempt(draft);
  if (first.kind !== "refused" || !missing(first.error) || draft.id === undefined) return first;
  return await attempt({ ...draft, id: undefined });
}
