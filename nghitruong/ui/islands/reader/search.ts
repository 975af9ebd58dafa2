// The tab «Tìm»: words in this paper, page after page, or in the whole packet.
import { html, nothing, type TemplateResult } from "lit";
import { Finder, hitsOn, type Hit, type PacketHit, type Texts } from "./find";
import { icon } from "./icons";
import type { Document, Slot } from "./pages";
import type { Reader } from "./reader";

type Where = "here" | "packet";

export class Search {
  private query = "";
  private where: Where = "here";
  private hits: Hit[] = [];
  private packet: PacketHit[] = [];
  private current = -1;
  private word = "";
  private finder: Finder | null = null;

  constructor(private readonly reader: Reader) {}

  open(document: Document): void {
    this.finder = new Finder(document, () => this.words());
  }

  /** Each page's words as read by the server, from the device when it holds them. */
  private async words(): Promise<Texts> {
    const { shelf, state } = this.reader;
    const held = await shelf?.pageTexts();
    // A scan may have come onto the device before its words were read.
    if (held && Object.values(held).some((page) => page.trim() !== "")) return held;
    if (!state.text) return held ?? {};
    const response = await fetch(state.text, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return ((await response.json()) as { pages: Texts }).pages;
  }

  ask(query: string, where: Where): void {
    this.query = query.trim();
    this.where = where;
    this.hits = [];
    this.packet = [];
    this.current = -1;
    this.finder?.stop();
    if (this.query === "") this.word = "";
    else if (where === "packet") void this.askPacket();
    else void this.askHere();
    this.reader.repaint();
  }

  private async askHere(): Promise<void> {
    this.word = "Đang tìm…";
    const { total } = this.reader;
    try {
      await this.finder?.search(this.query, (hits, done) => {
        const first = this.hits.length === 0 && hits.length > 0;
        this.hits.push(...hits);
        const end = done === total;
        this.word = end
          ? this.hits.length === 0
            ? "Không tìm thấy. Nếu tài liệu là bản chụp chưa đọc chữ thì chưa tìm được trong đó."
            : `${this.hits.length} chỗ.`
          : `${this.hits.length} chỗ, đang tìm trang ${done}/${total}…`;
        if (first && !this.hits.some((hit) => hit.page === this.reader.page)) this.show(0);
        else if (first) this.reader.repaint();
        if (end || done % 10 === 0) this.reader.requestUpdate();
      });
    } catch {
      this.word = "Chưa tải được hết tài liệu nên chưa tìm hết. Kiểm tra mạng rồi bấm «Tìm» lại.";
    }
    this.reader.repaint();
  }

  private async askPacket(): Promise<void> {
    this.word = "Đang tìm trong cả tập…";
    try {
      const answer = await this.packetAnswer();
      this.packet = answer.hits;
      const without = answer.without > 0 ? ` ${answer.without} tài liệu chưa có chữ để tìm.` : "";
      this.word = `${answer.hits.length === 0 ? "Không tìm thấy." : `${answer.more ? "Hơn " : ""}${answer.hits.length} chỗ.`}${without}`;
    } catch {
      this.word = "Chưa tới được máy chủ nên chưa tìm được cả tập. Kiểm tra mạng rồi bấm lại.";
    }
    this.reader.requestUpdate();
  }

  /** The server's answer; without it, what the device holds of the session. */
  private async packetAnswer(): Promise<{ hits: PacketHit[]; without: number; more: boolean }> {
    const { shelf, state } = this.reader;
    try {
      const response = await fetch(`${state.find!}?${new URLSearchParams({ q: this.query })}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error();
      return (await response.json()) as { hits: PacketHit[]; without: number; more: boolean };
    } catch (error) {
      if (shelf) return shelf.search(this.query);
      throw error;
    }
  }

  private show(index: number): void {
    const hit = this.hits[index];
    const { page, pages } = this.reader;
    if (!hit || !pages) return;
    this.current = index;
    if (hit.page !== page) pages.go(hit.page);
    this.reader.repaint();
    const { over } = pages.slot(hit.page);
    (over.querySelector(".nt-hit.is-current") ?? over.querySelector(".nt-hit"))?.scrollIntoView({ block: "center" });
  }

  next(by: 1 | -1): void {
    if (this.hits.length > 0) this.show((this.current + by + this.hits.length) % this.hits.length);
  }

  /** Where the words stand on a drawn page, and which of these places is the chosen one (-1: none). */
  on(slot: Slot): { places: number[][]; current: number } {
    const places = this.query && this.where === "here" ? hitsOn(slot, this.query) : [];
    const at = this.hits[this.current];
    if (at?.page !== slot.number) return { places, current: -1 };
    // The server may have read more, or in another order, than stands on the page: then no place is the one.
    const here = this.hits.filter((hit) => hit.page === slot.number);
    return { places, current: here.length === places.length ? here.indexOf(at) : -1 };
  }

  template(): TemplateResult {
    const again = (event: Event): void => {
      event.preventDefault();
      const form = (event.currentTarget as HTMLElement).closest("form")!;
      this.ask(form.querySelector<HTMLInputElement>("input")!.value, this.where);
    };
    return html`<form class="nt-reader-find" role="search" @submit=${again}>
        <label class="form-label" for="nt-find-words">Tìm chữ (có dấu hoặc không dấu)</label>
        <div class="nt-reader-find-row">
          <input id="nt-find-words" class="form-control" type="search" autocomplete="off" spellcheck="false" .value=${this.query} />
          <button type="submit" class="btn btn-primary">${icon("search")} Tìm</button>
        </div>
        ${this.reader.state.find !== undefined
          ? html`<div class="nt-reader-find-row" role="group" aria-label="Tìm ở đâu">
              <button type="button" class="btn" aria-pressed=${this.where === "here"} @click=${() => this.ask(this.query, "here")}>Tài liệu này</button>
              <button type="button" class="btn" aria-pressed=${this.where === "packet"} @click=${() => this.ask(this.query, "packet")}>Cả tập tài liệu</button>
            </div>`
          : nothing}
      </form>
      <p class="nt-panel-word" role="status">${this.word}</p>
      ${this.where === "here"
        ? html`<ul class="nt-panel-list">
            ${this.hits.slice(0, 300).map(
              (hit, index) =>
                html`<li><button type="button" class="nt-panel-row" aria-current=${index === this.current ? "true" : "false"} @click=${() => this.show(index)}><b>Trang ${hit.page}</b> ${words(hit)}</button></li>`,
            )}
          </ul>`
        : html`<ul class="nt-panel-list">
            ${this.packet.map((hit) => html`<li><a class="nt-panel-row" href=${hit.url}><b>${hit.title}, trang ${hit.page}</b> ${words(hit)}</a></li>`)}
          </ul>`}`;
  }
}

function words(hit: Hit): TemplateResult {
  return html`<span>…${hit.before}<mark>${hit.words}</mark>${hit.after}…</span>`;
}
