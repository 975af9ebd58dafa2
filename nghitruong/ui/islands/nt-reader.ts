// Reading a paper in the page. Only the pages near the window are asked for (by range), drawn and
// kept; two hundred pages open as fast as two. The page is remembered on the server.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import * as pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { csrfToken, initialState } from "./lib/state";

interface State {
  file: string;
  remember: string;
  page: number;
  pages: number | null;
  title: string;
}

interface Slot {
  number: number;
  box: HTMLElement;
  /** The scale it is drawn at; 0: empty. */
  drawn: number;
  task: pdfjs.RenderTask | null;
}

const here = import.meta.url;
const files = (folder: string): string => new URL(`pdfjs/${folder}/`, here).href;
pdfjs.GlobalWorkerOptions.workerSrc = new URL(workerUrl, here).href;

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const KEEP = 8; // drawn pages kept in memory: tablets have little
const MAX_PIXELS = 8_000_000; // of one canvas

class Reader extends LitElement {
  private state!: State;
  private document: pdfjs.PDFDocumentProxy | null = null;
  private loading: pdfjs.PDFDocumentLoadingTask | null = null;
  private slots: Slot[] = [];
  private first = { width: 595, height: 842 }; // points, of the first page: the others' guess
  private page = 1;
  private zoom = 0; // 0: the page's width
  private problem = "";
  private watcher: IntersectionObserver | null = null;
  private sizes: ResizeObserver | null = null;
  private near = new Set<number>();
  private remembered = 0;
  private timer = 0;
  private width = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    this.page = this.remembered = this.state.page;
    document.addEventListener("keydown", this.key);
    document.addEventListener("visibilitychange", this.leaving);
    window.addEventListener("pagehide", this.leaving);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.key);
    document.removeEventListener("visibilitychange", this.leaving);
    window.removeEventListener("pagehide", this.leaving);
    this.watcher?.disconnect();
    this.sizes?.disconnect();
    void this.loading?.destroy();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    void this.open();
  }

  private get scroller(): HTMLElement {
    return this.querySelector<HTMLElement>(".nt-pdf")!;
  }

  private async open(): Promise<void> {
    this.problem = "";
    this.loading = pdfjs.getDocument({
      url: this.state.file,
      rangeChunkSize: 256 * 1024,
      disableAutoFetch: true,
      disableStream: true,
      cMapUrl: files("cmaps"),
      standardFontDataUrl: files("standard_fonts"),
      wasmUrl: files("wasm"),
      iccUrl: files("iccs"),
      enableXfa: false,
    });
    try {
      this.document = await this.loading.promise;
      const page = await this.document.getPage(1);
      const view = page.getViewport({ scale: 1 });
      this.first = { width: view.width, height: view.height };
    } catch (error) {
      const status = (error as { status?: number }).status;
      this.problem =
        status === 404 || status === 410
          ? "Tài liệu này không còn trên máy chủ. Hãy báo văn phòng."
          : "Chưa mở được tài liệu. Kiểm tra mạng rồi bấm «Mở lại»; nếu vẫn không được, hãy tải tệp về máy.";
      this.requestUpdate();
      return;
    }
    this.layOut();
    this.requestUpdate();
  }

  /** An empty box for every page, so that the scroll bar tells the truth at once. */
  private layOut(): void {
    const total = this.document!.numPages;
    this.page = Math.min(this.page, total);
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), {
      root: this.scroller,
      rootMargin: "60% 0px",
    });
    const room = document.createDocumentFragment();
    for (let number = 1; number <= total; number += 1) {
      const box = document.createElement("div");
      box.className = "nt-pdf-page";
      box.dataset["page"] = String(number);
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `Trang ${number} trên ${total}`);
      this.slots.push({ number, box, drawn: 0, task: null });
      room.append(box);
    }
    this.scroller.append(room);
    this.measure();
    this.slots.forEach((slot) => this.watcher!.observe(slot.box));
    this.go(this.page, "instant");
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(this.scroller);
  }

  private get scale(): number {
    if (this.zoom > 0) return this.zoom * (96 / 72);
    return Math.max(0.2, (this.scroller.clientWidth - 24) / this.first.width);
  }

  private measure(): void {
    this.width = this.scroller.clientWidth;
    const scale = this.scale;
    for (const slot of this.slots) {
      const own = slot.box.dataset;
      const width = Number(own["width"] ?? this.first.width);
      const height = Number(own["height"] ?? this.first.height);
      slot.box.style.width = `${Math.floor(width * scale)}px`;
      slot.box.style.height = `${Math.floor(height * scale)}px`;
      slot.box.style.setProperty("--total-scale-factor", String(scale));
    }
  }

  private resized(): void {
    if (this.zoom === 0 && Math.abs(this.scroller.clientWidth - this.width) > 1) this.rescale();
  }

  private rescale(): void {
    if (!this.document) return;
    const page = this.page;
    this.measure();
    this.go(page, "instant");
    this.near.forEach((number) => void this.draw(this.slots[number - 1]!));
    this.requestUpdate();
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const number = Number((entry.target as HTMLElement).dataset["page"]);
      if (entry.isIntersecting) {
        this.near.add(number);
        void this.draw(this.slots[number - 1]!);
      } else {
        this.near.delete(number);
      }
    }
    this.forget();
  }

  /** Empty the drawn pages that are farthest away. */
  private forget(): void {
    const drawn = this.slots.filter((slot) => slot.drawn > 0 && !this.near.has(slot.number));
    drawn.sort((a, b) => Math.abs(b.number - this.page) - Math.abs(a.number - this.page));
    while (drawn.length > KEEP) {
      const slot = drawn.shift()!;
      slot.task?.cancel();
      slot.task = null;
      slot.box.replaceChildren();
      slot.drawn = 0;
      this.document?.getPage(slot.number).then((page) => page.cleanup(), () => undefined);
    }
  }

  private async draw(slot: Slot): Promise<void> {
    const scale = this.scale;
    if (slot.drawn === scale || !this.document) return;
    slot.task?.cancel();
    slot.drawn = scale;
    try {
      const page = await this.document.getPage(slot.number);
      const view = page.getViewport({ scale });
      const natural = page.getViewport({ scale: 1 });
      if (slot.drawn !== scale) return;
      slot.box.dataset["width"] = String(natural.width);
      slot.box.dataset["height"] = String(natural.height);
      slot.box.style.width = `${Math.floor(view.width)}px`;
      slot.box.style.height = `${Math.floor(view.height)}px`;
      const dense = Math.min(
        window.devicePixelRatio || 1,
        2,
        Math.sqrt(MAX_PIXELS / (view.width * view.height)),
      );
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(view.width * dense);
      canvas.height = Math.floor(view.height * dense);
      canvas.setAttribute("aria-hidden", "true");
      slot.task = page.render({
        canvas,
        viewport: view,
        ...(dense === 1 ? {} : { transform: [dense, 0, 0, dense, 0, 0] }),
      });
      await slot.task.promise;
      const text = document.createElement("div");
      text.className = "textLayer";
      slot.box.replaceChildren(canvas, text);
      const layer = new pdfjs.TextLayer({
        textContentSource: page.streamTextContent(),
        container: text,
        viewport: view,
      });
      await layer.render();
    } catch (error) {
      if ((error as Error).name === "RenderingCancelledException") return;
      slot.drawn = 0;
      const word = document.createElement("p");
      word.className = "nt-pdf-failed";
      word.textContent = `Chưa tải được trang ${slot.number}. Kiểm tra mạng rồi cuộn lại trang này.`;
      slot.box.replaceChildren(word);
    }
  }

  private scrolled(): void {
    const top = this.scroller.scrollTop + this.scroller.clientHeight / 3;
    let low = 0;
    let high = this.slots.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.slots[middle]!.box.offsetTop <= top) low = middle;
      else high = middle - 1;
    }
    const page = this.slots[low]?.number ?? 1;
    if (page === this.page) return;
    this.page = page;
    this.requestUpdate();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.remember(), 800);
  }

  private remember(): void {
    if (this.page === this.remembered || !this.document) return;
    const page = this.page;
    void fetch(this.state.remember, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRFToken": csrfToken(), "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ page }),
    }).then(
      (response) => {
        if (response.ok) this.remembered = page;
      },
      () => undefined, // the next page turned tells it again
    );
  }

  private readonly leaving = (): void => {
    if (document.visibilityState === "hidden") this.remember();
  };

  private go(page: number, behavior: ScrollBehavior = "instant"): void {
    const slot = this.slots[Math.min(Math.max(page, 1), this.slots.length) - 1];
    if (slot) this.scroller.scrollTo({ top: slot.box.offsetTop - 8, behavior });
  }

  private magnify(by: -1 | 1): void {
    const now = this.scale / (96 / 72);
    const next =
      by > 0 ? STEPS.find((step) => step > now + 0.01) : [...STEPS].reverse().find((step) => step < now - 0.01);
    if (next === undefined) return;
    this.zoom = next;
    this.rescale();
  }

  private fit(): void {
    this.zoom = 0;
    this.rescale();
  }

  private readonly key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.go(this.page + 1),
      ArrowLeft: () => this.go(this.page - 1),
      PageDown: () => this.go(this.page + 1),
      PageUp: () => this.go(this.page - 1),
      Home: () => this.go(1),
      End: () => this.go(this.slots.length),
      "+": () => this.magnify(1),
      "=": () => this.magnify(1),
      "-": () => this.magnify(-1),
      "0": () => this.fit(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  protected override render(): TemplateResult {
    const total = this.document?.numPages ?? this.state.pages ?? 0;
    return html`
      <div class="nt-pdf-bar" role="toolbar" aria-label="Đọc tài liệu">
        <button type="button" class="btn btn-lg" ?disabled=${this.page <= 1} @click=${() => this.go(this.page - 1)}>‹ Trang trước</button>
        <label class="nt-pdf-where"
          >Trang
          <input
            class="form-control"
            type="number"
            inputmode="numeric"
            min="1"
            max=${total || 1}
            .value=${String(this.page)}
            @change=${(event: Event) => this.go(Number((event.target as HTMLInputElement).value) || 1)}
          />
          / ${total || "…"}</label
        >
        <button type="button" class="btn btn-lg" ?disabled=${total > 0 && this.page >= total} @click=${() => this.go(this.page + 1)}>Trang sau ›</button>
        <span class="nt-pdf-zoom">
          <button type="button" class="btn btn-lg btn-icon" aria-label="Thu nhỏ" @click=${() => this.magnify(-1)}>−</button>
          <button type="button" class="btn btn-lg" aria-pressed=${this.zoom === 0 ? "true" : "false"} @click=${() => this.fit()}>Vừa bề ngang</button>
          <button type="button" class="btn btn-lg btn-icon" aria-label="Phóng to" @click=${() => this.magnify(1)}>+</button>
        </span>
      </div>
      ${this.problem
        ? html`<div class="nt-message nt-message-error" role="alert">
            <p>${this.problem}</p>
            <button type="button" class="btn" @click=${() => void this.open()}>Mở lại</button>
          </div>`
        : nothing}
      <div class="nt-pdf" role="region" tabindex="0" aria-label=${this.state.title} aria-busy=${this.document || this.problem ? "false" : "true"}></div>
    `;
  }
}

customElements.define("nt-reader", Reader);
