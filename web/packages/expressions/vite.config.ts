import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The library as one module, for the corpus of cases that every back end answers. */
export default defineConfig({
  root: here("."),
  build: { lib: { entry: here("./src/index.ts"), formats: ["es"], fileName: () => "index.js" }, outDir: here("./dist"), target: "es2022", minify: false },
});
