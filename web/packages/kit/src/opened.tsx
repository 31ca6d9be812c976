import { useEffect, useRef, type ReactNode } from "react";

const FOCUS = "input:not(:disabled, [type=hidden]), select, textarea, button:not(:disabled), a[href], [tabindex='0']";

/** What stands in something that opens beside a button: the focus goes in, and back to the button when it closes. */
export function Opened({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const from = document.activeElement;
    const timer = setTimeout(() => (place.current?.querySelector<HTMLElement>(FOCUS) ?? place.current)?.focus({ preventScroll: true }), 60);
    return () => {
      clearTimeout(timer);
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && from instanceof HTMLElement) from.focus({ preventScroll: true });
      });
    };
  }, []);
  return <div ref={place} tabIndex={-1}>{children}</div>;
}
