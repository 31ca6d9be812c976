/** What was being filled in when the session ended or the page went away, for the same person in the same tab: it goes
 * with the tab, so that nothing stays behind on a device (decision 0165). */
const KEY = "lowcode.filling";

export interface Left {
  key: string;
  actor: number;
  form: string;
  record?: number;
  /** The session had ended: whoever signs in again goes on with it. Else it is a draft like any other. */
  open: boolean;
  /** As `forms.save_draft` takes it. */
  draft: object;
}

function read(): Left[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Left[];
  } catch {
    return [];
  }
}

function write(all: Left[]): void {
  try {
    if (all.length > 0) sessionStorage.setItem(KEY, JSON.stringify(all));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A tab that keeps nothing: the form that is open still holds it.
  }
}

export const leave = (entry: Left): void => write([...read().filter((each) => each.key !== entry.key), entry]);

export const take = (key: string): void => write(read().filter((each) => each.key !== key));

export const leftOf = (actor: number): Left[] => read().filter((each) => each.actor === actor);
