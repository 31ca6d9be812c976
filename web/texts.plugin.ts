import type { Plugin } from "vite";
import { TEXTS } from "./packages/kit/src/texts";

const NAME = "virtual:texts/";
const PLACES: Record<string, 0 | 1> = { zh: 0, en: 1 };

/** The page's own words of one language, which are written side by side and loaded apart. */
export function texts(): Plugin {
  return {
    name: "lowcode-texts",
    resolveId: (id) => (id.startsWith(NAME) ? `\0${id}` : null),
    load(id) {
      const place = id.startsWith(`\0${NAME}`) ? PLACES[id.slice(NAME.length + 1)] : undefined;
      if (place === undefined) return null;
      return `export default ${JSON.stringify(Object.fromEntries(Object.entries(TEXTS).map(([key, both]) => [key, both[place]])))}`;
    },
  };
}
