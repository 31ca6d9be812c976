import type { StoredFile } from "@lowcode/protocol";

/** How the contents of a file are looked at in the page; `none`: they are only downloaded. */
export type Look = "picture" | "pdf" | "text" | "media" | "none";

/** What the server hands out to be shown, and no more: a drawing in SVG may act, and so is downloaded. */
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const WORDS = [".txt", ".csv", ".tsv", ".log", ".md", ".json", ".xml", ".yaml", ".yml", ".ini"];

/** So much of a text is read to be looked at. */
export const READ = 200_000;

const endingOf = (name: string): string => /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? "";

/** The kind of a file as people call it: by its ending, else by its type. */
export const kindOf = ({ name, type }: Pick<StoredFile, "name" | "type">): string => endingOf(name).slice(1).toUpperCase() || type;

export function lookOf({ name, type }: Pick<StoredFile, "name" | "type">): Look {
  const ending = endingOf(name);
  if (PICTURES.includes(type)) return "picture";
  if (type === "application/pdf") return "pdf";
  if (type.startsWith("audio/") || type.startsWith("video/")) return "media";
  return type.startsWith("text/") || type === "application/json" || WORDS.includes(ending) ? "text" : "none";
}

/** A text as it was written: UTF-8, UTF-16 by its mark, else the encoding that Chinese office programs write. Of one that
 * is cut off the last character may be half. */
export function textOf(content: ArrayBuffer): string {
  const bytes = new Uint8Array(content);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Whether contents are what they say: a PDF begins with its name, perhaps after a few bytes that a mail put before it. */
export const isPdf = (content: ArrayBuffer): boolean => String.fromCharCode(...new Uint8Array(content.slice(0, 1024))).includes("%PDF-");
