import { useEffect, useRef, useState, type RefCallback } from "react";

/** What another key than an arrow does at an item: the item it leads to, or `true` when it was used up. */
export type Key = (key: string, item: HTMLElement, items: HTMLElement[]) => HTMLElement | true | undefined;

const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** On a button within an item they are for that button. */
const PRESSES = ["Enter", " "];

/** Somebody types, or a press of the arrow chooses: the key is not for the way. */
const typed = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/**
 * Many things that are one stop of the Tab key: arrows go from one to the next as they stand on the page, Home and End
 * to the first and the last, and Tab comes back to where somebody was (ARIA practices, roving tabindex; decision 0125).
 * `selector`: which things; `special`: what keys mean beyond that, asked first.
 */
export function useRoving<Root extends HTMLElement>(selector: string, special?: Key): RefCallback<Root> {
  const [root, setRoot] = useState<Root | null>(null);
  const keys = useRef(special);
  keys.current = special;
  useEffect(() => {
    if (!root) return;
    let at: HTMLElement | null = null;
    const items = () => [...root.querySelectorAll<HTMLElement>(selector)];
    const settle = () => {
      const all = items();
      if (!at || !all.includes(at)) at = all.find((each) => !isOff(each)) ?? null;
      for (const each of all) {
        const stop = each === at ? "0" : "-1"; // as written: what has no attribute reads as -1 and takes no focus
        if (each.getAttribute("tabindex") !== stop) each.setAttribute("tabindex", stop);
      }
    };
    const focused = ({ target }: FocusEvent) => {
      const item = (target as HTMLElement).closest<HTMLElement>(selector);
      if (!item || item === at) return;
      at = item;
      settle();
    };
    const pressed = (event: KeyboardEvent) => {
      const item = (event.target as HTMLElement).closest<HTMLElement>(selector);
      if (!item || (event.target !== item && PRESSES.includes(event.key))) return;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typed(event.target)) return;
      const all = items().filter((each) => !isOff(each));
      const to = keys.current?.(event.key, item, all) ?? next(event.key, item, all);
      if (!to) return;
      event.preventDefault();
      if (to !== true) to.focus();
    };
    settle();
    const watch = new MutationObserver(settle);
    watch.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    root.addEventListener("focusin", focused);
    root.addEventListener("keydown", pressed);
    return () => {
      watch.disconnect();
      root.removeEventListener("focusin", focused);
      root.removeEventListener("keydown", pressed);
    };
  }, [root, selector]);
  return setRoot;
}

const isOff = (item: HTMLElement): boolean => item instanceof HTMLButtonElement && item.disabled;

function next(key: string, item: HTMLElement, items: HTMLElement[]): HTMLElement | undefined {
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const way = ARROWS[key];
  return way && nearest(item.getBoundingClientRect(), items.map((each) => [each, each.getBoundingClientRect()] as const), way);
}

type Box = Pick<DOMRect, "left" | "right" | "top" | "bottom">;

/** Which of several things is the next one in a direction: not far along it, and hardly beside it. */
export function nearest<Thing>(from: Box, things: readonly (readonly [Thing, Box])[], [x, y]: readonly [number, number]): Thing | undefined {
  let found: Thing | undefined;
  let least = Infinity;
  for (const [thing, box] of things) {
    const along = x ? (x > 0 ? box.left - from.right : from.left - box.right) : y > 0 ? box.top - from.bottom : from.top - box.bottom;
    if (along < -SLACK) continue;
    const aside = x ? apart(from.top, from.bottom, box.top, box.bottom) : apart(from.left, from.right, box.left, box.right);
    const way = Math.max(0, along) + ASIDE * aside;
    if (way < least) [found, least] = [thing, way];
  }
  return found;
}

/** Pixels by which things that stand side by side may overlap. */
const SLACK = 2;
/** How much worse it is to be led aside than ahead. */
const ASIDE = 8;

/** How far two stretches are from sharing something; those that share little are a little apart. */
const apart = (a: number, b: number, c: number, d: number): number => Math.max(0, c - b, a - d) + Math.abs((a + b) / 2 - (c + d) / 2) / 100;
