import type { KeyboardEvent } from "react";

const ROW = "tbody tr[data-row-key]";

/** Up and down through the rows of a table from the link of one, by the keys a spreadsheet has; Space chooses the row. */
export function rowKeys(event: KeyboardEvent<HTMLElement>): void {
  const from = (event.target as Element).closest<HTMLElement>(ROW);
  if (!from || event.ctrlKey || event.metaKey || event.altKey || !(event.target as Element).matches(".lc-first, .ant-checkbox-input, .lc-group-head")) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const at = rows.indexOf(from);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const box = from.querySelector<HTMLElement>(".ant-checkbox-input");
  if (event.key === " " && box && event.target !== box) {
    event.preventDefault();
    box.click();
  }
  const next = to === undefined ? undefined : rows[to]?.querySelector<HTMLElement>(".lc-first, .lc-group-head");
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
