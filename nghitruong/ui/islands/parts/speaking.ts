// The one who speaks, with the server's clock, and those who wait.
import { html, nothing, type TemplateResult } from "lit";
import type { Queue, Speaker, Waiting } from "../lib/slices";
import { REQUEST } from "../lib/words";

export function deadline(speaker: Speaker): string {
  return new Date(Date.parse(speaker.started_at) + speaker.limit_seconds * 1000).toISOString();
}

export function speakerCard(speaker: Speaker): TemplateResult {
  return html`<section class="nt-speaker" aria-live="polite">
    <div>
      <p class="nt-kicker">Đang ${speaker.kind === "rebuttal" ? "tranh luận" : "phát biểu"}</p>
      <p class="nt-speaker-name">${speaker.name}</p>
      <p class="nt-muted">${[speaker.title, speaker.group].filter(Boolean).join(" · ")}</p>
    </div>
    <nt-clock class="nt-speaker-clock" until=${deadline(speaker)} warn="30" aria-label="Thời gian còn lại"></nt-clock>
  </section>`;
}

export function queueList(
  queue: Queue | null,
  buttons: (row: Waiting) => TemplateResult | typeof nothing = () => nothing,
): TemplateResult {
  const waiting = queue?.waiting ?? [];
  if (waiting.length === 0) return html`<p class="nt-muted">Chưa có đại biểu nào đăng ký.</p>`;
  return html`<ol class="nt-queue">
    ${waiting.map(
      (row, index) => html`<li>
        <span class="nt-queue-number">${index + 1}</span>
        <span class="nt-queue-name"><b>${row.name}</b><small>${row.group} · ${REQUEST[row.kind] ?? row.kind}</small></span>
        ${buttons(row)}
      </li>`,
    )}
  </ol>`;
}
