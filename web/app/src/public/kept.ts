/** What was filled in goes along when the page is shown in another language, and with it the files that were sent. */

export interface Sent {
  token: string;
  name: string;
  size: number;
}

interface Kept {
  controls: Record<string, string | boolean>;
  files: Record<string, Sent[]>;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const place = `lowcode ${location.pathname}`;

function controls(): Control[] {
  const found = document.querySelectorAll<Control>("#form input, #form select, #form textarea");
  return [...found].filter((each) => each.type !== "file" && each.id !== "trap");
}

const ticked = (control: Control): control is HTMLInputElement => control.type === "checkbox" || control.type === "radio";

/** By what a control is known in both languages: one of several has what it stands for beside its name. */
function key(control: Control): string {
  const field = control.closest<HTMLElement>("[data-field], [data-consent]");
  const name = field?.dataset["field"] ?? `consent ${field?.dataset["consent"]}`;
  return ticked(control) ? `${name} ${control.value}` : name;
}

/** Keep it until the page stands in the other language. */
export function keep(files: Record<string, Sent[]>): void {
  const kept: Kept = { controls: {}, files };
  for (const each of controls()) kept.controls[key(each)] = ticked(each) ? each.checked : each.value;
  try {
    sessionStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // A frame whose browser keeps nothing for it: the page begins anew, as it would without this.
  }
}

/** Put it back, once; the files of each field that were sent already. */
export function putBack(): Record<string, Sent[]> {
  let text: string | null = null;
  try {
    text = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
  } catch {
    return {};
  }
  if (text === null) return {};
  const kept: Kept = JSON.parse(text);
  for (const each of controls()) {
    const value = kept.controls[key(each)];
    if (ticked(each)) each.checked = value === true;
    else if (typeof value === "string") each.value = value;
  }
  return kept.files;
}
