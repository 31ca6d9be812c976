import { createContext, use, useEffect, useState, type ComponentProps, type RefObject } from "react";

const FROM = 150;
const USUAL = 41;
const STEP = 10;
const AROUND = 20;

export interface Part {
  first: number;
  last: number;
  /** The room that the rows take that are not drawn, in points. */
  before: number;
  after: number;
}

const whole = (count: number): Part => ({ first: 0, last: count, before: 0, after: 0 });
const PartContext = createContext<Part>(whole(0));
export const PartProvider = PartContext.Provider;

/** Which rows of a long list are drawn: those in sight and some around them, however many have been loaded. */
export function usePart(sheet: RefObject<HTMLElement | null>, count: number): Part {
  const long = count > FROM;
  const [part, setPart] = useState<Part>(whole(count));
  useEffect(() => {
    if (!long) return;
    let asked = 0;
    const look = () => {
      asked = 0;
      const body = sheet.current?.querySelector<HTMLElement>(".ant-table-tbody");
      if (!body) return;
      const rows = body.querySelectorAll<HTMLElement>("tr[data-row-key]");
      const drawn = rows.length > 0 ? (rows[rows.length - 1]!.getBoundingClientRect().bottom - rows[0]!.getBoundingClientRect().top) / rows.length : 0;
      const high = drawn > 0 ? drawn : USUAL;
      const at = Math.max(0, -body.getBoundingClientRect().top) / high;
      const first = Math.max(0, Math.floor((at - AROUND) / STEP) * STEP);
      const last = Math.min(count, Math.ceil((at + window.innerHeight / high + AROUND) / STEP) * STEP);
      setPart((before) => (before.first === first && before.last === last ? before : { first, last, before: first * high, after: (count - last) * high }));
    };
    const moved = () => (asked ||= requestAnimationFrame(look));
    look();
    window.addEventListener("scroll", moved, { passive: true });
    window.addEventListener("resize", moved);
    return () => {
      cancelAnimationFrame(asked);
      window.removeEventListener("scroll", moved);
      window.removeEventListener("resize", moved);
    };
  }, [sheet, long, count]);
  return long ? part : whole(count);
}

/** The body of the table, with room for the rows above and below that are not drawn. */
export function Body({ children, ...rest }: ComponentProps<"tbody">) {
  const { before, after } = use(PartContext);
  return (
    <tbody {...rest}>
      {before > 0 && <Room high={before} />}
      {children}
      {after > 0 && <Room high={after} />}
    </tbody>
  );
}

const Room = ({ high }: { high: number }) => (
  <tr aria-hidden="true" className="lc-room">
    <td style={{ height: high }} />
  </tr>
);
