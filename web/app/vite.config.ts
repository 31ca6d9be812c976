import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Built into the Python package; every address relative, so that a program may mount the page anywhere. */
export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [react()],
  build: {
    outDir: here("../../src/lowcode/web/static"),
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // The pages of visitors are drawn by the server and load one small file each, under a name it knows.
      input: { index: here("index.html"), public: here("src/public/main.ts"), embed: here("src/public/embed.ts") },
      output: { entryFileNames: (chunk) => (["public", "embed"].includes(chunk.name) ? "[name].js" : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "/api": process.env.LOWCODE_SERVER ?? "http://127.0.0.1:8787" } },
});
