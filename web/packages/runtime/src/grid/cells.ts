import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type RefObject } from "react";
import type { Scrolling } from "./scrolling";

/** A cell of a table. */
export interface Place {
  row: number;
  column: number;
}

export interface Cells {
  here: Place;
  go: (place: Place, focus?: boolean) => void;
  /** The cell that something happened in. */
  placeOf: (target: EventTarget | null) => Place | null;
  keys: (event: KeyboardEvent) => boolean;
  focused: (event: { target: EventTarget }) => void;
}

const within = (value: number, most: number): number => Math.min(Math.max(0, value), Math.max(0, most));

/** Who stands in which cell, and how the keys lead to another (the grid pattern of the ARIA practices). */
export function useCells(box: RefObject<HTMLElement | null>, rows: number, columns: number, scrolling: Scrolling): Cells {
  const [here, setHere] = useState<Place>({ row: 0, column: 0 });
  const wanted = useRef<Place | null>(null);
  const { show, page } = scrolling;

  const reach = useCallback(() => {
    if (!wanted.current) return;
    const { row, column } = wanted.current;
    const line = box.current?.querySelector<HTMLElement>(`tr[data-index="${row}"]`);
    const cell = line?.querySelector<HTMLElement>(`td[data-column="${column}"]`) ?? line?.querySelector<HTMLElement>("td button");
    if (!cell || cell.querySelector(".lc-editor")) return; // not drawn yet, or still typed into
    wanted.current = null;
    (cell.querySelector<HTMLElement>(":scope > .lc-first") ?? cell).focus({ preventScroll: true });
    reveal(box.current!, cell);
  }, [box]);
  useEffect(() => {
    if (typesElsewhere(box.current)) wanted.current = null;
    else reach();
  });

  const go = useCallback(
    (to: Place, focus = true) => {
      const next = { row: within(to.row, rows - 1), column: within(to.column, columns - 1) };
      setHere((now) => (now.row === next.row && now.column === next.column ? now : next));
      if (!focus) return;
      wanted.current = next;
      show(next.row);
      reach();
    },
    [rows, columns, show, reach],
  );

  const placeOf = useCallback((target: EventTarget | null): Place | null => {
    const cell = (target as Element | null)?.closest<HTMLElement>("td[data-column]");
    const line = cell?.closest<HTMLElement>("tr[data-index]");
    return cell && line && box.current?.contains(line) ? { row: Number(line.dataset["index"]), column: Number(cell.dataset["column"]) } : null;
  }, [box]);

  const keys = (event: KeyboardEvent): boolean => {
    const line = (event.target as Element).closest<HTMLElement>("tbody tr[data-index]");
    if (!line || event.altKey || event.shiftKey) return false;
    const far = event.ctrlKey || event.metaKey;
    const { column } = here;
    const row = Number(line.dataset["index"]);
    const to: Record<string, Place> = far
      ? { Home: { row: 0, column: 0 }, End: { row: rows - 1, column: columns - 1 }, ArrowUp: { row: 0, column }, ArrowDown: { row: rows - 1, column } }
      : {
          ArrowDown: { row: row + 1, column },
          ArrowUp: { row: row - 1, column },
          ArrowRight: { row, column: column + 1 },
          ArrowLeft: { row, column: column - 1 },
          Home: { row, column: 0 },
          End: { row, column: columns - 1 },
          PageDown: { row: row + page(), column },
          PageUp: { row: row - page(), column },
        };
    const next = to[event.key];
    if (!next) return false;
    event.preventDefault();
    go(next);
    return true;
  };
  /** Whoever comes in by Tab or by the mouse stands where they came. */
  const focused = ({ target }: { target: EventTarget }) => {
    const place = placeOf(target);
    if (!place) return;
    wanted.current = null;
    if (!(target as Element).closest(".lc-editor")) go(place, false);
  };
  return { here, go, placeOf, keys, focused };
}

/** Whether somebody began to type beside the list while the row they asked for was on its way: it takes the focus no more. */
function typesElsewhere(box: HTMLElement | null): boolean {
  const active = document.activeElement;
  return active !== null && active.matches("input, textarea, [contenteditable]") && active.closest(".lc-page") !== null && !box?.contains(active);
}

/** Brings a cell into sight that stands beside what is in sight, and not under what is pinned. */
function reveal(box: HTMLElement, cell: HTMLElement): void {
  if (cell.closest(".lc-pinned")) return;
  const edge = (side: "left" | "right") => [...(cell.parentElement?.querySelectorAll<HTMLElement>(`.lc-pinned-${side}, ${side === "left" ? ".lc-choose" : ":not(*)"}`) ?? [])].reduce((sum, each) => sum + each.offsetWidth, 0);
  const own = cell.getBoundingClientRect();
  const all = box.getBoundingClientRect();
  const left = own.left - (all.left + edge("left"));
  const right = own.right - (all.right - edge("right"));
  if (left < 0) box.scrollLeft += left;
  else if (right > 0) box.scrollLeft += Math.min(right, left);
}

/** Whether a press was meant for something inside of a cell. */
export const forItself = (event: MouseEvent): boolean => (event.target as Element).closest("a, button, input, label, .ant-image, .lc-editor") !== null;
