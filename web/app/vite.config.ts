import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { antdStyles } from "../antd.plugin.ts";
import { texts } from "../texts.plugin";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tells the service worker what the page consists of. Charts and maps are drawn of numbers that only the server has. */
function kept(folder: string): Plugin {
  return {
    name: "lowcode-kept",
    apply: "build",
    writeBundle(_, bundle) {
      const drawn = (modules: string[]) => modules.some((each) => /[\\/](echarts|zrender|react-grid-layout)[\\/]/.test(each));
      const names = Object.values(bundle).filter((each) => each.fileName.startsWith("assets/") && !(each.type === "chunk" && drawn(each.moduleIds))).map((each) => each.fileName);
      const files = [...names.sort(), "icon.svg"];
      const file = `${folder}/service.js`;
      const build = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
      writeFileSync(file, readFileSync(file, "utf8").replace(/["'`]__FILES__["'`]/, JSON.stringify(JSON.stringify(files))).replace("__BUILD__", build));
    },
  };
}

/** Built into the Python package; every address relative, so that a program may mount the page anywhere. */
export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [texts(), antdStyles(), react(), kept(here("../../src/lowcode/web/static"))],
  build: {
    outDir: here("../../src/lowcode/web/static"),
    emptyOutDir: true,
    assetsDir: "assets",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // The pages of visitors are drawn by the server and load one small file each, under a name it knows.
      input: { index: here("index.html"), public: here("src/public/main.ts"), embed: here("src/public/embed.ts"), service: here("src/service/main.ts") },
      output: {
        entryFileNames: (chunk) => (["public", "embed", "service"].includes(chunk.name) ? "[name].js" : "assets/[name]-[hash].js"),
        chunkFileNames: ({ name }) => `assets/${name.split("~")[0]}-[hash].js`,
        // Each file is a request, and pages that begin a way of requests stand late. What a first page needs is one file,
        // what most homes need another, charts a third; of the rest, what several pages share comes in pieces of some size.
        codeSplitting: {
          groups: [
            { name: "start", tags: ["$initial"], test: (id) => !/src[\\/](public|service)[\\/]/.test(id) },
            { name: "home", test: /runtime[\\/]src[\\/]dashboards[\\/]page\.tsx$/ },
            { name: "charts", test: /dashboards[\\/]chart\.tsx$|drawing[\\/]src[\\/]parts[\\/](bar|line|pie)\.ts$/ },
            { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 10_000 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.LOWCODE_SERVER ?? "http://127.0.0.1:8787" } },
});
