import { useSyncExternalStore } from "react";

const phone = window.matchMedia("(max-width: 767px)");
const tablet = window.matchMedia("(max-width: 1180px)");

const useQuery = (query: MediaQueryList): boolean =>
  useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );

/** A phone: cards instead of tables, full-screen forms, native inputs. */
export const useNarrow = (): boolean => useQuery(phone);

/** Less room than a desk has: a tablet, or half of a screen. */
export const useClose = (): boolean => useQuery(tablet);
