import { lazy, Suspense } from "react";
import { long_text } from "./long_text";
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

/** The words without what formats them, told roughly: a list need not load what reads it all. */
function wordsOf(text: string): string {
  const plain = text
    .replace(/^\s*(#{1,6}|>|[-+*]|\d+[.)])\s+/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(?<!\\)(\*\*|~~|\*|`)/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
  return /<\w/.test(plain) ? (new DOMParser().parseFromString(plain.replace(/<(br|\/p|\/li)\b[^>]*>/gi, "\n$&"), "text/html").body.textContent ?? "").trim() : plain;
}

export const rich_text: Widget = { ...long_text, Show: RichText };
