// Reading a paper in the page: the pages themselves (reader/pages), private notes over them
// (reader/marking, reader/notes), search, outline, large text, reading aloud. This element opens the
// paper and holds the parts together. What is kept is kept on the server and comes to the person's
// other devices by itself.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import "../css/reader.scss"; // this page's alone: {% styles "nt-reader" %}
import { Shelf } from "./device/shelf";
import { Doorbell } from "./lib/doorbell";
import { councilSlug, initialState } from "./lib/state";
import { foot } from "./reader/foot";
import { keep, stored } from "./reader/kept";
import { keyList, press } from "./reader/keys";
import { Marking } from "./reader/marking";
import { paint } from "./reader/overlay";
import { load, Pages, wake, type Slot } from "./reader/pages";
import { Panel } from "./reader/panel";
import { Place } from "./reader/place";
import type { Reader } from "./reader/reader";
import { Running } from "./reader/running";
import { Search } from "./reader/search";
import { toolbar } from "./reader/toolbar";
import type { Layout, State } from "./reader/types";

const NIGHT_KEY = "nt_reader_night";

class ReaderElement extends LitElement implements Reader {
  state!: State;
  shelf: Shelf | null = null;
  pages: Pages | null = null;
  layout: Layout = "";
  night = false;
  readonly marking: Marking = new Marking(this);
  readonly panel: Panel = new Panel(this);
  readonly place: Place = new Place(this);
  readonly running: Running = new Running(this);
  readonly search: Search = new Search(this);
  private loading: ReturnType<typeof load> | null = null;
  private bell: Doorbell | null = null;
  private problem = "";
  private picture: HTMLImageElement | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    wake();
    this.state = initialState<State>(this)!;
    this.layout = this.state.layout;
    this.night = stored(NIGHT_KEY) === "1";
    this.marking.start();
    if (this.state.person && !this.state.offline) this.bell = new Doorbell(councilSlug(), (ring) => this.rung(ring));
    document.addEventListener("keydown", this.pressed);
    document.addEventListener("visibilitychange", this.leaving);
    window.addEventListener("pagehide", this.leaving);
    window.addEventListener("online", this.online);
    document.documentElement.classList.toggle("nt-night", this.night);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.pressed);
    document.removeEventListener("visibilitychange", this.leaving);
    window.removeEventListener("pagehide", this.leaving);
    window.removeEventListener("online", this.online);
    this.running.voice.stop();
    this.bell?.stop();
    this.marking.stop();
    this.pages?.stop();
    void this.loading?.destroy();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    this.showPicture();
    void this.open();
    this.marking.listen(this.scroller);
  }

  /** The first page as the server drew it, on the page since before this element was: it is read
   *  while the file is coming, and moves to where the pages will be. */
  private showPicture(): void {
    const waiting = document.querySelector(".nt-pdf-waiting");
    const picture = waiting?.querySelector("img") ?? null;
    if (picture && !location.hash) {
      this.picture = picture;
      const box = document.createElement("div");
      box.className = "nt-pdf-page";
      box.style.width = `${this.scroller.clientWidth - 24}px`;
      box.append(picture);
      this.scroller.append(box);
    }
    waiting?.remove();
  }

  private get scroller(): HTMLElement {
    return this.querySelector<HTMLElement>(".nt-pdf")!;
  }

  get page(): number {
    return this.pages?.page ?? this.state.page;
  }

  get total(): number {
    return this.pages?.total ?? this.state.pages ?? 0;
  }

  // --- opening ---------------------------------------------------------------------------------

  private async open(): Promise<void> {
    this.problem = "";
    this.shelf ??= await Shelf.find(this.state.person, this.state.version);
    const held = (await this.shelf?.bytes()) ?? null;
    this.loading ??= load(this.state.file, this.state.size, held);
    try {
      const document = await this.loading.promise;
      const first = await document.getPage(1);
      const { page, zoom } = this.state;
      const asked = Number(/^#trang=(\d+)/.exec(location.hash)?.[1] ?? 0);
      this.search.open(document);
      const start = { page: asked || page, zoom, facing: this.layout === "two" };
      this.pages = new Pages(this.scroller, document, first, start, this.picture);
    } catch (error) {
      this.loading = null;
      const status = (error as { status?: number }).status;
      this.problem =
        status === 404 || status === 410
          ? "Tài liệu này không còn trên máy chủ. Hãy báo văn phòng."
          : "Chưa mở được tài liệu. Kiểm tra mạng rồi bấm «Mở lại»; nếu vẫn không được, hãy tải tệp về máy.";
      this.requestUpdate();
      return;
    }
    this.pages.addEventListener("turn", () => this.turned());
    this.pages.addEventListener("drawn", (event) => this.paint((event as CustomEvent<Slot>).detail));
    void this.place.remember(); // opened: from now on it counts as read
    if (this.layout === "text") void this.running.reflow();
    const words = new URLSearchParams(location.search).get("tim");
    if (words) this.search.ask(words, "here");
    this.requestUpdate();
  }

  private readonly pressed = (event: KeyboardEvent): void => press(this, event);

  private readonly online = (): void => {
    this.pages?.retry();
    this.marking.sync();
    void this.place.remember();
  };

  private readonly leaving = (): void => {
    if (document.visibilityState === "hidden") {
      this.marking.keepTyped();
      void this.place.remember();
    } else if (document.visibilityState === "visible") this.marking.sync();
  };

  private rung(ring: { slice: string; version: string; device: string } | null): void {
    if (ring && ring.version !== this.state.version) return;
    if (ring === null || ring.slice === "notes") this.marking.sync();
    if (ring?.slice === "reading" && ring.device !== this.place.device) void this.place.follow();
  }

  // --- turning and looking -----------------------------------------------------------------------

  turned(): void {
    this.place.turned();
    this.requestUpdate();
    if (this.layout === "text") this.running.turned();
  }

  go(page: number): void {
    if (this.running.voice.speaking) this.running.voice.stop();
    this.pages?.go(page);
    this.turned();
  }

  step(by: 1 | -1): void {
    if (this.pages) this.go(this.pages.neighbour(by));
  }

  setLayout(layout: Layout): void {
    this.layout = this.layout === layout ? "" : layout;
    this.running.voice.stop();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.pages?.setFacing(this.layout === "two");
      if (this.layout === "text") void this.running.reflow();
      void this.place.remember();
    });
  }

  setNight(): void {
    this.night = !this.night;
    keep(NIGHT_KEY, this.night ? "1" : "0");
    document.documentElement.classList.toggle("nt-night", this.night);
    this.requestUpdate();
  }

  magnify(by: -1 | 1): void {
    if (this.layout === "text") this.running.magnify(by);
    else this.pages?.magnify(by);
    this.requestUpdate();
    this.place.rememberSoon();
  }

  fit(): void {
    this.pages?.setZoom(0);
    this.requestUpdate();
    void this.place.remember();
  }

  slotOf(target: Element): Slot | null {
    const box = target.closest<HTMLElement>(".nt-pdf-page");
    return box && this.pages ? this.pages.slot(Number(box.dataset["page"])) : null;
  }

  repaint(): void {
    this.pages?.drawnSlots().forEach((slot) => this.paint(slot));
    this.requestUpdate();
  }

  private paint(slot: Slot): void {
    const { places, current } = this.search.on(slot);
    paint(slot, this.marking.on(slot.number), places, current, (id) => this.marking.choose(id));
  }

  // --- what is seen ----------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const { layout, marking, panel } = this;
    return html`
      ${toolbar(this)} ${marking.open ? marking.bar() : nothing} ${this.place.offer()}
      ${this.problem
        ? html`<div class="nt-message nt-message-error" role="alert">
            <p>${this.problem}</p>
            <button type="button" class="btn" @click=${() => void this.open()}>Mở lại</button>
          </div>`
        : nothing}
      <div class="nt-reader-body">
        ${panel.tab ? panel.template(panel.tab) : nothing}
        <div
          class="nt-pdf ${layout === "two" ? "is-facing" : ""} ${marking.tool ? `is-pen is-${marking.tool}` : ""}"
          role="region"
          tabindex="0"
          aria-label=${this.state.title}
          aria-busy=${this.pages || this.problem ? "false" : "true"}
          ?hidden=${layout === "text"}
        ></div>
        ${layout === "text" ? this.running.template() : nothing}
      </div>
      ${foot(this)} ${keyList()}
    `;
  }
}

customElements.define("nt-reader", ReaderElement);
