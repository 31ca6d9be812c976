import { useSyncExternalStore } from "react";

const phone = window.matchMedia("(max-width: 767px)");
const upright = window.matchMedia("(max-width: 900px)");
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

/** No room for two things beside each other: a phone, or a tablet that is held upright. */
export const useUpright = (): boolean => useQuery(upright);

/** Less room than a desk has: a tablet, or half of a screen. */
export const useClose = (): boolean => useQuery(tablet);
