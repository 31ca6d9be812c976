import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";
import type { Records } from "./records";

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

const stops = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(STOPS)];

function stopAfter(one: HTMLElement): HTMLElement | undefined {
  const all = stops();
  return one.isConnected ? all[all.indexOf(one) + 1] : undefined;
}

/** Loads the next page when it comes into sight; a button for those who do not scroll. While somebody stands on it,
 * nothing more comes by itself: it would be pushed away from under them. Whoever pressed it goes on with the first of
 * what came. `within`: what it stands in. */
export function More({ records, within = (each) => each }: { records: Records; within?: (each: ReactElement) => ReactElement }) {
  const { t } = useSpeech();
  const mark = useRef<HTMLDivElement>(null);
  const [held, hold] = useState(false);
  /** What stood before it when it was pressed. */
  const before = useRef<HTMLElement | undefined>(undefined);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = records;
  const count = records.items.length;
  useEffect(() => {
    if (!hasNextPage) hold(false); // what is gone tells nobody that it was left
    const element = mark.current;
    if (!element || !hasNextPage || isFetchingNextPage || held) return;
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && void fetchNextPage(), { rootMargin: "400px" });
    watch.observe(element);
    return () => watch.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, held]);
  // What was on its way already came before it: whoever stands on it is taken along.
  useLayoutEffect(() => {
    const button = document.activeElement;
    if (!before.current && mark.current?.contains(button)) button?.scrollIntoView({ block: "nearest" });
  }, [count]);
  useEffect(() => {
    const last = before.current;
    before.current = undefined;
    // What of the new things is a stop is settled once they stand (`useRoving`).
    if (last) setTimeout(() => stopAfter(last)?.focus());
  }, [count]);
  if (!hasNextPage) return null;
  return within(
    <div ref={mark} className="lc-more" onFocus={() => hold(true)} onBlur={() => hold(false)}>
      <Button
        type="text"
        loading={isFetchingNextPage}
        onClick={({ currentTarget }) => {
          const all = stops();
          before.current = all[all.indexOf(currentTarget) - 1];
          void fetchNextPage();
        }}
      >
        {t("loadMore")}
      </Button>
    </div>,
  );
}
