import type { ReactNode } from "react";
import type { Board } from "./board";

/** Where the records of a calendar stand: Ctrl+Z takes back what was moved last. */
export function Undone({ board, children }: { board: Board; children: ReactNode }) {
  return (
    <div
      ref={board.place}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || (event.target as HTMLElement).matches("input, textarea")) return;
        event.preventDefault();
        board.undo();
      }}
    >
      {children}
    </div>
  );
}
