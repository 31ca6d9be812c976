import type { TextKey } from "./texts";

type Language = "zh" | "en";
type Words = Record<string, string>;

const SOURCES: Record<Language, () => Promise<{ default: Words }>> = {
  zh: () => import("virtual:texts/zh"),
  en: () => import("virtual:texts/en"),
};
const known = new Map<Language, Words>();

const languageOf = (locale: string): Language => (locale.startsWith("zh") ? "zh" : "en");

/** Brings the page's own words of a language, once. */
export async function learn(locale: string): Promise<void> {
  const language = languageOf(locale);
  if (!known.has(language)) known.set(language, (await SOURCES[language]()).default);
}

/** Whether there is a text of that name. */
export const says = (key: string): key is TextKey => [...known.values()].some((each) => key in each);

const isOne = (value: string | number | undefined): boolean => String(value) === "1";

/** One of the page's own texts in a language; nothing while it has not been learnt. `{count}` is a value, `{count:row|rows}` the word for one and for several. */
export function say(key: TextKey, locale: string, values: Record<string, string | number> = {}): string {
  const text = known.get(languageOf(locale))?.[key] ?? "";
  const one = text.replace(/\{(\w+):([^|]*)\|((?:[^{}]|\{\w+\})*)\}/g, (whole, name: string, single: string, many: string) => (name in values ? (isOne(values[name]) ? single : many) : whole));
  return one.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
