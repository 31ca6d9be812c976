/** The words without what formats them, told roughly: a list need not load what reads it all. */
export function wordsOf(text: string): string {
  const plain = text
    .replace(/^\s*(#{1,6}|>|[-+*]|\d+[.)])\s+/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(?<!\\)(\*\*|~~|\*|`)/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
  return /<\w/.test(plain) ? (new DOMParser().parseFromString(plain.replace(/<(br|\/p|\/li)\b[^>]*>/gi, "\n$&"), "text/html").body.textContent ?? "").trim() : plain;
}
