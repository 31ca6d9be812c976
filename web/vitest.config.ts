import { defineConfig } from "vitest/config";
import { texts } from "./texts.plugin";

export default defineConfig({ plugins: [texts()], test: { include: ["packages/*/tests/**/*.test.ts", "packages/*/tests/**/*.test.tsx"] } });
