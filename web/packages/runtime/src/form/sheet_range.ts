import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent } from "react";

export interface Place {
  row: number;
  column: number;
}

/** Cells from one corner to the other: the first is where the focus is. */
export interface Range {
  from: Place;
  to: Place;
}

export interface Block {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export const blockOf = ({ from, to }: Range): Block => ({
  top: Math.min(from.row, to.row), bottom: Math.max(from.row, to.row), left: Math.min(from.column, to.column), right: Math.max(from.column, to.column),
});

export const within = (block: Block | null, { row, column }: Place): boolean => block !== null && row >= block.top && row <= block.bottom && column >= block.left && column <= block.right;

const WAYS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The cells of a table that are marked together: by Ctrl+Shift and the arrows, or a click with Shift. Sideways the keys
 * choose words in a cell until something is marked. Going elsewhere takes the mark away.
 */
export function useRange(size: Place, placeOf: (target: EventTarget | null) => Place | null) {
  const [range, setRange] = useState<Range | null>(null);
  const keys = (event: KeyboardEvent, at: Place): boolean => {
    if (event.key === "Escape" && range) {
      setRange(null);
      return true;
    }
    const way = WAYS[event.key];
    if (!way || !event.shiftKey || !(event.ctrlKey || event.metaKey) || (!range && way[0] === 0)) return false;
    const { from, to } = range ?? { from: at, to: at };
    const reach = (value: number, most: number, least: number) => Math.max(least, Math.min(most, value));
    setRange({ from, to: { row: reach(to.row + way[0], size.row - 1, 0), column: reach(to.column + way[1], size.column, 1) } });
    return true;
  };
  const onMouseDownCapture = (event: MouseEvent) => {
    const from = placeOf(document.activeElement);
    const to = placeOf(event.target);
    if (!event.shiftKey || !from || !to || (from.row === to.row && from.column === to.column) || to.column < 1 || to.column > size.column) return;
    event.preventDefault();
    event.stopPropagation();
    setRange({ from, to });
  };
  const onFocus = (event: FocusEvent) => {
    const at = placeOf(event.target);
    if (range && (at?.row !== range.from.row || at.column !== range.from.column)) setRange(null);
  };
  return { block: range && blockOf(range), clear: () => setRange(null), keys, handlers: { onMouseDownCapture, onFocus } };
}
