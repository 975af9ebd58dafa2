// What the person writes on the paper: pens, notes, bookmarks, sharing. The notes themselves, and how
// they reach the server, are in notes.ts.
import { html, nothing, type TemplateResult } from "lit";
import { hello } from "../device/contact";
import { device, type Owner } from "../device/store";
import { ask, notify } from "../elements/page";
import { csrfToken } from "../lib/state";
import { cards } from "./cards";
import { icon } from "./icons";
import { Notes } from "./notes";
import { Pen, quadsOf, type Made, type Tool } from "./overlay";
import type { Reader } from "./reader";
import { rove } from "./rove";
import { COLOURS, type Colour, type Note, type SharedNote } from "./types";

const PAUSE = 1_500; // milliseconds without a letter: what was typed is kept
const TOOLS: [Tool, string, string][] = [
  ["highlight", "mark", "Đánh dấu"],
  ["ink", "pen", "Bút"],
  ["note", "note", "Lời ghi"],
  ["erase", "eraser", "Tẩy"],
];

export class Marking {
  /** The bar of pens is shown. */
  open = false;
  tool: Tool = "";
  private colour: Colour = "yellow";
  private chosen = "";
  private notes: Notes | null = null; // null: this account has no notebook
  private readonly pen: Pen;

  constructor(private readonly reader: Reader) {
    this.pen = new Pen(
      () => this.tool,
      () => this.colour,
      (target) => reader.slotOf(target),
      (made) => this.made(made),
      (id) => this.notes?.remove(id),
    );
  }

  start(): void {
    const { notes, person } = this.reader.state;
    if (!notes) return;
    this.notes = new Notes(notes, undefined, token);
    this.notes.addEventListener("change", () => this.changed());
    void this.notes.open(person);
  }

  stop(): void {
    this.notes?.stop();
  }

  listen(scroller: HTMLElement): void {
    scroller.addEventListener("pointerdown", this.pen.down);
    scroller.addEventListener("pointermove", this.pen.move);
    scroller.addEventListener("pointerup", this.pen.up);
    scroller.addEventListener("pointercancel", this.pen.up);
    scroller.addEventListener("click", (event) => this.tapped(event));
  }

  /** Whether there are notes to write at all. */
  get possible(): boolean {
    return this.notes !== null;
  }

  sync(): void {
    void this.notes?.sync();
  }

  private changed(): void {
    const { notes } = this;
    this.reader.repaint();
    if (!notes) return;
    void this.reader.shelf?.keepNotes(notes.items.values(), notes.shared).catch(() => undefined);
    while (notes.refusals.length > 0) notify("error", notes.refusals.shift()!);
  }

  /** Own and shared notes of a page. */
  on(page: number): (Note | SharedNote)[] {
    return [...(this.notes?.on(page) ?? []), ...(this.notes?.shared.filter((note) => note.page === page) ?? [])];
  }

  /** How many notes of one's own are on a page. */
  count(page: number): number {
    return this.notes?.on(page).length ?? 0;
  }

  // --- the hand ------------------------------------------------------------------------------------

  private made({ kind, slot, data }: Made): void {
    const note = this.notes!.add(kind, slot.number, data);
    if (kind === "note") {
      this.tool = "";
      this.choose(note.id);
    }
  }

  private tapped(event: MouseEvent): void {
    if (this.tool !== "" || !window.getSelection()?.isCollapsed) return;
    const slot = this.reader.slotOf(event.target as Element);
    if (!slot) return;
    // The drawing lies under the selectable words, so the tap is looked up by its place.
    for (const group of slot.over.querySelectorAll<SVGGElement>("g[data-note]")) {
      const hit = [...group.children].some((child) => {
        const box = child.getBoundingClientRect();
        return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      });
      if (hit) {
        this.choose(group.dataset["note"]!);
        return;
      }
    }
  }

  /** Open the card of this note in the panel. */
  choose(id: string): void {
    this.chosen = id;
    this.reader.panel.show("notes");
    void this.reader.updateComplete.then(() => {
      const card = this.reader.querySelector<HTMLElement>(`[data-card="${id}"]`);
      card?.scrollIntoView({ block: "nearest" });
      (card?.querySelector<HTMLElement>("textarea") ?? card?.querySelector("button"))?.focus();
    });
  }

  toggle(): void {
    this.open = !this.open;
    if (!this.open) this.tool = "";
    this.reader.requestUpdate();
  }

  setTool(tool: Tool): void {
    this.tool = this.tool === tool ? "" : tool;
    this.reader.requestUpdate();
  }

  highlightSelection(): void {
    const selection = window.getSelection();
    if (!this.notes || !selection || selection.rangeCount === 0 || selection.isCollapsed) {
      notify("info", "Hãy chọn chữ trên trang rồi bấm lại, hoặc dùng bút «Đánh dấu» kéo qua chữ.");
      return;
    }
    const range = selection.getRangeAt(0);
    const start = range.startContainer.parentElement;
    const slot = start ? this.reader.slotOf(start) : null;
    const quads = slot ? quadsOf(range, slot) : [];
    if (!slot || quads.length === 0) return;
    this.notes.add("highlight", slot.number, { quads, colour: this.colour, quote: String(selection).slice(0, 2000) });
    selection.removeAllRanges();
  }

  addNote(): void {
    if (!this.notes) return;
    const { page } = this.reader;
    const there = this.notes.on(page).filter((note) => note.kind === "note").length;
    this.choose(this.notes.add("note", page, { at: [0.9, Math.min(0.05 + there * 0.06, 0.9)] }).id);
  }

  private get bookmark(): Note | undefined {
    return this.notes?.on(this.reader.page).find((note) => note.kind === "bookmark");
  }

  toggleBookmark(): void {
    const marked = this.bookmark;
    if (marked) this.notes!.remove(marked.id);
    else this.notes?.add("bookmark", this.reader.page, {});
  }

  // --- the cards -----------------------------------------------------------------------------------

  private typing: { id: string; text: string } | null = null;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;

  /** Words are kept while they are being typed: a box that goes away (Esc, a tablet put down) says nothing. */
  private typed(id: string, text: string): void {
    if (this.typing && this.typing.id !== id) this.keepTyped();
    this.typing = { id, text };
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.keepTyped(), PAUSE);
  }

  keepTyped(): void {
    clearTimeout(this.typingTimer);
    const words = this.typing;
    this.typing = null;
    if (words) this.notes?.edit(words.id, words.text);
  }

  private async remove(id: string): Promise<void> {
    if (!(await ask("Xóa ghi chú này?", { detail: "Ghi chú mất trên mọi máy của quý vị.", yes: "Xóa", danger: true }))) return;
    this.chosen = "";
    if (this.typing?.id === id) this.typing = null;
    this.notes?.remove(id);
  }

  private async share(id: string, body: string | null): Promise<void> {
    const name = this.reader.state.notes?.bodies.find((one) => one.id === body)?.name ?? "";
    if (
      body !== null &&
      !(await ask(`Chia sẻ ghi chú này với ${name}?`, {
        detail: "Mọi thành viên sẽ thấy ghi chú kèm tên quý vị, cả khi quý vị sửa về sau. Thôi chia sẻ được bất cứ lúc nào.",
        yes: "Chia sẻ",
      }))
    )
      return;
    const refusal = await this.notes!.share(id, body);
    if (refusal) notify("error", refusal);
  }

  cards(): TemplateResult {
    return cards({
      state: this.reader.state.notes,
      mine: this.notes?.list() ?? [],
      shared: this.notes?.shared ?? [],
      chosen: this.chosen,
      waits: (id) => this.notes?.isWaiting(id) ?? false,
      go: (page, id) => {
        this.chosen = this.chosen === id ? "" : id;
        if (page > 0 && page !== this.reader.page) this.reader.go(page);
        this.reader.requestUpdate();
      },
      typed: (id, text) => this.typed(id, text),
      edit: (id, text) => {
        this.typed(id, text);
        this.keepTyped();
      },
      remove: (id) => void this.remove(id),
      share: (id, body) => void this.share(id, body),
    });
  }

  // --- the bar of pens, and what is said of saving ---------------------------------------------------

  bar(): TemplateResult {
    const { panel } = this.reader;
    return html`<div class="nt-pdf-bar nt-pen-bar" role="toolbar" aria-label="Ghi chú lên trang">
      ${TOOLS.map(
        ([tool, picture, label]) =>
          html`<button type="button" class="btn" data-tool=${tool} aria-pressed=${this.tool === tool ? "true" : "false"} @click=${() => this.setTool(tool)}>${icon(picture)}<span>${label}</span></button>`,
      )}
      <button type="button" class="btn" data-tool="bookmark" aria-pressed=${this.bookmark ? "true" : "false"} @click=${() => this.toggleBookmark()}>${icon("bookmark")}<span>Dấu trang</span></button>
      <span class="nt-colours" role="radiogroup" aria-label="Màu" @keydown=${rove}>
        ${(Object.keys(COLOURS) as Colour[]).map(
          (colour) =>
            html`<button type="button" role="radio" tabindex=${this.colour === colour ? 0 : -1} class="nt-colour nt-colour-${colour}" aria-checked=${this.colour === colour ? "true" : "false"} aria-label=${COLOURS[colour]} title=${COLOURS[colour]}
              @click=${() => ((this.colour = colour), this.reader.requestUpdate())}>${this.colour === colour ? "✓" : ""}</button>`,
        )}
      </span>
      <button type="button" class="btn" aria-label="Danh sách ghi chú" aria-expanded=${panel.tab === "notes" ? "true" : "false"} @click=${() => panel.toggle("notes")}>${icon("list")}${this.notes?.list().length ?? 0}</button>
    </div>`;
  }

  saving(): TemplateResult {
    const count = this.notes?.count ?? 0;
    const words = {
      saved: "Ghi chú đã lưu trên máy chủ",
      sending: "Đang lưu ghi chú…",
      waiting: `Chưa có mạng: ${count} ghi chú giữ trên máy này, có mạng sẽ tự gửi`,
      "signed-out": `Phiên đăng nhập đã hết: ${count} ghi chú giữ trên máy này; hãy đăng nhập lại`,
    };
    const saving = this.notes?.saving ?? "saved";
    if (saving === "gone") return this.stranded();
    return html`<span class="nt-saving is-${saving}" role="status" data-saving=${saving}>${this.notes && (saving !== "saved" || this.notes.list().length > 0) ? words[saving] : nothing}</span>`;
  }

  /** The text they were written on opens to this person no more: what became of it nobody tells. */
  private stranded(): TemplateResult {
    const notes = this.notes?.stranded ?? [];
    const words = notes.map((note) => note.text).filter(Boolean);
    const copy = async (): Promise<void> => {
      try {
        await navigator.clipboard.writeText(words.join("\n\n"));
        notify("success", `Đã chép ${words.length} lời ghi; dán vào nơi cần giữ.`);
      } catch {
        notify("info", words.join(" — "), { stays: true }); // a browser that lets nobody copy shows them
      }
    };
    const discard = async (): Promise<void> => {
      const sure = await ask(`Bỏ ${notes.length} ghi chú không còn nơi nhận?`, { detail: "Ghi chú chỉ còn trên máy này; bỏ rồi không lấy lại được.", yes: "Bỏ" });
      if (sure) await this.notes?.discard();
    };
    return html`<span class="nt-saving is-gone" role="status" data-saving="gone">Bản tài liệu này không mở được nữa: ${notes.length} ghi chú chưa gửi không còn nơi nhận
      ${words.length > 0 ? html`<button type="button" class="btn" @click=${() => void copy()}>Chép lời ghi</button>` : nothing}
      <button type="button" class="btn" @click=${() => void discard()}>Bỏ</button></span>`;
  }
}

/** The page's own token; a page opened without network asks for one when it sends. */
async function token(): Promise<string> {
  if (csrfToken() !== "") return csrfToken();
  const owner = await device.get<Owner>("owner");
  return owner ? (await hello(owner)).csrf : "";
}
