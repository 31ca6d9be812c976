import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import type { Records } from "./records";

/** Loads the next page when it comes into sight; a button for those who do not scroll. */
export function More({ records }: { records: Records }) {
  const { t } = useSpeech();
  const mark = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = records;
  useEffect(() => {
    const element = mark.current;
    if (!element || !hasNextPage || isFetchingNextPage) return;
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && void fetchNextPage(), { rootMargin: "400px" });
    watch.observe(element);
    return () => watch.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={mark} className="lc-more">
      <Button type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t("loadMore")}
      </Button>
    </div>
  );
}
