import { long_text } from "./long_text";
import type { ShowProps, Widget } from "./widget";

/** Shown as text: markup of others never becomes part of the page. */
function RichText({ value, dense }: ShowProps) {
  const words = new DOMParser().parseFromString(String(value).replace(/<(br|\/p|\/li)\b[^>]*>/gi, "\n$&"), "text/html").body.textContent;
  return <span className={dense ? "lc-cell" : "lc-text"}>{words.trim()}</span>;
}

export const rich_text: Widget = { ...long_text, Show: RichText };
