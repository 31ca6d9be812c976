import { useLayoutEffect, useMemo, useState, type RefObject } from "react";
import { watchBeyond } from "./beyond";
import type { Column } from "./columns";

type Width = "width" | "least" | "cut";

const sum = (columns: Column[], what: Width): number => columns.reduce((total, each) => total + each[what], 0);

/** Each column gives its share of what it can spare between two of its widths. */
function shared(columns: Column[], room: number, from: Width, to: Width): Column[] {
  const share = (sum(columns, from) - room) / (sum(columns, from) - sum(columns, to));
  return columns.map((each) => ({ ...each, width: Math.floor(each[from] - share * (each[from] - each[to])) }));
}

/** Columns that all fit into the room there is, where they do once each is as narrow as what stands in it allows; where
 * they do not, once long options are cut; where not even then, they stay as wide as they are and the list is pushed
 * sideways. */
export function fitted(columns: Column[], room: number): Column[] {
  if (sum(columns, "width") <= room || sum(columns, "cut") > room) return columns;
  return sum(columns, "least") <= room ? shared(columns, room, "width", "least") : shared(columns, room, "least", "cut");
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
    const measure = () => setRoom(element.clientWidth);
    measure(); // before the first picture: columns that give way under the eye of who reads them are a jump
    return watchBeyond(element, pinned, measure);
  }, [box, there, pinned]);
  return fit;
}
