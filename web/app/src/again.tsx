import { ConfigProvider } from "antd";
import { useEffect, useRef, type ReactNode } from "react";

/** Lies over the page while nobody is signed in: what is behind it stays as it is, is not legible and cannot be reached,
 * by mouse, key or screen reader. Who closed it is back where they were. */
export function Over({ label, children }: { label: string; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const from = document.activeElement;
    const shown = dialog.current!;
    shown.showModal();
    const stay = (event: Event) => event.type === "cancel" || (event as KeyboardEvent).key === "Escape" ? event.preventDefault() : undefined;
    shown.addEventListener("cancel", stay);
    shown.addEventListener("keydown", stay);
    // A phone's gesture closes it the second time, whatever was said to the first.
    const again = () => shown.isConnected && shown.showModal();
    shown.addEventListener("close", again);
    return () => {
      shown.removeEventListener("close", again);
      shown.close();
      if (from instanceof HTMLElement && from.isConnected) setTimeout(() => from.focus({ preventScroll: true }));
    };
  }, []);
  return (
    <dialog ref={dialog} className="lc-over" aria-label={label} aria-modal="true" role="dialog">
      <ConfigProvider getPopupContainer={() => dialog.current ?? document.body}>{children}</ConfigProvider>
    </dialog>
  );
}
