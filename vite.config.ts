import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig } from "vite";

const ui = join(import.meta.dirname, "nghitruong/ui");

// Every .ts directly under islands/ is an entry of its own name; lib/ and elements/ are shared.
const entries = Object.fromEntries(
  readdirSync(join(ui, "islands"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => [basename(name, ".ts"), join(ui, "islands", name)]),
);

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: join(ui, "dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    // Council tablets live long: iPadOS 16.4 and Chrome 111 are the oldest we promise.
    target: ["es2022", "safari16.4", "chrome111", "firefox113"],
    cssTarget: ["safari16.4", "chrome111", "firefox113"],
    assetsInlineLimit: 0,
    sourcemap: false,
    rollupOptions: {
      input: { ...entries, style: join(ui, "css/app.scss") },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "chunk-[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  css: { preprocessorOptions: { scss: { quietDeps: true, loadPaths: ["node_modules"] } } },
});
