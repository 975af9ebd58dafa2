import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, defineConfig, type Plugin } from "vite";

const ui = join(import.meta.dirname, "nghitruong/ui");

// Every .ts directly under islands/ is an entry of its own name; lib/ and elements/ are shared.
const entries = Object.fromEntries(
  readdirSync(join(ui, "islands"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => [basename(name, ".ts"), join(ui, "islands", name)]),
);

// pdf.js asks for these by name while it reads: fonts not embedded, character maps, decoders of
// scanned pictures. They are only fetched when a paper needs them.
const pdfjsFiles: Plugin = {
  name: "pdfjs-files",
  generateBundle() {
    for (const folder of ["wasm", "standard_fonts", "cmaps", "iccs"]) {
      const source = join(import.meta.dirname, "node_modules/pdfjs-dist", folder);
      for (const name of readdirSync(source)) {
        const fileName = `pdfjs/${folder}/${name}`;
        this.emitFile({ type: "asset", fileName, source: readFileSync(join(source, name)) });
      }
    }
  },
};

// The service worker is one file without imports; the icons of the installed application keep their names.
const onDevice: Plugin = {
  name: "on-device",
  async generateBundle() {
    for (const name of readdirSync(join(ui, "app-icons"))) {
      this.emitFile({ type: "asset", fileName: name, source: readFileSync(join(ui, "app-icons", name)) });
    }
    const made = await build({
      configFile: false,
      logLevel: "error",
      build: {
        write: false,
        target,
        rollupOptions: { input: join(ui, "worker/sw.ts"), output: { format: "iife", entryFileNames: "sw.js" } },
      },
    });
    const [output] = [made].flat() as { output: { fileName: string; code?: string }[] }[];
    const worker = output!.output.find((file) => file.fileName === "sw.js");
    this.emitFile({ type: "asset", fileName: "sw.js", source: worker!.code! });
  },
};

// Council tablets live long: iPadOS 16.4 and Chrome 111 are the oldest we promise.
const target = ["es2022", "safari16.4", "chrome111", "firefox113"];

export default defineConfig({
  base: "./",
  logLevel: "warn",
  publicDir: false,
  plugins: [pdfjsFiles, onDevice],
  build: {
    outDir: join(ui, "dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target,
    cssTarget: ["safari16.4", "chrome111", "firefox113"],
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500, // kB: pdf.js, fetched only by who opens a paper; the first load has its own test
    rollupOptions: {
      // pdf.js decodes old fonts with eval where a page allows it (ours does not); the rest is noise.
      checks: { eval: false, pluginTimings: false, bundlerTimings: false },
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
