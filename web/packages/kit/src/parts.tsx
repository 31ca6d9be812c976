import type { ReactNode } from "react";
import { colorOf, shades } from "./colors";

/** A word with a colour: states, options, outcomes. */
export function Badge({ color, children }: { color?: string; children: ReactNode }) {
  const { text, ground } = shades(color);
  return (
    <span className="lc-badge" style={{ color: text, background: ground }}>
      {children}
    </span>
  );
}

/** A person's mark: the last two characters of a Chinese name, initials of another. */
export function Portrait({ name, size = 24 }: { name: string; size?: number }) {
  const { text, ground } = shades(colorOf(name));
  return (
    <span className="lc-portrait" aria-hidden="true" style={{ color: text, background: ground, width: size, height: size, fontSize: size * 0.42 }}>
      {mark(name)}
    </span>
  );
}

function mark(name: string): string {
  if (/\p{Script=Han}/u.test(name)) return [...name.replace(/\P{Script=Han}/gu, "")].slice(-1).join("");
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? (parts[parts.length - 1]?.[0] ?? "") : "")).toUpperCase();
}

export function Person({ name, size = 22 }: { name: string; size?: number }) {
  return (
    <span className="lc-person">
      <Portrait name={name} size={size} />
      <span className="lc-person-name" title={name}>{name}</span>
    </span>
  );
}

/** Nothing to see, and why, and what one may do about it; as the `page` itself where nothing else stands on it. */
export function Nothing({ title, hint, action, small, page }: { title: string; hint?: string; action?: ReactNode; small?: boolean; page?: boolean }) {
  const Title = page ? "h1" : "div";
  return (
    <div className={small ? "lc-nothing lc-nothing-small" : "lc-nothing"}>
      {!small && <Sheet />}
      <Title className="lc-nothing-title">{title}</Title>
      {hint && <div className="lc-nothing-hint">{hint}</div>}
      {action && <div className="lc-nothing-action">{action}</div>}
    </div>
  );
}

function Sheet() {
  return (
    <svg width="72" height="56" viewBox="0 0 72 56" aria-hidden="true" className="lc-nothing-sheet">
      <rect x="8" y="12" width="56" height="38" rx="6" fill="var(--pale)" />
      <rect x="14" y="6" width="44" height="40" rx="5" fill="var(--paper)" stroke="var(--border)" strokeWidth="1.5" />
      <rect x="21" y="15" width="18" height="4" rx="2" fill="var(--border)" />
      <rect x="21" y="24" width="30" height="3" rx="1.5" fill="var(--line)" />
      <rect x="21" y="31" width="30" height="3" rx="1.5" fill="var(--line)" />
      <rect x="21" y="38" width="20" height="3" rx="1.5" fill="var(--line)" />
    </svg>
  );
}

/** The star of what has to be filled in, beside its name. Readers of the screen aloud hear of it from the control. */
export function Needed() {
  return (
    <span className="lc-needed" aria-hidden="true">
      {" *"}
    </span>
  );
}
