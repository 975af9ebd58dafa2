// «Điều hành»: the chair's one screen. One Next button; everything can also be done out of order.
import { html, nothing, type TemplateResult } from "lit";
import type { Presence, Sitting } from "./lib/slices";
import { SteeringElement } from "./lib/steering";
import { SITTING } from "./lib/words";
import { presenceRing, presenceWall } from "./parts/presence";
import { t } from "./lib/t";

class Cockpit extends SteeringElement {
  protected override render(): TemplateResult {
    const sitting = this.slice<Sitting>("sitting");
    const presence = this.slice<Presence>("presence");
    return html`
      <header class="nt-hall-head">
        <div><p class="nt-kicker">${sitting?.session_title} · ${t("Điều hành")}</p><h1>${sitting?.title}</h1></div>
        <div class="nt-row"><span class="nt-chip nt-chip-${SITTING[sitting?.state ?? "planned"].css}">${SITTING[sitting?.state ?? "planned"].label}</span>
        <nt-clock class="nt-hall-clock" aria-label=${t("Giờ máy chủ")}></nt-clock></div>
      </header>
      ${this.noticeUp()}
      ${this.ownCheckIn()}
      ${this.sittingSteps(sitting)}
      <div class="nt-cockpit">
        <div class="nt-stack">${this.itemAndVote()}${this.ownPart()}</div>
        <div class="nt-stack">
          ${this.floorCard()}
          ${this.uses("roll_call") ? html`<section class="card nt-step nt-presence"><p class="nt-kicker">${t("Có mặt")}</p>${presenceRing(presence?.counts)}${presenceWall(presence)}</section>` : nothing}
          ${this.notes()}
        </div>
      </div>`;
  }
}

customElements.define("nt-cockpit", Cockpit);
