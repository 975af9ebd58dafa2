// «Màn hình hội trường»: readable from 20 m; follows by itself; no scrollbar; survives a cable pull.
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "./lib/live-element";
import type { Annulled, Item, Notice, Poll, Presence, Progress, Queue, Sitting } from "./lib/slices";
import { REQUEST, SITTING } from "./lib/words";
import { presenceRing, presenceWall } from "./parts/presence";
import { outcomeLine, resultPicture, resultRows } from "./parts/result";
import { speechClock } from "./parts/speaking";
import { t } from "./lib/t";

class Projector extends LiveElement {
  protected override get frame(): string {
    return "nt-projector";
  }

  protected override render(): TemplateResult {
    const sitting = this.slice<Sitting>("sitting");
    return html`<header class="nt-projector-head">
        <div><b>${sitting?.session_title}</b><span>${sitting?.title}</span></div>
        <span>${sitting?.closed_doors ? t("HỌP KÍN") : SITTING[sitting?.state ?? "planned"].label}</span>
        <nt-clock></nt-clock>
      </header>
      ${this.notice()}
      <div class="nt-projector-main">${this.main(sitting)}</div>`;
  }

  /** A band of its own between head and picture: it takes room, it never lies over a number. While a
   *  vote runs its letters are smaller, the question and the count come first. */
  private notice(): TemplateResult | typeof nothing {
    const notice = this.slice<Notice>("notice");
    const aside = this.slice<Poll>("poll")?.state === "open" ? "is-aside" : "";
    return notice ? html`<p class="nt-projector-notice ${aside}" role="status">${notice.text}</p>` : nothing;
  }

  private main(sitting: Sitting | null): TemplateResult {
    const result = this.result();
    const poll = this.slice<Poll>("poll");
    const queue = this.slice<Queue>("queue");
    const item = this.slice<Item>("item");
    const presence = this.slice<Presence>("presence");
    if (poll?.state === "open") return this.voting(poll);
    if (poll?.state === "closed") return html`<div class="nt-projector-center"><p class="nt-kicker">${t("Biểu quyết đã kết thúc")}</p><h1>${poll.question}</h1><p>${t("Chờ chủ tọa công bố kết quả")}</p></div>`;
    // What was announced before the last break is over, also on a screen that was away meanwhile.
    if (result && Date.parse(result.published_at ?? "") >= Date.parse(sitting?.rested_at ?? "1970-01-01")) {
      return html`<div class="nt-projector-result"><h1>${result.question}</h1>${outcomeLine(result)}
        <div>${resultPicture(result)}${resultRows(result)}</div></div>`;
    }
    if (sitting?.state === "suspended") return this.pause(t("TẠM NGHỈ"), sitting);
    if (sitting?.state === "closed") return this.pause(t("Phiên họp đã kết thúc"), sitting);
    if (queue?.speaker) {
      return html`<div class="nt-projector-center">
        ${item ? html`<p class="nt-kicker">${item.title}</p>` : nothing}
        <h1>${queue.speaker.name}</h1>
        <p>${[queue.speaker.title, queue.speaker.group].filter(Boolean).join(" · ")}</p>
        ${speechClock(queue.speaker, "nt-projector-clock")}
        ${queue.waiting.length ? html`<p class="nt-muted">${t("Tiếp theo")}: ${queue.waiting.slice(0, 3).map((row) => row.name).join(" · ")}</p>` : nothing}
      </div>`;
    }
    if (queue?.calling) {
      return html`<div class="nt-projector-center">
        ${item ? html`<p class="nt-kicker">${item.title}</p>` : nothing}
        <p class="nt-kicker">${t("Mời")} ${(REQUEST[queue.calling.kind] ?? "").toLowerCase()}</p>
        <h1>${queue.calling.name}</h1><p>${queue.calling.group}</p></div>`;
    }
    const annulled = this.slice<Annulled>("annulled");
    if (annulled) return html`<div class="nt-projector-center nt-projector-annulled"><p class="nt-kicker">${t("Biểu quyết")}</p><h1>${annulled.question}</h1><p>${t("Cuộc biểu quyết này đã bị hủy.")}</p></div>`;
    if (item) return html`<div class="nt-projector-center"><p class="nt-kicker">${t("Nội dung")} ${item.order}/${item.total}</p><h1>${item.title}</h1>${item.presenter ? html`<p>${t("Trình bày")}: ${item.presenter}</p>` : nothing}</div>`;
    if (!this.uses("roll_call")) return html`<div class="nt-projector-center"><h1>${sitting?.title}</h1></div>`;
    return html`<div class="nt-projector-roll"><div><p class="nt-kicker">${sitting?.roll_open ? t("Đang điểm danh") : (sitting?.title ?? "")}</p>${presenceRing(presence?.counts)}</div>${presenceWall(presence)}</div>`;
  }

  /** Nobody is at work: the words, and which sitting. What was announced for the break stands above. */
  private pause(words: string, sitting: Sitting): TemplateResult {
    return html`<div class="nt-projector-center nt-projector-pause"><h1>${words}</h1><p>${sitting.title}</p><p class="nt-muted">${sitting.session_title}</p></div>`;
  }

  private voting(poll: Poll): TemplateResult {
    const progress = this.slice<Progress>("progress");
    const cast = progress?.poll_id === poll.id ? progress.cast : 0;
    const electors = progress?.poll_id === poll.id ? progress.electors : poll.electors;
    return html`<div class="nt-projector-center"><p class="nt-kicker">${t("Đang biểu quyết")}</p><h1>${poll.question}</h1>
      <p>${poll.version ? `${t("Bản %(n)s", { n: poll.version.number })} · ` : ""}${poll.rule.label}</p>
      <p class="nt-projector-cast"><b>${cast}</b>/${electors}<small>${t("đại biểu đã biểu quyết")}</small></p>
      <div class="nt-bar"><i style="width:${electors ? (100 * cast) / electors : 0}%"></i></div></div>`;
  }
}

customElements.define("nt-projector", Projector);
