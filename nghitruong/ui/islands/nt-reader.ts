// Reading a paper in the page: the pages themselves (reader/pages), private notes over them
// (reader/notes, reader/overlay), search, outline, large text, reading aloud. What is kept is kept on
// the server and comes to the person's other devices by itself.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import "../css/reader.scss"; // this page's alone: {% styles "nt-reader" %}
import { hello } from "./device/contact";
import { Shelf } from "./device/shelf";
import { device, type Owner } from "./device/store";
import { ask, notify } from "./elements/page";
import { councilSlug, csrfToken, initialState } from "./lib/state";
import { nonce } from "./lib/nonce";
import { Doorbell } from "./lib/doorbell";
import { Finder, hitsOn, type Hit, type PacketHit } from "./reader/find";
import { icon } from "./reader/icons";
import { Notes } from "./reader/notes";
import { paint, Pen, quadsOf, type Made, type Tool } from "./reader/overlay";
import { load, Pages, type Slot } from "./reader/pages";
import { find, KEYS, notes, outline, TABS, type OutlineRow, type Tab } from "./reader/panel";
import { joinText, paragraphsOf } from "./reader/reflow";
import { Voice } from "./reader/speech";
import { COLOURS, type Colour, type Layout, type Note, type State } from "./reader/types";

const REMEMBER_MS = 1_500;
const TEXT_SIZES = [1.125, 1.25, 1.5, 1.75, 2, 2.5, 3];

class Reader extends LitElement {
  private state!: State;
  private loading: ReturnType<typeof load> | null = null;
  private shelf: Shelf | null = null; // what the device holds of this paper
  private pages: Pages | null = null;
  private notes: Notes | null = null;
  private finder: Finder | null = null;
  private bell: Doorbell | null = null;
  private readonly voice = new Voice();
  private readonly device = nonce();
  private problem = "";
  private layout: Layout = "";
  private night = false;
  private remembered = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private elsewhere: { page: number } | null = null;
  // panel
  private tab: Tab | null = null;
  private rows: OutlineRow[] | null = null;
  private chosen = "";
  // pens
  private pens = false;
  private tool: Tool = "";
  private colour: Colour = "yellow";
  // search
  private query = "";
  private where: "here" | "packet" = "here";
  private hits: Hit[] = [];
  private packet: PacketHit[] = [];
  private current = -1;
  private word = "";
  // running text
  private paragraphs: { page: number; texts: string[] | null } = { page: 0, texts: null };
  private textSize = 2;
  private thumbs: IntersectionObserver | null = null;

  private readonly pen = new Pen(
    () => this.tool,
    () => this.colour,
    (target) => this.slotOf(target),
    (made) => this.made(made),
    (id) => this.notes?.remove(id),
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    this.layout = this.state.layout;
    this.night = stored("nt_reader_night") === "1";
    this.textSize = Math.min(Number(stored("nt_reader_text") ?? 2) || 2, TEXT_SIZES.length - 1);
    if (this.state.notes) {
      this.notes = new Notes(this.state.notes, undefined, token);
      this.notes.addEventListener("change", this.noted);
      void this.notes.open(this.state.person);
    }
    if (this.state.person && !this.state.offline) this.bell = new Doorbell(councilSlug(), (ring) => this.rung(ring));
    this.voice.addEventListener("change", () => this.requestUpdate());
    document.addEventListener("keydown", this.key);
    document.addEventListener("visibilitychange", this.leaving);
    window.addEventListener("pagehide", this.leaving);
    window.addEventListener("online", this.online);
    document.documentElement.classList.toggle("nt-night", this.night);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.key);
    document.removeEventListener("visibilitychange", this.leaving);
    window.removeEventListener("pagehide", this.leaving);
    window.removeEventListener("online", this.online);
    this.voice.stop();
    this.bell?.stop();
    this.notes?.stop();
    this.pages?.stop();
    void this.loading?.destroy();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    void this.open();
    const scroller = this.scroller;
    scroller.addEventListener("pointerdown", this.pen.down);
    scroller.addEventListener("pointermove", this.pen.move);
    scroller.addEventListener("pointerup", this.pen.up);
    scroller.addEventListener("pointercancel", this.pen.up);
    scroller.addEventListener("click", (event) => this.tapped(event));
  }

  private get scroller(): HTMLElement {
    return this.querySelector<HTMLElement>(".nt-pdf")!;
  }

  private get page(): number {
    return this.pages?.page ?? this.state.page;
  }

  private get total(): number {
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
      this.finder = new Finder(document);
      this.pages = new Pages(this.scroller, document, first, { page: asked || page, zoom, facing: this.layout === "two" });
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
    void this.remember(); // opened: from now on it counts as read
    if (this.layout === "text") void this.reflow();
    const words = new URLSearchParams(location.search).get("tim");
    if (words) this.search(words, "here", false);
    this.requestUpdate();
  }

  private readonly online = (): void => {
    this.pages?.retry();
    void this.notes?.sync();
    void this.remember();
  };

  private rung(ring: { slice: string; version: string; device: string } | null): void {
    if (ring && ring.version !== this.state.version) return;
    if (ring === null || ring.slice === "notes") void this.notes?.sync();
    if (ring?.slice === "reading" && ring.device !== this.device) void this.follow();
  }

  /** Another device of mine turned the page: offer to go there, never jump under somebody's eyes. */
  private async follow(): Promise<void> {
    try {
      const response = await fetch(this.state.remember, { cache: "no-store", headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const place = (await response.json()) as { page: number };
      this.elsewhere = place.page === this.page ? null : place;
      this.requestUpdate();
    } catch {
      // no network: the other device cannot have been heard either
    }
  }

  // --- where we are ------------------------------------------------------------------------------

  private turned(): void {
    if (this.elsewhere?.page === this.page) this.elsewhere = null;
    this.requestUpdate();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.remember(), REMEMBER_MS);
    if (this.layout === "text" && this.paragraphs.page !== this.page) void this.reflow();
  }

  private async remember(): Promise<void> {
    if (!this.pages || !this.state.person) return;
    clearTimeout(this.timer);
    const place = { page: this.page, zoom: this.pages.zoom, layout: this.layout };
    const told = JSON.stringify(place);
    if (told === this.remembered) return;
    if (csrfToken() === "") {
      await this.shelf?.keepPlace(place, true); // opened without network: sent with what else waits
      return;
    }
    try {
      const response = await fetch(this.state.remember, {
        method: "POST",
        keepalive: true,
        redirect: "manual",
        headers: { "X-CSRFToken": csrfToken(), "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...place, device: this.device }),
      });
      if (response.ok) this.remembered = told;
      void this.shelf?.keepPlace(place, !response.ok);
    } catch {
      // the next page turned tells it again, and the device, when it holds the paper, the last one
      void this.shelf?.keepPlace(place, true);
    }
  }

  private readonly leaving = (): void => {
    if (document.visibilityState === "hidden") void this.remember();
    else if (document.visibilityState === "visible") void this.notes?.sync();
  };

  private go(page: number, offset = 0): void {
    if (this.voice.speaking) this.voice.stop();
    this.pages?.go(page, offset);
    this.turned();
  }

  private step(by: 1 | -1): void {
    if (this.pages) this.go(this.pages.neighbour(by));
  }

  private setLayout(layout: Layout): void {
    this.layout = this.layout === layout ? "" : layout;
    this.voice.stop();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.pages?.setFacing(this.layout === "two");
      if (this.layout === "text") void this.reflow();
      void this.remember();
    });
  }

  private setNight(): void {
    this.night = !this.night;
    keep("nt_reader_night", this.night ? "1" : "0");
    document.documentElement.classList.toggle("nt-night", this.night);
    this.requestUpdate();
  }

  private magnify(by: -1 | 1): void {
    if (this.layout === "text") {
      this.textSize = Math.min(Math.max(this.textSize + by, 0), TEXT_SIZES.length - 1);
      keep("nt_reader_text", String(this.textSize));
    } else this.pages?.magnify(by);
    this.requestUpdate();
    this.timer = setTimeout(() => void this.remember(), REMEMBER_MS);
  }

  // --- notes -------------------------------------------------------------------------------------

  private readonly noted = (): void => {
    this.pages?.drawnSlots().forEach((slot) => this.paint(slot));
    if (this.notes) void this.shelf?.keepNotes(this.notes.items.values(), this.notes.shared).catch(() => undefined);
    while (this.notes && this.notes.refusals.length > 0) notify("error", this.notes.refusals.shift()!);
    this.requestUpdate();
  };

  private paint(slot: Slot): void {
    const mine = this.notes?.on(slot.number) ?? [];
    const shared = this.notes?.shared.filter((note) => note.page === slot.number) ?? [];
    const hits = this.query && this.where === "here" ? hitsOn(slot, this.query) : [];
    const at = this.hits[this.current];
    const current = at?.page === slot.number ? this.hits.slice(0, this.current).filter((hit) => hit.page === slot.number).length : -1;
    paint(slot, [...mine, ...shared], hits, current, (id) => this.choose(id));
  }

  private slotOf(target: Element): Slot | null {
    const box = target.closest<HTMLElement>(".nt-pdf-page");
    return box && this.pages ? this.pages.slot(Number(box.dataset["page"])) : null;
  }

  private made({ kind, slot, data }: Made): void {
    const note = this.notes!.add(kind, slot.number, data);
    if (kind === "note") {
      this.tool = "";
      this.choose(note.id);
    }
  }

  private tapped(event: Event): void {
    const mouse = event as MouseEvent;
    if (this.tool !== "" || !window.getSelection()?.isCollapsed) return;
    const slot = this.slotOf(event.target as Element);
    if (!slot) return;
    // The drawing lies under the selectable words, so the tap is looked up by its place.
    for (const group of slot.over.querySelectorAll<SVGGElement>("g[data-note]")) {
      const hit = [...group.children].some((child) => {
        const box = child.getBoundingClientRect();
        return mouse.clientX >= box.left && mouse.clientX <= box.right && mouse.clientY >= box.top && mouse.clientY <= box.bottom;
      });
      if (hit) {
        this.choose(group.dataset["note"]!);
        return;
      }
    }
  }

  private choose(id: string): void {
    this.chosen = id;
    this.tab = "notes";
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const card = this.querySelector<HTMLElement>(`[data-card="${id}"]`);
      card?.scrollIntoView({ block: "nearest" });
      (card?.querySelector<HTMLElement>("textarea") ?? card?.querySelector("button"))?.focus();
    });
  }

  private setTool(tool: Tool): void {
    this.tool = this.tool === tool ? "" : tool;
    this.requestUpdate();
  }

  private highlightSelection(): void {
    const selection = window.getSelection();
    if (!this.notes || !selection || selection.rangeCount === 0 || selection.isCollapsed) {
      notify("info", "Hãy chọn chữ trên trang rồi bấm lại, hoặc dùng bút «Đánh dấu» kéo qua chữ.");
      return;
    }
    const range = selection.getRangeAt(0);
    const start = range.startContainer.parentElement;
    const slot = start ? this.slotOf(start) : null;
    const quads = slot ? quadsOf(range, slot) : [];
    if (!slot || quads.length === 0) return;
    this.notes.add("highlight", slot.number, { quads, colour: this.colour, quote: String(selection).slice(0, 2000) });
    selection.removeAllRanges();
  }

  private addNote(): void {
    if (!this.notes) return;
    const there = this.notes.on(this.page).filter((note) => note.kind === "note").length;
    this.choose(this.notes.add("note", this.page, { at: [0.9, Math.min(0.05 + there * 0.06, 0.9)] }).id);
  }

  private get bookmark(): Note | undefined {
    return this.notes?.on(this.page).find((note) => note.kind === "bookmark");
  }

  private toggleBookmark(): void {
    const marked = this.bookmark;
    if (marked) this.notes!.remove(marked.id);
    else this.notes?.add("bookmark", this.page, {});
  }

  private async removeNote(id: string): Promise<void> {
    if (!(await ask("Xóa ghi chú này?", { detail: "Ghi chú mất trên mọi máy của ông/bà.", yes: "Xóa", danger: true }))) return;
    this.chosen = "";
    this.notes?.remove(id);
  }

  private async share(id: string, body: string | null): Promise<void> {
    const name = this.state.notes?.bodies.find((one) => one.id === body)?.name ?? "";
    if (
      body !== null &&
      !(await ask(`Chia sẻ ghi chú này với ${name}?`, {
        detail: "Mọi thành viên sẽ thấy ghi chú kèm tên ông/bà, cả khi ông/bà sửa về sau. Thôi chia sẻ được bất cứ lúc nào.",
        yes: "Chia sẻ",
      }))
    )
      return;
    const refusal = await this.notes!.share(id, body);
    if (refusal) notify("error", refusal);
  }

  // --- search ------------------------------------------------------------------------------------

  private search(query: string, where: "here" | "packet", panel = true): void {
    this.query = query.trim();
    this.where = where;
    this.hits = [];
    this.packet = [];
    this.current = -1;
    this.finder?.stop();
    if (panel) this.tab = "find";
    if (this.query === "") {
      this.word = "";
      this.noted();
      return;
    }
    if (where === "packet") void this.searchPacket();
    else void this.searchHere();
    this.noted();
  }

  private async searchHere(): Promise<void> {
    this.word = "Đang tìm…";
    try {
      await this.finder?.search(this.query, (hits, done) => {
        const first = this.hits.length === 0 && hits.length > 0;
        this.hits.push(...hits);
        const end = done === this.total;
        this.word = end
          ? this.hits.length === 0
            ? "Không tìm thấy. Nếu tài liệu là bản chụp chưa đọc chữ thì chưa tìm được trong đó."
            : `${this.hits.length} chỗ.`
          : `${this.hits.length} chỗ, đang tìm trang ${done}/${this.total}…`;
        if (first && !this.hits.some((hit) => hit.page === this.page)) this.openHit(0);
        else if (first) this.noted();
        if (end || done % 10 === 0) this.requestUpdate();
      });
    } catch {
      this.word = "Chưa tải được hết tài liệu nên chưa tìm hết. Kiểm tra mạng rồi bấm «Tìm» lại.";
    }
    this.noted();
  }

  private async searchPacket(): Promise<void> {
    this.word = "Đang tìm trong cả tập…";
    try {
      const answer = await this.askPacket();
      this.packet = answer.hits;
      const without = answer.without > 0 ? ` ${answer.without} tài liệu chưa có chữ để tìm.` : "";
      this.word = `${answer.hits.length === 0 ? "Không tìm thấy." : `${answer.more ? "Hơn " : ""}${answer.hits.length} chỗ.`}${without}`;
    } catch {
      this.word = "Chưa tới được máy chủ nên chưa tìm được cả tập. Kiểm tra mạng rồi bấm lại.";
    }
    this.requestUpdate();
  }

  /** The server's answer; without it, what the device holds of the session. */
  private async askPacket(): Promise<{ hits: PacketHit[]; without: number; more: boolean }> {
    try {
      const response = await fetch(`${this.state.find!}?${new URLSearchParams({ q: this.query })}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error();
      return (await response.json()) as { hits: PacketHit[]; without: number; more: boolean };
    } catch (error) {
      if (this.shelf) return this.shelf.search(this.query);
      throw error;
    }
  }

  private openHit(index: number): void {
    const hit = this.hits[index];
    if (!hit || !this.pages) return;
    this.current = index;
    if (hit.page !== this.page) this.pages.go(hit.page);
    this.noted();
    const mark = this.pages.slot(hit.page).over.querySelector(".nt-hit.is-current");
    mark?.scrollIntoView({ block: "center" });
  }

  private nextHit(by: 1 | -1): void {
    if (this.hits.length > 0) this.openHit((this.current + by + this.hits.length) % this.hits.length);
  }

  // --- running text, voice -------------------------------------------------------------------------

  private async reflow(): Promise<string[]> {
    const page = this.page;
    this.paragraphs = { page, texts: null };
    this.requestUpdate();
    let texts: string[] = [];
    try {
      texts = await paragraphsOf(await this.pages!.document.getPage(page));
      if (texts.join("").length < 20 && this.state.text) {
        texts = joinText(await this.pageText(page));
      }
    } catch {
      texts = ["Chưa tải được trang này. Kiểm tra mạng rồi bấm lại."];
    }
    if (this.paragraphs.page === page) {
      this.paragraphs.texts = texts;
      this.requestUpdate();
      this.querySelector(".nt-reflow")?.scrollTo({ top: 0 });
    }
    return texts;
  }

  private async pageText(page: number): Promise<string> {
    const held = (await this.shelf?.pageText(page)) ?? "";
    if (held !== "") return held;
    const response = await fetch(this.state.text!.replace("/0/", `/${page}/`), { headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as { text: string }).text : "";
  }

  private async speak(): Promise<void> {
    if (this.voice.speaking) {
      this.voice.stop();
      return;
    }
    for (;;) {
      const texts = await this.reflow();
      const done = await this.voice.read(texts.length > 0 ? texts : ["Trang này không có chữ."]);
      if (!done || this.page >= this.total) return;
      this.pages!.go(this.page + 1);
      this.turned();
    }
  }

  // --- panel ---------------------------------------------------------------------------------------

  private setTab(tab: Tab | null): void {
    this.tab = this.tab === tab ? null : tab;
    if (this.tab === "outline" && this.rows === null) void this.readOutline();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      if (this.tab === "find") this.querySelector<HTMLInputElement>("#nt-find-words")?.select();
      if (this.tab === "thumbs") this.watchThumbs();
    });
  }

  private async readOutline(): Promise<void> {
    const document = this.pages?.document;
    if (!document) return;
    type Item = { title: string; dest: string | unknown[] | null; items: Item[] };
    const rows: OutlineRow[] = [];
    const walk = (items: Item[], depth: number): void => {
      for (const item of items) {
        rows.push({ title: item.title, depth, go: () => void this.goTo(item.dest) });
        if (depth < 4) walk(item.items, depth + 1);
      }
    };
    try {
      walk(((await document.getOutline()) ?? []) as Item[], 0);
    } catch {
      // a broken outline is none
    }
    this.rows = rows;
    this.requestUpdate();
  }

  private async goTo(dest: string | unknown[] | null): Promise<void> {
    const document = this.pages!.document;
    try {
      const place = typeof dest === "string" ? await document.getDestination(dest) : dest;
      if (!place) return;
      const target = place[0] as { num: number; gen: number } | number;
      this.go((typeof target === "number" ? target : await document.getPageIndex(target)) + 1);
    } catch {
      notify("info", "Mục này không chỉ tới trang nào trong tệp.");
    }
  }

  private watchThumbs(): void {
    const list = this.querySelector(".nt-thumbs");
    if (!list) return;
    this.thumbs?.disconnect();
    this.thumbs = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) void this.thumb(entry.target as HTMLElement);
    }, { root: list.closest(".nt-panel-room"), rootMargin: "30% 0px" });
    list.querySelectorAll("button").forEach((button) => this.thumbs!.observe(button));
    list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });
  }

  private async thumb(button: HTMLElement): Promise<void> {
    if (button.querySelector("canvas")) return;
    const canvas = document.createElement("canvas");
    button.prepend(canvas);
    try {
      const page = await this.pages!.document.getPage(Number(button.dataset["page"]));
      const view = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: 150 / view.width });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      await page.render({ canvas, viewport }).promise;
    } catch {
      canvas.remove();
    }
  }

  // --- keys ----------------------------------------------------------------------------------------

  private readonly key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const dialog = document.querySelector("dialog[open]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f" && !dialog) {
      event.preventDefault();
      if (this.tab !== "find") this.setTab("find");
      else this.querySelector<HTMLInputElement>("#nt-find-words")?.select();
      return;
    }
    if (event.key === "Escape" && !dialog) {
      if (this.tool !== "") this.setTool("");
      else if (this.tab) this.setTab(null);
      return;
    }
    if (event.key === "F3") {
      event.preventDefault();
      this.nextHit(event.shiftKey ? -1 : 1);
      return;
    }
    if (dialog || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      PageDown: () => this.step(1),
      PageUp: () => this.step(-1),
      Home: () => this.go(1),
      End: () => this.go(this.total),
      "+": () => this.magnify(1),
      "=": () => this.magnify(1),
      "-": () => this.magnify(-1),
      "0": () => this.fit(),
      "/": () => this.setTab("find"),
      m: () => this.setTab(this.tab ?? "outline"),
      g: () => this.querySelector<HTMLInputElement>(".nt-pdf-where input")?.select(),
      d: () => this.setLayout("two"),
      t: () => this.setLayout("text"),
      e: () => this.setNight(),
      h: () => this.highlightSelection(),
      n: () => this.addNote(),
      b: () => this.toggleBookmark(),
      "[": () => this.neighbour(this.state.before),
      "]": () => this.neighbour(this.state.after),
      "?": () => this.querySelector<HTMLDialogElement>(".nt-keys")?.showModal(),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  private neighbour(paper: State["before"]): void {
    if (paper) location.assign(paper.url);
  }

  private fit(): void {
    this.pages?.setZoom(0);
    this.requestUpdate();
    void this.remember();
  }

  // --- what is seen ----------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    return html`
      ${this.bar()} ${this.pens ? this.penBar() : nothing}
      ${this.elsewhere
        ? html`<p class="nt-elsewhere" role="status">
            <span>Máy khác của ông/bà đang ở trang ${this.elsewhere.page}.</span>
            <button type="button" class="btn" @click=${() => this.go(this.elsewhere!.page)}>Đến trang ${this.elsewhere.page}</button>
            <button type="button" class="btn" @click=${() => ((this.elsewhere = null), this.requestUpdate())}>Ở lại đây</button>
          </p>`
        : nothing}
      ${this.problem
        ? html`<div class="nt-message nt-message-error" role="alert">
            <p>${this.problem}</p>
            <button type="button" class="btn" @click=${() => void this.open()}>Mở lại</button>
          </div>`
        : nothing}
      <div class="nt-reader-body">
        ${this.tab ? this.panel(this.tab) : nothing}
        <div
          class="nt-pdf ${this.layout === "two" ? "is-facing" : ""} ${this.tool ? `is-pen is-${this.tool}` : ""}"
          role="region"
          tabindex="0"
          aria-label=${this.state.title}
          aria-busy=${this.pages || this.problem ? "false" : "true"}
          ?hidden=${this.layout === "text"}
        ></div>
        ${this.layout === "text" ? this.running() : nothing}
      </div>
      ${this.status()} ${this.help()}
    `;
  }

  private bar(): TemplateResult {
    const pressed = (on: boolean): "true" | "false" => (on ? "true" : "false");
    const total = this.total;
    return html`<div class="nt-pdf-bar" role="toolbar" aria-label="Đọc tài liệu">
      <button type="button" class="btn btn-icon" aria-label="Trang trước" ?disabled=${this.page <= 1} @click=${() => this.step(-1)}>${icon("left")}</button>
      <label class="nt-pdf-where"
        ><span class="visually-hidden">Trang</span>
        <input class="form-control" type="number" inputmode="numeric" min="1" max=${total || 1} .value=${String(this.page)}
          @change=${(event: Event) => this.go(Number((event.target as HTMLInputElement).value) || 1)} />
        <span>/ ${total || "…"}</span></label
      >
      <button type="button" class="btn btn-icon" aria-label="Trang sau" ?disabled=${total > 0 && this.page >= total} @click=${() => this.step(1)}>${icon("right")}</button>
      <span class="nt-pdf-zoom">
        <button type="button" class="btn btn-icon" aria-label="Thu nhỏ" @click=${() => this.magnify(-1)}>−</button>
        <button type="button" class="btn btn-icon" aria-label="Phóng to" @click=${() => this.magnify(1)}>+</button>
      </span>
      <button type="button" class="btn" data-act="find" aria-expanded=${pressed(this.tab === "find")} @click=${() => this.setTab("find")}>${icon("search")}<span>Tìm</span></button>
      <button type="button" class="btn" data-act="panel" aria-expanded=${pressed(this.tab === "outline" || this.tab === "thumbs")} @click=${() => this.setTab(this.tab === "thumbs" ? "thumbs" : "outline")}>${icon("list")}<span>Mục lục</span></button>
      ${this.notes
        ? html`<button type="button" class="btn" data-act="pens" aria-pressed=${pressed(this.pens)}
            @click=${() => {
              this.pens = !this.pens;
              if (!this.pens) this.tool = "";
              this.requestUpdate();
            }}>${icon("pen")}<span>Ghi chú</span></button>`
        : nothing}
      <details class="nt-reading-more" data-nt-menu>
        <summary class="btn" data-act="view">${icon("eye")}<span>Xem</span></summary>
        <div class="nt-reading-menu">
          <button type="button" class="btn" aria-pressed=${pressed(this.pages?.zoom === 0 && this.layout !== "text")} @click=${() => this.fit()}>Vừa bề ngang</button>
          <button type="button" class="btn" data-act="two" aria-pressed=${pressed(this.layout === "two")} @click=${() => this.setLayout("two")}>Hai trang cạnh nhau</button>
          <button type="button" class="btn" data-act="text" aria-pressed=${pressed(this.layout === "text")} @click=${() => this.setLayout("text")}>Chữ lớn, dễ đọc</button>
          <button type="button" class="btn" data-act="night" aria-pressed=${pressed(this.night)} @click=${() => this.setNight()}>Nền tối</button>
          ${this.voice.available
            ? html`<button type="button" class="btn" data-act="speak" aria-pressed=${pressed(this.voice.speaking)} @click=${() => void this.speak()}>${icon("sound")}${this.voice.speaking ? "Thôi đọc" : "Đọc to"}</button>`
            : nothing}
          <button type="button" class="btn" @click=${() => this.querySelector<HTMLDialogElement>(".nt-keys")?.showModal()}>Phím tắt</button>
        </div>
      </details>
    </div>`;
  }

  private penBar(): TemplateResult {
    const tools: [Tool, string, string][] = [
      ["highlight", "mark", "Đánh dấu"],
      ["ink", "pen", "Bút"],
      ["note", "note", "Lời ghi"],
      ["erase", "eraser", "Tẩy"],
    ];
    return html`<div class="nt-pdf-bar nt-pen-bar" role="toolbar" aria-label="Ghi chú lên trang">
      ${tools.map(
        ([tool, picture, label]) =>
          html`<button type="button" class="btn" data-tool=${tool} aria-pressed=${this.tool === tool ? "true" : "false"} @click=${() => this.setTool(tool)}>${icon(picture)}<span>${label}</span></button>`,
      )}
      <button type="button" class="btn" data-tool="bookmark" aria-pressed=${this.bookmark ? "true" : "false"} @click=${() => this.toggleBookmark()}>${icon("bookmark")}<span>Dấu trang</span></button>
      <span class="nt-colours" role="radiogroup" aria-label="Màu">
        ${(Object.keys(COLOURS) as Colour[]).map(
          (colour) =>
            html`<button type="button" role="radio" class="nt-colour nt-colour-${colour}" aria-checked=${this.colour === colour ? "true" : "false"} aria-label=${COLOURS[colour]} title=${COLOURS[colour]}
              @click=${() => ((this.colour = colour), this.requestUpdate())}>${this.colour === colour ? "✓" : ""}</button>`,
        )}
      </span>
      <button type="button" class="btn" aria-label="Danh sách ghi chú" aria-expanded=${this.tab === "notes" ? "true" : "false"} @click=${() => this.setTab("notes")}>${icon("list")}${this.notes?.list().length ?? 0}</button>
    </div>`;
  }

  private panel(tab: Tab): TemplateResult {
    return html`<aside class="nt-panel" aria-label="Bảng bên">
      <div class="nt-panel-tabs" role="tablist">
        ${TABS.map(
          ([key, label]) =>
            html`<button type="button" role="tab" data-tab=${key} class="btn" aria-selected=${key === tab ? "true" : "false"} @click=${() => key !== this.tab && this.setTab(key)}>${label}</button>`,
        )}
        <button type="button" class="btn btn-icon" aria-label="Đóng bảng bên" @click=${() => this.setTab(null)}>${icon("close")}</button>
      </div>
      <div class="nt-panel-room">
        ${tab === "outline" ? outline(this.rows) : nothing}
        ${tab === "thumbs"
          ? html`<div class="nt-thumbs">
              ${Array.from({ length: this.total }, (_, at) => {
                const marked = this.notes?.on(at + 1).length ?? 0;
                return html`<button type="button" data-page=${at + 1} aria-current=${at + 1 === this.page ? "true" : "false"} @click=${() => this.go(at + 1)}><span>Trang ${at + 1}${marked ? html`<br />${marked} ghi chú` : nothing}</span></button>`;
              })}
            </div>`
          : nothing}
        ${tab === "notes"
          ? notes({
              state: this.state.notes,
              mine: this.notes?.list() ?? [],
              shared: this.notes?.shared ?? [],
              chosen: this.chosen,
              waits: (id) => this.notes?.isWaiting(id) ?? false,
              go: (page, id) => {
                this.chosen = this.chosen === id ? "" : id;
                if (page > 0 && page !== this.page) this.go(page);
                this.requestUpdate();
              },
              edit: (id, text) => this.notes?.edit(id, text),
              remove: (id) => void this.removeNote(id),
              share: (id, body) => void this.share(id, body),
            })
          : nothing}
        ${tab === "find"
          ? find({
              query: this.query,
              where: this.where,
              canPacket: this.state.find !== undefined,
              hits: this.hits,
              packet: this.packet,
              word: this.word,
              current: this.current,
              search: (query, where) => this.search(query, where),
              open: (index) => this.openHit(index),
            })
          : nothing}
      </div>
    </aside>`;
  }

  private running(): TemplateResult {
    const { texts } = this.paragraphs;
    return html`<article class="nt-reflow" tabindex="0" aria-label=${`Trang ${this.page}, chữ lớn`} style=${`font-size:${TEXT_SIZES[this.textSize]}rem`}>
      ${texts === null
        ? html`<p role="status">Đang lấy chữ của trang…</p>`
        : texts.length === 0
          ? html`<p>Trang này là ảnh, chưa có chữ để hiện lớn. Hãy bấm «Xem», bỏ «Chữ lớn» để xem ảnh trang.</p>`
          : texts.map((text, at) => html`<p class=${this.voice.at === at ? "is-read" : ""}>${text}</p>`)}
      <p class="nt-reflow-next">
        <button type="button" class="btn" ?disabled=${this.page <= 1} @click=${() => this.step(-1)}>Trang trước</button>
        <button type="button" class="btn btn-primary" ?disabled=${this.page >= this.total} @click=${() => this.step(1)}>Trang sau</button>
      </p>
    </article>`;
  }

  private status(): TemplateResult {
    const { before, after } = this.state;
    const count = this.notes?.count ?? 0;
    const words = {
      saved: "Ghi chú đã lưu trên máy chủ",
      sending: "Đang lưu ghi chú…",
      waiting: `Chưa có mạng: ${count} ghi chú giữ trên máy này, có mạng sẽ tự gửi`,
      "signed-out": `Phiên đăng nhập đã hết: ${count} ghi chú giữ trên máy này; hãy đăng nhập lại`,
    };
    const saving = this.notes?.saving ?? "saved";
    return html`<footer class="nt-reader-foot">
      ${before ? html`<a class="btn" rel="prev" href=${before.url} title=${before.title}>${icon("left")}<span>Tài liệu trước</span></a>` : nothing}
      <span class="nt-saving is-${saving}" role="status" data-saving=${saving}>${this.notes && (saving !== "saved" || this.notes.list().length > 0) ? words[saving] : nothing}</span>
      ${after ? html`<a class="btn" rel="next" href=${after.url} title=${after.title}><span>Tài liệu sau</span>${icon("right")}</a>` : nothing}
    </footer>`;
  }

  private help(): TemplateResult {
    return html`<dialog class="nt-keys" aria-label="Phím tắt">
      <h2>Phím tắt</h2>
      <table><tbody>${KEYS.map(([keys, what]) => html`<tr><th scope="row">${keys}</th><td>${what}</td></tr>`)}</tbody></table>
      <form method="dialog"><button class="btn btn-primary">Đóng</button></form>
    </dialog>`;
  }
}

/** The page's own token; a page opened without network asks for one when it sends. */
async function token(): Promise<string> {
  if (csrfToken() !== "") return csrfToken();
  const owner = await device.get<Owner>("owner");
  return owner ? (await hello(owner)).csrf : "";
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private browsing: it holds for this page
  }
}

customElements.define("nt-reader", Reader);
