// First load over the air: what a page asks for before it is whole. Text gzipped, fonts as they are
// (woff2 is compressed). `npm run budget` prints every entry and fails above the limit.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 200_000;
const dist = join(dirname(fileURLToPath(import.meta.url)), "dist");
const manifestPath = join(dist, "manifest.json");
if (!existsSync(manifestPath)) {
  console.error("chưa dựng: npm run build");
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
const entries = Object.values(manifest).filter((chunk) => chunk.isEntry);
const named = (file) => entries.find((chunk) => chunk.file.endsWith(file[0]) && chunk.name === file[1]);

const files = (chunk, seen = new Set()) => {
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const asset of [...(chunk.css ?? []), ...(chunk.file.endsWith(".css") ? (chunk.assets ?? []) : [])]) seen.add(asset);
  for (const key of chunk.imports ?? []) files(manifest[key], seen);
  return seen;
};
const weight = (file) => {
  const bytes = readFileSync(join(dist, file));
  return file.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 6 }).length;
};
// The page itself: a screen of 61 delegates with its embedded state is about this much, gzipped.
const HTML = 12_000;

let failed = false;
const shell = new Set([...files(named([".css", "style"])), ...files(named([".js", "app"]))]);
// Screens with an entry of their own; a reader that opens on demand is not a first load.
const SCREENS = process.env.BUDGET_SCREENS?.split(",") ?? ["hall", "delegate"];
for (const [name, chunk] of [["shell", null], ...entries.filter((c) => SCREENS.includes(c.name)).map((c) => [c.name, c])]) {
  const all = chunk ? new Set([...shell, ...files(chunk)]) : shell;
  const total = HTML + [...all].reduce((sum, file) => sum + weight(file), 0);
  console.log(JSON.stringify({ name, kb: Math.round(total / 100) / 10, limit_kb: LIMIT / 1000, files: all.size }));
  if (total >= LIMIT) failed = true;
}
if (failed) {
  console.error("quá ngân sách lần tải đầu");
  process.exit(1);
}
