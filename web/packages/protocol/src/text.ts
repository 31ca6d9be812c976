/** A text of a definition: one string for all languages, or one per language. */
export type Text = string | Partial<Record<string, string>>;

/** The words of a text: exact language, the same language of another place, English, then whatever is there. */
export function words(text: Text | null | undefined, locale: string): string {
  if (text == null) return "";
  if (typeof text === "string") return text;
  const exact = text[locale];
  if (exact != null) return exact;
  const language = locale.split("-")[0];
  for (const [tag, value] of Object.entries(text)) if (value != null && tag.split("-")[0] === language) return value;
  return text["en"] ?? Object.values(text).find((value) => value != null) ?? "";
}
