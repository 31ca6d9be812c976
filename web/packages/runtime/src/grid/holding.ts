import { useRef, type MouseEvent, type PointerEvent } from "react";

/** So long a finger rests until it is no tap, and so far it may stray. */
const HELD = 500;
const STRAYED = 10;

export interface Holding {
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
  onContextMenu: (event: MouseEvent) => void;
  onClickCapture: (event: MouseEvent) => void;
}

/** A finger that rests on something: it is chosen, and neither opened nor given a menu. A mouse has its own ways. */
export function useHolding(held: () => void): Holding {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const began = useRef({ x: 0, y: 0 });
  const done = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: (event) => {
      stop();
      done.current = false;
      if (event.pointerType === "mouse") return;
      began.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        done.current = true;
        held();
      }, HELD);
    },
    onPointerMove: (event) => {
      if (Math.hypot(event.clientX - began.current.x, event.clientY - began.current.y) > STRAYED) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onContextMenu: (event) => {
      if (done.current) event.preventDefault();
    },
    onClickCapture: (event) => {
      if (!done.current) return;
      done.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
