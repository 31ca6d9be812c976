import { lazy, Suspense } from "react";
import { long_text } from "./long_text";
import { wordsOf } from "./plain_words";
import type { ShowProps, Widget } from "./widget";

const Formatted = lazy(() => import("./formatted_show"));

/** As it was formatted; in a list only its words. */
function RichText({ value, dense }: ShowProps) {
  const words = wordsOf(String(value));
  if (dense) return <span className="lc-cell">{words}</span>;
  return (
    <Suspense fallback={<span className="lc-text">{words}</span>}>
      <Formatted value={value} />
    </Suspense>
  );
}

export const rich_text: Widget = { ...long_text, Show: RichText };
