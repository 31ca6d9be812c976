import { useState, type KeyboardEvent, type PointerEvent } from "react";

const LEAST = 60;
const MOST = 800;
const within = (width: number): number => Math.round(Math.min(MOST, Math.max(LEAST, width)));

/** The edge of a column, which can be moved with the mouse and with the arrow keys. */
export function Resize({ label, width, resize }: { label: string; width: number; resize: (width: number) => void }) {
  const [start, setStart] = useState<{ at: number; width: number } | null>(null);
  const move = (event: PointerEvent) => start && resize(within(start.width + event.clientX - start.at));
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    resize(within(width + step));
  };
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      className={start ? "lc-resize lc-resizing" : "lc-resize"}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={keys}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        setStart({ at: event.clientX, width: event.currentTarget.parentElement?.offsetWidth ?? width });
      }}
      onPointerMove={move}
      onPointerUp={() => setStart(null)}
    />
  );
}
