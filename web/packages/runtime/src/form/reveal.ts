/** Brings a field of the form that lies on top into sight, from behind its tab as well, and goes into it. */
export function reveal(name: string): void {
  const form = [...document.querySelectorAll(".lc-form")].at(-1);
  const item = form?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
  if (!item) return;
  const tab = item.closest("[role=tabpanel][hidden]")?.getAttribute("aria-labelledby");
  if (tab) document.getElementById(tab)?.click();
  requestAnimationFrame(() => {
    item.scrollIntoView({ block: "center" });
    item.querySelector<HTMLElement>(":is(input, textarea, button, [tabindex]):not(:disabled)")?.focus({ preventScroll: true });
  });
}
