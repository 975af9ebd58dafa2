// The side panel: outline, small pages, notes, search. Templates only; what a tap does is the reader's.
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import type { Hit, PacketHit } from "./find";
import type { Note, NotesState, SharedNote } from "./types";

export type Tab = "outline" | "thumbs" | "notes" | "find";
export const TABS: [Tab, string][] = [
  ["outline", "Mục lục"],
  ["thumbs", "Trang"],
  ["notes", "Ghi chú"],
  ["find", "Tìm"],
];

export interface OutlineRow {
  title: string;
  depth: number;
  go: () => void;
}

export function outline(rows: OutlineRow[] | null): TemplateResult {
  if (rows === null) return html`<p class="nt-panel-word">Đang đọc mục lục…</p>`;
  if (rows.length === 0) return html`<p class="nt-panel-word">Tài liệu này không có mục lục trong tệp. Hãy xem thẻ «Trang» hoặc «Tìm».</p>`;
  return html`<ul class="nt-panel-list">
    ${rows.map(
      (row) => html`<li><button type="button" class="nt-panel-row" style=${`padding-left:${0.75 + row.depth}rem`} @click=${row.go}>${row.title}</button></li>`,
    )}
  </ul>`;
}

export interface FindView {
  query: string;
  where: "here" | "packet";
  canPacket: boolean;
  hits: Hit[];
  packet: PacketHit[];
  word: string;
  current: number;
  search: (query: string, where: "here" | "packet") => void;
  open: (index: number) => void;
}

function words(hit: Hit): TemplateResult {
  return html`<span>…${hit.before}<mark>${hit.words}</mark>${hit.after}…</span>`;
}

export function find(view: FindView): TemplateResult {
  const again = (event: Event): void => {
    event.preventDefault();
    const form = (event.currentTarget as HTMLElement).closest("form")!;
    view.search(form.querySelector<HTMLInputElement>("input")!.value, view.where);
  };
  return html`<form class="nt-find" role="search" @submit=${again}>
      <label class="form-label" for="nt-find-words">Tìm chữ (có dấu hoặc không dấu)</label>
      <div class="nt-find-row">
        <input id="nt-find-words" class="form-control" type="search" autocomplete="off" spellcheck="false" .value=${view.query} />
        <button type="submit" class="btn btn-primary">${icon("search")} Tìm</button>
      </div>
      ${view.canPacket
        ? html`<div class="nt-find-row" role="group" aria-label="Tìm ở đâu">
            <button type="button" class="btn" aria-pressed=${view.where === "here"} @click=${() => view.search(view.query, "here")}>Tài liệu này</button>
            <button type="button" class="btn" aria-pressed=${view.where === "packet"} @click=${() => view.search(view.query, "packet")}>Cả tập tài liệu</button>
          </div>`
        : nothing}
    </form>
    <p class="nt-panel-word" role="status">${view.word}</p>
    ${view.where === "here"
      ? html`<ul class="nt-panel-list">
          ${view.hits.slice(0, 300).map(
            (hit, index) =>
              html`<li><button type="button" class="nt-panel-row" aria-current=${index === view.current ? "true" : "false"} @click=${() => view.open(index)}><b>Trang ${hit.page}</b> ${words(hit)}</button></li>`,
          )}
        </ul>`
      : html`<ul class="nt-panel-list">
          ${view.packet.map(
            (hit) => html`<li><a class="nt-panel-row" href=${hit.url}><b>${hit.title}, trang ${hit.page}</b> ${words(hit)}</a></li>`,
          )}
        </ul>`}`;
}

const KINDS: Record<Note["kind"], string> = { highlight: "Đánh dấu", ink: "Nét bút", note: "Ghi chú", bookmark: "Dấu trang" };

export interface NotesView {
  state: NotesState | undefined;
  mine: Note[];
  shared: SharedNote[];
  chosen: string;
  waits: (id: string) => boolean;
  go: (page: number, id: string) => void;
  edit: (id: string, text: string) => void;
  remove: (id: string) => void;
  share: (id: string, body: string | null) => void;
}

export function notes(view: NotesView): TemplateResult {
  if (!view.state) return html`<p class="nt-panel-word">Tài khoản này không có sổ ghi chú.</p>`;
  return html`
    <p class="nt-panel-word">Chỉ ông/bà xem được ghi chú của mình, trừ ghi chú đã chia sẻ.</p>
    ${view.mine.length === 0
      ? html`<p class="nt-panel-word">Chưa có ghi chú nào. Bấm «Ghi chú» trên thanh công cụ để đánh dấu, viết hoặc vẽ lên trang.</p>`
      : html`<p><a class="btn" href=${view.state.export} download>Tải PDF kèm ghi chú</a></p>`}
    <ul class="nt-panel-list">
      ${view.mine.map((note) => mine(note, view))}
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

function mine(note: Note, view: NotesView): TemplateResult {
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

export const KEYS: [string, string][] = [
  ["← →", "trang trước, trang sau"],
  ["Home, End", "trang đầu, trang cuối"],
  ["+ − 0", "phóng to, thu nhỏ, vừa bề ngang"],
  ["Ctrl F hoặc /", "tìm trong tài liệu"],
  ["F3, Shift F3", "chỗ tìm thấy sau, trước"],
  ["M", "mục lục, ghi chú: mở, đóng bảng bên"],
  ["G", "nhảy tới trang số…"],
  ["D", "hai trang cạnh nhau"],
  ["T", "chữ lớn"],
  ["E", "nền tối"],
  ["H", "đánh dấu chỗ đang chọn"],
  ["N", "thêm ghi chú vào trang này"],
  ["B", "thêm, bỏ dấu trang"],
  ["[ và ]", "tài liệu trước, tài liệu sau trong tập"],
  ["Esc", "đóng bảng, bỏ bút"],
  ["?", "bảng phím này"],
];
