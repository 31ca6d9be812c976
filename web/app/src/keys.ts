import { singleKeys } from "@lowcode/kit";
import { useEffect, useRef } from "react";

const PAUSE = 1200;

/** What stands for a key: the visible thing that bears its letter, the last one in the page. */
function press(key: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>(`[data-shortcut="${key}"]`)].filter((each) => each.checkVisibility()).at(-1);
  found?.click();
  return found !== undefined;
}

/** Listens to single keys: `?`, `g` and where to, and the letters that buttons bear (`data-shortcut`). */
export function useShortcuts({ places, help }: { places: Record<string, () => void>; help: () => void }): void {
  const latest = useRef({ places, help });
  latest.current = { places, help };
  useEffect(() => {
    let going = 0;
    const listen = (event: KeyboardEvent) => {
      if (!singleKeys(event)) return;
      const place = Date.now() - going < PAUSE ? latest.current.places[event.key] : undefined;
      going = event.key === "g" ? Date.now() : 0;
      if (event.key === "?") latest.current.help();
      else if (place) place();
      else if (!/^[a-z]$/.test(event.key) || !press(event.key)) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
