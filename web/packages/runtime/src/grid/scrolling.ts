import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** How high a row is, in points. All are equally high, so that every place in a list is known before it is read. */
export const ROW = 44;
/** No browser draws an element that is higher than some millions of points: a longer list is drawn at a smaller scale. */
const MOST = 12_000_000;
const AROUND = 8;
const STEP = 4;
const SETTLED = 160;

/** Which rows are drawn, and the room that those take which are not. */
export interface Part {
  first: number;
  last: number;
  /** A row that is in sight, near to the upper edge: what is drawn begins before that. */
  seen: number;
  before: number;
  after: number;
}

export interface Scrolling extends Part {
  /** Brings a row into sight. */
  show: (index: number) => void;
  /** How many rows are in sight. */
  page: () => number;
}

/** Where somebody stands in a list (`at`, in points of the whole), and where the bar stands (`top`). */
interface Place {
  at: number;
  top: number;
}

/** Which rows of a list of any length are in sight. The wheel moves by points, the bar by shares of the whole.
 * `there`: the box stands in the page. */
export function useScrolling(box: RefObject<HTMLElement | null>, count: number, there: boolean): Scrolling {
  const [part, setPart] = useState<Part>({ first: 0, last: Math.min(count, 40), seen: 0, before: 0, after: 0 });
  const place = useRef<Place>({ at: 0, top: 0 });
  const whole = count * ROW;
  const tall = Math.min(whole, MOST);

  const measured = useCallback(() => {
    const element = box.current;
    const view = element ? Math.max(ROW, element.clientHeight - (element.querySelector("thead")?.offsetHeight ?? 0)) : 0;
    const share = tall > view ? (whole - view) / (tall - view) : 1;
    return { element, view, share };
  }, [box, whole, tall]);

  const draw = useCallback(() => {
    const { view } = measured();
    const { at, top } = place.current;
    const first = Math.max(0, Math.floor((at / ROW - AROUND) / STEP) * STEP);
    const last = Math.min(count, Math.ceil(((at + view) / ROW + AROUND) / STEP) * STEP);
    const seen = Math.min(Math.max(0, count - 1), Math.ceil(at / ROW / STEP) * STEP);
    const before = Math.max(0, first * ROW + (whole > tall ? top - at : 0));
    const after = Math.max(0, tall - before - (last - first) * ROW);
    setPart((now) => (now.first === first && now.last === last && now.seen === seen && now.before === before && now.after === after ? now : { first, last, seen, before, after }));
  }, [measured, count, whole, tall]);

  /** Puts the bar where it belongs. */
  const fit = useCallback(() => {
    const { element, view, share } = measured();
    if (!element) return;
    place.current.at = Math.min(Math.max(0, place.current.at), Math.max(0, whole - view));
    element.scrollTop = Math.round(place.current.at / share);
    place.current.top = element.scrollTop;
    if (whole <= tall) place.current.at = place.current.top;
    draw();
  }, [measured, draw, whole, tall]);

  useEffect(() => {
    const { element } = measured();
    if (!element) return;
    let asked = 0;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      asked = 0;
      const { view, share } = measured();
      const now = place.current;
      const top = element.scrollTop;
      const moved = top - now.top;
      now.top = top;
      if (whole <= tall) now.at = top;
      else {
        now.at = Math.abs(moved) > view * 1.5 ? top * share : Math.min(Math.max(0, now.at + moved), whole - view);
        const before = top <= 0 && now.at > 0;
        const behind = top >= tall - view - 1 && now.at < whole - view;
        if ((before || behind) && Math.abs(moved) <= view * 1.5) fit();
        clearTimeout(settling);
        settling = setTimeout(fit, SETTLED);
      }
      draw();
    };
    // On paper a list is as high as what is drawn of it: to draw more for that would never end.
    const moved = () => {
      if (!matchMedia("print").matches) asked ||= requestAnimationFrame(look);
    };
    const sized = new ResizeObserver(moved);
    element.addEventListener("scroll", moved, { passive: true });
    sized.observe(element);
    look();
    return () => {
      cancelAnimationFrame(asked);
      clearTimeout(settling);
      element.removeEventListener("scroll", moved);
      sized.disconnect();
    };
  }, [measured, draw, fit, whole, tall, there]);

  // A list that has grown or shrunk is another height of the same bar.
  useLayoutEffect(() => {
    if (whole > tall) fit();
  }, [fit, whole, tall]);

  const show = useCallback(
    (index: number) => {
      const { view } = measured();
      const { at } = place.current;
      const to = index * ROW < at ? index * ROW : (index + 1) * ROW > at + view ? (index + 1) * ROW - view : at;
      if (to === at) return;
      place.current.at = to;
      fit();
    },
    [measured, fit],
  );
  const page = useCallback(() => Math.max(1, Math.floor(measured().view / ROW) - 1), [measured]);
  return { ...part, show, page };
}
