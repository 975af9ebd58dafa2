// The one who speaks, with the server's clock, and those who wait.
import { html, nothing, type TemplateResult } from "lit";
import type { Queue, Speaker, Waiting } from "../lib/slices";
import { REQUEST } from "../lib/words";
import { t } from "../lib/t";

/** When the time is up, if the clock runs on from now. */
export function deadline(speaker: Speaker): string {
  return new Date(Date.parse(speaker.started_at) + (speaker.limit_seconds + speaker.paused_seconds) * 1000).toISOString();
}

/** The clock of a speech: it counts down, stands while paused, and says when the chair reminds. */
export function speechClock(speaker: Speaker, css: string): TemplateResult {
  const words = speaker.paused_at ? t("Đồng hồ đang dừng") : speaker.warned_at ? t("Chủ tọa nhắc: sắp hết thời gian") : "";
  return html`<div class="nt-speech-time">
    <nt-clock class=${css} until=${deadline(speaker)} at=${speaker.paused_at ?? nothing} warn="30" aria-label=${t("Thời gian còn lại")}></nt-clock>
    ${words ? html`<p class="nt-speech-note ${speaker.paused_at ? "" : "is-warned"}" role="status">${speaker.paused_at ? "‖" : "!"} ${words}</p>` : nothing}
  </div>`;
}

/** Somebody was called and is on the way to the rostrum. */
export function callingCard(row: Waiting): TemplateResult {
  return html`<section class="nt-speaker nt-calling" aria-live="polite">
    <div>
      <p class="nt-kicker">${t("Mời")} ${(REQUEST[row.kind] ?? row.kind).toLowerCase()}</p>
      <p class="nt-speaker-name">${row.name}</p>
      <p class="nt-muted">${row.group}</p>
    </div>
  </section>`;
}

export function speakerCard(speaker: Speaker): TemplateResult {
  return html`<section class="nt-speaker" aria-live="polite">
    <div>
      <p class="nt-kicker">${t("Đang")} ${speaker.kind === "rebuttal" ? t("tranh luận") : t("phát biểu")}</p>
      <p class="nt-speaker-name">${speaker.name}</p>
      <p class="nt-muted">${[speaker.title, speaker.group].filter(Boolean).join(" · ")}</p>
    </div>
    ${speechClock(speaker, "nt-speaker-clock")}
  </section>`;
}

export function queueList(
  queue: Queue | null,
  buttons: (row: Waiting) => TemplateResult | typeof nothing = () => nothing,
  note: (row: Waiting) => string = () => "",
): TemplateResult {
  const waiting = queue?.waiting ?? [];
  if (waiting.length === 0) return html`<p class="nt-muted">${t("Chưa có đại biểu nào đăng ký.")}</p>`;
  return html`<ol class="nt-queue">
    ${waiting.map(
      (row, index) => html`<li>
        <span class="nt-queue-number">${index + 1}</span>
        <span class="nt-queue-name"><b>${row.name}</b><small>${[row.group, REQUEST[row.kind] ?? row.kind, note(row)].filter(Boolean).join(" · ")}</small></span>
        ${buttons(row)}
      </li>`,
    )}
  </ol>`;
}
