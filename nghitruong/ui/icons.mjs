// Copies the icons we use out of @tabler/icons (MIT) into ui/icons, stripped to what `{% icon %}`
// inlines. The list is here on purpose: an icon nobody listed fails the page loudly, in tests.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "../../node_modules/@tabler/icons");
const target = join(here, "icons");

const NAMES = `
address-book adjustments alert-circle alert-triangle archive armchair arrow-back-up arrow-down arrow-left arrow-right
arrow-up arrows-sort ban bell book bookmark building-bank building-community calendar
calendar-event certificate chart-bar chart-donut check checkbox checks chevron-down chevron-left
chevron-right chevron-up circle circle-check circle-dashed circle-minus circle-x clipboard-check clipboard-list
clock copy device-floppy device-tablet device-tv dots dots-vertical door-enter door-exit download edit
external-link eye eye-off file-alert file-certificate file-plus file-spreadsheet file-text
file-type-docx file-type-pdf file-upload file-zip files filter flag folder gavel grip-vertical hand-stop help-circle
history home hourglass id info-circle key layout-dashboard link list list-check loader-2 lock
lock-open login logout mail map-pin maximize menu-2 message microphone microphone-off minimize minus moon
notebook notes pencil phone player-pause player-play player-skip-forward player-stop plus podium
presentation printer qrcode refresh report scale search send settings shield-check signature sitemap
sort-ascending sort-descending speakerphone square stack-2 star sun switch-horizontal table text-size
thumb-down thumb-up trash upload user user-check user-minus user-plus user-x users users-group wifi
wifi-off world writing x zoom-in zoom-out
`.trim().split(/\s+/);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of NAMES) {
  const svg = readFileSync(join(source, "icons/outline", `${name}.svg`), "utf8");
  const body = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none"[^>]*\/>/, "")
    .replace(/\s*\n\s*/g, "");
  writeFileSync(
    join(target, `${name}.svg`),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>\n`,
  );
}
copyFileSync(join(source, "LICENSE"), join(target, "LICENSE"));
console.log(`${NAMES.length} icons`);
