import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const BUILT = here("../../../src/lowcode/web/static");

/** The outlines of provinces and cities, beside the page: fetched by name when a map is shown. */
function outlines(): Plugin {
  return {
    name: "outlines",
    closeBundle() {
      const source = join(dirname(createRequire(import.meta.url).resolve("echarts-outlines/package.json")), "map/json");
      const target = join(BUILT, "maps");
      mkdirSync(target, { recursive: true });
      cpSync(join(source, "china.json"), join(target, "china.json"));
      for (const name of readdirSync(join(source, "province"))) if (name.endsWith(".json")) cpSync(join(source, "province", name), join(target, name));
    },
  };
}

/** Everything that draws, as one script for the server's embedded engine. Built after the page, into its folder. */
export default defineConfig({
  root: here("."),
  plugins: [outlines()],
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    lib: { entry: here("./src/server.ts"), formats: ["iife"], name: "lowcode", fileName: () => "charts.js" },
    outDir: join(BUILT, "drawing"),
    emptyOutDir: true,
    target: "es2020",
  },
});
