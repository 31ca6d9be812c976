/** A text of a definition: one string for all languages, or one per language. */
export type Text = string | Partial<Record<string, string>>;

/** The words of a text: exact language, the same language of another place, English, then whatever is there. */
export function words(text: Text | null | undefined, locale: string): string {
  if (text == null) return "";
  if (typeof text === "string") return text;
  const said = Object.entries(text).filter(([, value]) => typeof value === "string"); // a draft may say anything
  const language = locale.split("-")[0];
  const found = said.find(([tag]) => tag === locale) ?? said.find(([tag]) => tag.split("-")[0] === language) ?? said.find(([tag]) => tag === "en") ?? said[0];
  return found?.[1] ?? "";
}
