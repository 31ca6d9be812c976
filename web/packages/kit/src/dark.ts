import { useSyncExternalStore } from "react";

/** Light, dark, or as the machine is set. */
export type Wish = "system" | "light" | "dark";
export const WISHES: readonly Wish[] = ["system", "light", "dark"];

const REMEMBERED = "lowcode.theme";
const query = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const kept = localStorage.getItem(REMEMBERED);
let wish: Wish = kept === "light" || kept === "dark" ? kept : "system";

/** What the style sheet goes by, and the bar of a phone's browser. */
function show(): void {
  const root = document.documentElement;
  if (wish === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = wish;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", isDark() ? "#1b1f28" : "#ffffff");
}

export const isDark = (): boolean => (wish === "system" ? query.matches : wish === "dark");

/** What somebody wants on this machine; what is bright enough here is not so elsewhere, so it stays here. */
export function wishFor(next: Wish): void {
  wish = next;
  if (next === "system") localStorage.removeItem(REMEMBERED);
  else localStorage.setItem(REMEMBERED, next);
  show();
  listeners.forEach((each) => each());
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

query.addEventListener("change", () => {
  show();
  listeners.forEach((each) => each());
});
show();

export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark);
export const useWish = (): Wish => useSyncExternalStore(subscribe, () => wish);
