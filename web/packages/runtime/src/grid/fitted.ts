import { useLayoutEffect, useMemo, useState, type RefObject } from "react";
import type { Column } from "./columns";

/** Columns that all fit into the room there is, where they do once each is as narrow as what stands in it allows: each
 * gives its share. Where they do not even then, they stay as wide as they are and the list is pushed sideways. */
export function fitted(columns: Column[], room: number): Column[] {
  const wide = columns.reduce((sum, { width }) => sum + width, 0);
  const narrow = columns.reduce((sum, { least }) => sum + least, 0);
  if (wide <= room || narrow > room) return columns;
  const share = (wide - room) / (wide - narrow);
  return columns.map((each) => (each.width === each.least ? each : { ...each, width: Math.floor(each.width - share * (each.width - each.least)) }));
}

/** The columns of a list as they fit into its box; the box says on which sides there is more of it, which the styles
 * show. `there`: the box stands in the page. */
export function useFitted(columns: Column[], box: RefObject<HTMLElement | null>, lead: number, there = true): Column[] {
  const [room, setRoom] = useState(Infinity);
  const fit = useMemo(() => fitted(columns, room - lead), [columns, room, lead]);
  const pinned = fit.some(({ pin }) => pin);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      setRoom(element.clientWidth);
      const { scrollLeft, scrollWidth, clientWidth } = element;
      // What is pinned to an edge stays in sight whole.
      const beyond = pinned ? "" : [scrollLeft > 1 && "start", scrollLeft + clientWidth < scrollWidth - 1 && "end"].filter(Boolean).join(" ");
      if (element.dataset["beyond"] !== beyond) element.dataset["beyond"] = beyond;
    };
    const watch = new ResizeObserver(look);
    watch.observe(element);
    if (element.firstElementChild) watch.observe(element.firstElementChild);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box, there, pinned]);
  return fit;
}
