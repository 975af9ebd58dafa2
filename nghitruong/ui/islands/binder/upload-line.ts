// A file on its way into an import, with how far it is.
import { html, nothing, type TemplateResult } from "lit";
import type { UploadTask } from "../lib/upload";

/** ``again`` tries a broken one once more, ``drop`` gives it up. */
export function uploadLine(task: UploadTask, again: () => void, drop: () => void): TemplateResult {
  const percent = Math.floor(task.fraction * 100);
  const words: Record<string, string> = {
    waiting: "Đang chờ tới lượt",
    sending: `Đã tải ${percent} %`,
    checking: "Đã tải đủ, máy chủ đang nhận…",
  };
  return html`<li class="nt-upload nt-upload-${task.phase}">
    <div class="nt-row">
      <strong class="flex-fill text-break">${task.file.name}</strong>
      ${task.phase === "broken"
        ? html`<button
            type="button"
            class="btn btn-sm btn-primary"
            @click=${again}
          >
            Tải tiếp
          </button>`
        : nothing}
      <button
        type="button"
        class="btn btn-sm"
        @click=${drop}
      >
        Bỏ<span class="visually-hidden">: ${task.file.name}</span>
      </button>
    </div>
    ${["sending", "checking", "broken"].includes(task.phase)
      ? html`<progress class="nt-progress" max="100" value=${percent} aria-label="Đã tải ${task.file.name}"></progress>`
      : nothing}
    <p class="nt-upload-word" role=${task.phase === "refused" ? "alert" : "status"}>
      ${words[task.phase] ?? `${task.phase === "refused" ? "✕ " : "⚠ "}${task.message}`}
    </p>
  </li>`;
}
