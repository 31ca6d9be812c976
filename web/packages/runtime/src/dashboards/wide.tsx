import { useLayoutEffect, useRef, type ReactNode } from "react";
import { watchBeyond } from "../grid/beyond";

/** The box of a result that may be wider than there is room: pushed sideways, and fading out where it goes on. */
export function Wide({ title, children }: { title: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (box.current ? watchBeyond(box.current) : undefined), []);
  return (
    <div ref={box} className="lc-result" tabIndex={0} role="group" aria-label={title}>
      {children}
    </div>
  );
}
