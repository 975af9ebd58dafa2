// The tab «Trang»: small pages, drawn as they come into sight.
import { html, nothing, type TemplateResult } from "lit";
import type { Reader } from "./reader";

const WIDTH = 150;

export class Thumbs {
  private watcher: IntersectionObserver | null = null;

  constructor(private readonly reader: Reader) {}

  watch(): void {
    const list = this.reader.querySelector(".nt-thumbs");
    if (!list) return;
    this.watcher?.disconnect();
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) void this.draw(entry.target as HTMLElement);
    }, { root: list.closest(".nt-panel-room"), rootMargin: "30% 0px" });
    this.watcher = watcher;
    list.querySelectorAll("button").forEach((button) => watcher.observe(button));
    list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });
  }

  private async draw(button: HTMLElement): Promise<void> {
    if (button.querySelector("canvas")) return;
    const canvas = document.createElement("canvas");
    button.prepend(canvas);
    try {
      const page = await this.reader.pages!.document.getPage(Number(button.dataset["page"]));
      const view = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: WIDTH / view.width });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      await page.render({ canvas, viewport }).promise;
    } catch {
      canvas.remove();
    }
  }

  template(): TemplateResult {
    const { marking, page, total } = this.reader;
    return html`<div class="nt-thumbs">
      ${Array.from({ length: total }, (_, at) => {
        const marked = marking.count(at + 1);
        return html`<button type="button" data-page=${at + 1} aria-current=${at + 1 === page ? "true" : "false"} @click=${() => this.reader.go(at + 1)}><span>Trang ${at + 1}${marked ? html`<br />${marked} ghi chú` : nothing}</span></button>`;
      })}
    </div>`;
  }
}
