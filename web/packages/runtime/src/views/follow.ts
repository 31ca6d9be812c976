import { useCallback, useLayoutEffect, useRef, type RefObject } from "react";
import type { Span } from "./span";
import { dayText } from "./wall";

interface Followed {
  id: number;
  /** What had the focus for it last. */
  at: HTMLElement | null;
}

/** Where a record stands among others, or what opens the list it is in. */
function standing(place: HTMLElement | null, { record, first }: Span): HTMLElement | null {
  return place?.querySelector<HTMLElement>(`[data-record="${record.id}"]`) ?? place?.querySelector<HTMLElement>(`[data-day="${dayText(first)}"] .lc-calendar-more`) ?? null;
}

/** Keeps the focus with a record that was moved, wherever it stands then: on another day, back where it was when the
 * server refused, or when the move was taken back. It ends when somebody goes elsewhere. */
export function useFollow(place: RefObject<HTMLElement | null>, spans: Span[]): (span: Span) => void {
  const followed = useRef<Followed | null>(null);
  useLayoutEffect(() => {
    const now = followed.current;
    const active = document.activeElement;
    if (!now) return;
    const still = active === document.body || active === now.at || (!now.at && active?.closest(".lc-calendar-card"));
    if (!still) {
      followed.current = null;
      return;
    }
    const span = spans.find(({ record }) => record.id === now.id);
    now.at = span ? standing(place.current, span) : null;
    now.at?.focus();
  }, [place, spans]);
  return useCallback(({ record }) => void (followed.current = { id: record.id, at: null }), []);
}
