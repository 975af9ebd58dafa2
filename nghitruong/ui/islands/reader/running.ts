// A page as large running text, and read aloud.
import { html, type TemplateResult } from "lit";
import { keep, stored } from "./kept";
import type { Reader } from "./reader";
import { joinText, paragraphsOf } from "./reflow";
import { Voice } from "./speech";

const SIZES = [1.125, 1.25, 1.5, 1.75, 2, 2.5, 3]; // rem
const SIZE_KEY = "nt_reader_text";

export class Running {
  readonly voice = new Voice();
  private paragraphs: { page: number; texts: string[] | null } = { page: 0, texts: null };
  private size = Math.min(Number(stored(SIZE_KEY) ?? 2) || 2, SIZES.length - 1);

  constructor(private readonly reader: Reader) {
    this.voice.addEventListener("change", () => reader.requestUpdate());
  }

  turned(): void {
    if (this.paragraphs.page !== this.reader.page) void this.reflow();
  }

  magnify(by: -1 | 1): void {
    this.size = Math.min(Math.max(this.size + by, 0), SIZES.length - 1);
    keep(SIZE_KEY, String(this.size));
  }

  async reflow(): Promise<string[]> {
    const { page, pages, state } = this.reader;
    this.paragraphs = { page, texts: null };
    this.reader.requestUpdate();
    let texts: string[] = [];
    try {
      texts = await paragraphsOf(await pages!.document.getPage(page));
      if (texts.join("").length < 20 && state.text) {
        texts = joinText(await this.pageText(state.text, page));
      }
    } catch {
      texts = ["Chưa tải được trang này. Kiểm tra mạng rồi bấm lại."];
    }
    if (this.paragraphs.page === page) {
      this.paragraphs.texts = texts;
      this.reader.requestUpdate();
      this.reader.querySelector(".nt-reflow")?.scrollTo({ top: 0 });
    }
    return texts;
  }

  private async pageText(url: string, page: number): Promise<string> {
    const held = (await this.reader.shelf?.pageText(page)) ?? "";
    if (held !== "") return held;
    const response = await fetch(url.replace("/0/", `/${page}/`), { headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as { text: string }).text : "";
  }

  /** Read aloud from this page to the end of the paper, or be silent. */
  async speak(): Promise<void> {
    if (this.voice.speaking) {
      this.voice.stop();
      return;
    }
    for (;;) {
      const texts = await this.reflow();
      const done = await this.voice.read(texts.length > 0 ? texts : ["Trang này không có chữ."]);
      const { page, pages, total } = this.reader;
      if (!done || page >= total) return;
      pages!.go(page + 1);
      this.reader.turned();
    }
  }

  template(): TemplateResult {
    const { page, total } = this.reader;
    const { texts } = this.paragraphs;
    return html`<article class="nt-reflow" tabindex="0" aria-label=${`Trang ${page}, chữ lớn`} style=${`font-size:${SIZES[this.size]}rem`}>
      ${texts === null
        ? html`<p role="status">Đang lấy chữ của trang…</p>`
        : texts.length === 0
          ? html`<p>Trang này là ảnh, chưa có chữ để hiện lớn. Hãy bấm «Xem», bỏ «Chữ lớn» để xem ảnh trang.</p>`
          : texts.map((text, at) => html`<p class=${this.voice.at === at ? "is-read" : ""}>${text}</p>`)}
      <p class="nt-reflow-next">
        <button type="button" class="btn" ?disabled=${page <= 1} @click=${() => this.reader.step(-1)}>Trang trước</button>
        <button type="button" class="btn btn-primary" ?disabled=${page >= total} @click=${() => this.reader.step(1)}>Trang sau</button>
      </p>
    </article>`;
  }
}
