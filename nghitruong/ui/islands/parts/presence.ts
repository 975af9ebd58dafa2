// Who is here: the ring with the quorum, and the wall of seats.
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Counts, Member, Presence } from "../lib/slices";
import { PRESENCE } from "../lib/words";
import { hemicycle } from "./hemicycle";
import { t } from "../lib/t";

export function members(presence: Presence | null): [string, Member][] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return Object.entries(presence?.members ?? {}).sort(
    ([, a], [, b]) => (a.seat_number ?? 999) - (b.seat_number ?? 999) || compare(a.sort, b.sort),
  );
}

export function presenceRing(counts: Counts | undefined): TemplateResult {
  const total = counts?.in_office ?? 0;
  const present = counts?.present ?? 0;
  const share = total ? present / total : 0;
  const need = total ? (counts?.quorum_needed ?? 0) / total : 0;
  const length = 2 * Math.PI * 42;
  const angle = need * 2 * Math.PI - Math.PI / 2;
  return html`<figure class="nt-ring ${counts?.quorum_met ? "is-met" : ""}">
    <svg viewBox="0 0 100 100" role="img" aria-label=${t("Có mặt %(n)s trên %(total)s đại biểu", { n: present, total })}>
      ${svg`<circle class="nt-ring-track" cx="50" cy="50" r="42"></circle>
      <circle class="nt-ring-value" cx="50" cy="50" r="42" transform="rotate(-90 50 50)"
        stroke-dasharray="${share * length} ${length}"></circle>
      <line class="nt-ring-need" x1=${50 + 35 * Math.cos(angle)} y1=${50 + 35 * Math.sin(angle)}
        x2=${50 + 49 * Math.cos(angle)} y2=${50 + 49 * Math.sin(angle)}></line>
      <text x="50" y="49" text-anchor="middle" class="nt-ring-number">${present}</text>
      <text x="50" y="66" text-anchor="middle" class="nt-ring-total">/${total}</text>`}
    </svg>
    <figcaption>${counts?.quorum_met ? `✓ ${t("Đủ số đại biểu")}` : t("Cần %(n)s đại biểu", { n: counts?.quorum_needed ?? 0 })}</figcaption>
  </figure>`;
}

export function presenceWall(presence: Presence | null): TemplateResult | typeof nothing {
  if (!Object.keys(presence?.members ?? {}).length) return nothing; // no roll yet: no empty wall
  const counts = presence?.counts;
  return hemicycle(
    members(presence).map(([, member]) => ({
      name: member.name,
      group: member.group,
      ...PRESENCE[member.presence],
    })),
    t("Có mặt %(n)s trên %(total)s đại biểu", { n: counts?.present ?? 0, total: counts?.in_office ?? 0 }),
  );
}
