import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface Leaf {
  key: string;
  label: ReactNode;
  children?: ReactNode;
}

interface StripProps {
  leaves: Leaf[];
  /** What the leaves are leaves of, where no heading beside them says so. */
  label?: string;
  /** The leaf that lies open, where the address says it and not the strip itself. */
  at?: string;
  onTurn?: (key: string) => void;
  /** Every leaf stands in the page, open or not: what is typed into one must not be lost when another is opened. */
  kept?: boolean;
}

const BY: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** Tabs with nothing hidden behind a menu: on a phone one strip that is pushed sideways, at a desk as many rows as they need. */
export function Strip({ leaves, label, at, onTurn, kept }: StripProps) {
  const id = useId();
  const [own, setOwn] = useState(leaves[0]?.key);
  const chosen = at ?? own;
  const setChosen = onTurn ?? setOwn;
  const current = leaves.find((each) => each.key === chosen) ?? (at === undefined ? leaves[0] : undefined);
  const strip = useRef<HTMLDivElement>(null);
  // What lies open is in sight, however one came to it.
  useLayoutEffect(() => {
    const [box, now] = [strip.current, strip.current?.querySelector<HTMLElement>("[aria-selected=true]")];
    if (box && now && (now.offsetLeft < box.scrollLeft || now.offsetLeft + now.offsetWidth > box.scrollLeft + box.clientWidth)) box.scrollLeft = now.offsetLeft - (box.clientWidth - now.offsetWidth) / 2;
  }, [current?.key]);
  const turn = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = BY[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const from = current ? leaves.indexOf(current) : 0;
    const next = leaves[Number.isFinite(by) ? (from + by + leaves.length) % leaves.length : by < 0 ? 0 : leaves.length - 1];
    if (!next) return;
    setChosen(next.key);
    document.getElementById(`${id}${next.key}`)?.focus();
  };
  const open = kept ? leaves : current ? [current] : [];
  return (
    <>
      <div ref={strip} className="lc-strip" role="tablist" aria-label={label} onKeyDown={turn}>
        {leaves.map((each, place) => {
          const now = each.key === current?.key;
          return (
            <button
              key={each.key}
              id={`${id}${each.key}`}
              data-leaf={each.key}
              type="button"
              role="tab"
              aria-selected={now}
              aria-controls={now && each.children ? `${id}${each.key}.` : undefined}
              tabIndex={now || (!current && place === 0) ? 0 : -1}
              onClick={() => setChosen(each.key)}
            >
              {each.label}
            </button>
          );
        })}
      </div>
      {open.map(
        (each) =>
          each.children && (
            <div key={kept ? each.key : "open"} id={`${id}${each.key}.`} role="tabpanel" aria-labelledby={`${id}${each.key}`} hidden={each.key !== current?.key}>
              {each.children}
            </div>
          ),
      )}
    </>
  );
}
