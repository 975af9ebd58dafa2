import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["nghitruong/ui/islands/**/*.test.ts"], environment: "happy-dom" },
});
