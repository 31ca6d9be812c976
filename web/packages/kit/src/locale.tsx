import { words, type Text } from "@lowcode/protocol";
import { createContext, use, useMemo, type ReactNode } from "react";
import { say } from "./say";
import type { TextKey } from "./texts";

export interface Speech {
  locale: string;
  chinese: boolean;
  /** The page's own words. */
  t: (key: TextKey, values?: Record<string, string | number>) => string;
  /** The words of a definition. */
  w: (text: Text | null | undefined) => string;
  /** Names one after the other. */
  among: (names: readonly string[]) => string;
}

export function speech(locale: string): Speech {
  return {
    locale,
    chinese: locale.startsWith("zh"),
    t: (key, values) => say(key, locale, values),
    w: (text) => words(text, locale),
    among: (names) => names.join(locale.startsWith("zh") ? "、" : ", "),
  };
}

const SpeechContext = createContext<Speech>(speech("zh-CN"));

export function Speaking({ locale, children }: { locale: string; children: ReactNode }) {
  const value = useMemo(() => speech(locale), [locale]);
  return <SpeechContext value={value}>{children}</SpeechContext>;
}

export const useSpeech = (): Speech => use(SpeechContext);

/** What a language is called by those who speak it. */
export const languageName = (language: string): string => (language.startsWith("zh") ? "中文" : (new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language));
