// The tab «Ghi chú»: own notes, and those shared with me. Templates only; what a tap does is told by
// whoever asks for them.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "./icons";
import type { Note, NotesState, SharedNote } from "./types";

const KINDS: Record<Note["kind"], string> = { highlight: "Đánh dấu", ink: "Nét bút", note: "Ghi chú", bookmark: "Dấu trang" };

export interface Cards {
  state: NotesState | undefined;
  mine: Note[];
  shared: SharedNote[];
  chosen: string;
  waits: (id: string) => boolean;
  go: (page: number, id: string) => void;
  typed: (id: string, text: string) => void;
  edit: (id: string, text: string) => void;
  remove: (id: string) => void;
  share: (id: string, body: string | null) => void;
}

export function cards(view: Cards): TemplateResult {
  if (!view.state) return html`<p class="nt-panel-word">Tài khoản này không có sổ ghi chú.</p>`;
  return html`
    <p class="nt-panel-word">Chỉ quý vị xem được ghi chú của mình, trừ ghi chú đã chia sẻ.</p>
    ${view.mine.length === 0
      ? html`<p class="nt-panel-word">Chưa có ghi chú nào. Bấm «Ghi chú» trên thanh công cụ để đánh dấu, viết hoặc vẽ lên trang.</p>`
      : html`<p><a class="btn" href=${view.state.export} download>Tải PDF kèm ghi chú</a></p>`}
    <ul class="nt-panel-list">
      ${repeat(view.mine, (note) => note.id, (note) => card(note, view))}
    </ul>
    ${view.shared.length > 0
      ? html`<h3>Được chia sẻ với tôi</h3>
          <ul class="nt-panel-list">
            ${view.shared.map(
              (note) => html`<li class="nt-note-card is-shared" data-card=${note.id}>
                <button type="button" class="nt-panel-row" @click=${() => view.go(note.page, note.id)}>
                  <b>${KINDS[note.kind]} · trang ${note.page}</b> ${note.by} (${note.shared})
                  ${note.data.quote ? html`<q>${note.data.quote}</q>` : nothing}
                  ${note.text ? html`<span>${note.text}</span>` : nothing}
                </button>
              </li>`,
            )}
          </ul>`
      : nothing}
  `;
}

function card(note: Note, view: Cards): TemplateResult {
  const open = view.chosen === note.id;
  return html`<li class="nt-note-card" data-card=${note.id} aria-current=${open ? "true" : "false"}>
    <button type="button" class="nt-panel-row" aria-expanded=${open} @click=${() => view.go(note.page, note.id)}>
      <b>${KINDS[note.kind]} · trang ${note.page}</b>
      ${view.waits(note.id) ? html`<em>chờ gửi</em>` : nothing} ${note.shared ? html`<em>đã chia sẻ với ${note.shared}</em>` : nothing}
      ${note.data.quote ? html`<q>${note.data.quote.slice(0, 160)}</q>` : nothing} ${note.text && !open ? html`<span>${note.text}</span>` : nothing}
    </button>
    ${open
      ? html`<div class="nt-note-edit">
          <label class="form-label" for="nt-note-text">${note.kind === "bookmark" ? "Tên dấu trang" : "Nội dung"}</label>
          <textarea id="nt-note-text" class="form-control" rows="4" maxlength="4000" .value=${note.text}
            @input=${(event: Event) => view.typed(note.id, (event.target as HTMLTextAreaElement).value)}
            @change=${(event: Event) => view.edit(note.id, (event.target as HTMLTextAreaElement).value)}></textarea>
          <div class="nt-note-acts">
            <button type="button" class="btn btn-primary" @click=${(event: Event) => {
              const card = (event.currentTarget as HTMLElement).closest(".nt-note-edit")!;
              view.edit(note.id, card.querySelector("textarea")!.value);
              view.go(0, "");
            }}>Ghi lại</button>
            <button type="button" class="btn" @click=${() => view.remove(note.id)}>${icon("trash")} Xóa</button>
            ${note.shared
              ? html`<button type="button" class="btn" @click=${() => view.share(note.id, null)}>Thôi chia sẻ</button>`
              : note.kind === "bookmark"
                ? nothing
                : view.state!.bodies.map((body) => html`<button type="button" class="btn" @click=${() => view.share(note.id, body.id)}>${icon("share")} Chia sẻ với ${body.name}</button>`)}
          </div>
        </div>`
      : nothing}
  </li>`;
}

