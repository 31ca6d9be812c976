import type { TextKey } from "@lowcode/kit";

/** What the documents of a folder are. */
const WORDS: Record<string, TextKey> = { forms: "foundForm", flows: "foundFlow", rules: "foundRule", reports: "foundReport", printing: "foundTemplate", api: "foundConnection" };
/** Where documents of a folder are designed, by their type where there are several. */
const PLACES: Record<string, (name: string, type: string | undefined) => string[] | null> = {
  forms: (name) => ["forms", name],
  flows: (name) => ["flows", "design", name],
  printing: (name) => ["templates", name],
  api: (name) => ["connections", "design", name],
  reports: (name, type = "") => (type === "dashboard" ? ["boards", "design", name] : ["report", "dataset", "funnel"].includes(type) ? ["reports", "design", name] : null),
  rules: (name, type = "rule") => ({ rule: ["rules", name], table: ["tables", name], score_card: ["scores", name], message: ["messages", name], pool: ["pools", "design", name] })[type] ?? null,
};

const partsOf = (path: string): [folder: string, name: string] => {
  const found = /^([a-z]+)\/(.+)\.json$/.exec(path);
  return found ? [found[1]!, found[2]!] : ["", path];
};

/** What another document is called, where something is found in it. */
export function calledIn(path: string, t: (key: TextKey) => string): string {
  if (path === "app.json") return t("designApp");
  const [folder, name] = partsOf(path);
  const word = WORDS[folder];
  return word ? `${t(word)} ${name}` : path;
}

/** What a document is, by its folder: none of the app itself. */
export const sortOf = (path: string): TextKey | undefined => WORDS[partsOf(path)[0]];

/** The place at which a document is mended; null where it has none. */
export function mendedAt(path: string, type: string | undefined): string[] | null {
  if (path === "app.json") return ["app"];
  const [folder, name] = partsOf(path);
  return PLACES[folder]?.(name, type) ?? null;
}
