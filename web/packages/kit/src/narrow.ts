import { useSyncExternalStore } from "react";

const query = window.matchMedia("(max-width: 767px)");

/** A phone: cards instead of tables, full-screen forms, native inputs. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
