import { useSyncExternalStore } from "react";

const REMEMBERED = "lowcode.single-keys";
const listeners = new Set<() => void>();

/** Whether single letters do something. Who speaks to the machine or has a shaky hand may want them off (WCAG 2.1.4). */
export const singleKeysOn = (): boolean => localStorage.getItem(REMEMBERED) !== "off";

export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(REMEMBERED);
  else localStorage.setItem(REMEMBERED, "off");
  listeners.forEach((each) => each());
}

export const useSingleKeys = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    singleKeysOn,
  );

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=menu]";

/** Whether a dialog lies on top. One that fades away does not: whoever closed it goes on at once. */
function covered(): boolean {
  const leaving = (each: Element) => each.closest("[class*='-leave']") !== null || each.querySelector(":scope > [class*='-leave']") !== null;
  return [...document.querySelectorAll("[role=dialog][aria-modal=true]:not([aria-hidden=true])")].some((each) => !leaving(each));
}

/** Whether a letter is meant as a command: nobody is typing, nothing lies on top, and single keys are wanted. */
export function singleKeys(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !singleKeysOn()) return false;
  const target = event.target as Element | null;
  return !target?.closest(TYPING) && !covered();
}
