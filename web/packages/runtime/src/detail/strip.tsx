import { useState, type KeyboardEvent, type ReactNode } from "react";

export interface Leaf {
  key: string;
  label: string;
  children: ReactNode;
}

/** Tabs with nothing hidden behind a menu: on a phone one strip that is pushed sideways, at a desk as many rows as they need. */
export function Strip({ leaves, at, onTurn }: { leaves: Leaf[]; at?: string; onTurn?: (key: string) => void }) {
  const [own, setOwn] = useState(leaves[0]?.key);
  const chosen = at ?? own;
  const setChosen = onTurn ?? setOwn;
  const current = leaves.find((each) => each.key === chosen) ?? leaves[0];
  const turn = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = leaves[(leaves.findIndex((each) => each.key === current?.key) + by + leaves.length) % leaves.length];
    if (!next) return;
    setChosen(next.key);
    document.getElementById(`leaf-${next.key}`)?.focus();
  };
  return (
    <div>
      <div className="lc-strip" role="tablist" onKeyDown={turn}>
        {leaves.map((each) => {
          const now = each.key === current?.key;
          return (
            <button key={each.key} id={`leaf-${each.key}`} type="button" role="tab" aria-selected={now} aria-controls={now ? `leaf-of-${each.key}` : undefined} tabIndex={now ? 0 : -1} onClick={(event) => { setChosen(each.key); event.currentTarget.scrollIntoView({ inline: "center", block: "nearest" }); }}>
              {each.label}
            </button>
          );
        })}
      </div>
      {current?.children && (
        <div id={`leaf-of-${current.key}`} role="tabpanel" aria-labelledby={`leaf-${current.key}`}>
          {current.children}
        </div>
      )}
    </div>
  );
}
