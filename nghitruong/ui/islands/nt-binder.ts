// Ordering the binder by drag, by touch and by keyboard; tab and page numbers follow by themselves.
// Every move is one request «before that paper» and is answered with the binder as it now is.
import { LitElement, html, type TemplateResult } from "lit";
import { notify } from "./elements/page";
import { csrfToken, initialState } from "./lib/state";

interface Entry {
  id: string;
  tab: number;
  title: string;
  number: string;
  kind: string;
  issuer: string;
  draft: boolean;
  first: number;
  last: number;
  pdf: boolean;
  url: string;
  edit: string;
  move: string;
}

interface Section {
  code: string;
  label: string;
  entries: Entry[];
}

class Binder extends LitElement {
  private sections: Section[] = [];
  private dragged: Entry | null = null;
  private over = "";
  private busy = false;
  private told = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sections = initialState<{ sections: Section[] }>(this)?.sections ?? [];
    document.querySelector<HTMLElement>(".nt-binder-plain")?.classList.add("nt-print-only");
  }

  private async move(entry: Entry, before: Entry | null, section: string): Promise<void> {
    if (this.busy || entry === before) return;
    this.busy = true;
    this.requestUpdate();
    const body = new URLSearchParams(before ? { before: before.id } : { section });
    try {
      const response = await fetch(entry.move, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body,
      });
      const answer = (await response.json()) as { sections?: Section[]; message?: string };
      if (answer.sections) {
        this.sections = answer.sections;
        const now = this.sections.flatMap((part) => part.entries).find((one) => one.id === entry.id);
        if (now) this.told = `${now.title}: tab ${now.tab}, trang ${now.first}`;
      } else notify("error", answer.message ?? "Chưa chuyển được. Hãy tải lại trang rồi thử lại.");
    } catch {
      notify("error", "Không tới được máy chủ nên chưa chuyển được. Kiểm tra mạng rồi thử lại.");
    }
    this.busy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-entry="${entry.id}"] .nt-agenda-grip`)?.focus();
  }

  /** One step up or down, across sections too. */
  private step(entry: Entry, by: -1 | 1): void {
    const s = this.sections.findIndex((section) => section.entries.includes(entry));
    const section = this.sections[s]!;
    const at = section.entries.indexOf(entry);
    if (by < 0) {
      if (at > 0) return void this.move(entry, section.entries[at - 1]!, "");
      const above = this.sections[s - 1];
      return above ? void this.move(entry, null, above.code) : undefined;
    }
    if (at < section.entries.length - 2) return void this.move(entry, section.entries[at + 2]!, "");
    if (at === section.entries.length - 2) return void this.move(entry, null, section.code);
    const below = this.sections[s + 1];
    if (below) void this.move(entry, below.entries[0] ?? null, below.code);
  }

  private key(event: KeyboardEvent, entry: Entry): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.step(entry, event.key === "ArrowUp" ? -1 : 1);
  }

  private drop(event: DragEvent, before: Entry | null, section: Section): void {
    event.preventDefault();
    this.over = "";
    const entry = this.dragged;
    this.dragged = null;
    if (entry) void this.move(entry, before, section.code);
    this.requestUpdate();
  }

  private enter(event: DragEvent, key: string): void {
    event.preventDefault();
    if (this.over !== key) {
      this.over = key;
      this.requestUpdate();
    }
  }

  protected override render(): TemplateResult {
    return html`
      <p class="form-hint nt-no-print">
        Kéo để xếp lại; hoặc chọn nút ⋮⋮ của một tài liệu rồi dùng phím ↑ ↓, hoặc bấm «Lên», «Xuống». Số tab
        và số trang đổi theo.
      </p>
      <p class="visually-hidden" role="status">${this.told}</p>
      <div class="nt-stack nt-no-print" aria-busy=${this.busy ? "true" : "false"}>
        ${this.sections.map((section) => this.section(section))}
      </div>
    `;
  }

  private section(section: Section): TemplateResult {
    return html`<section class="card">
      <div class="card-header"><h2 class="card-title h3">${section.label}</h2></div>
      <ol class="list-unstyled mb-0">
        ${section.entries.map((entry) => this.entry(entry, section))}
        <li
          class="nt-agenda-end ${this.over === section.code ? "is-over" : ""}"
          @dragover=${(event: DragEvent) => this.enter(event, section.code)}
          @drop=${(event: DragEvent) => this.drop(event, null, section)}
        >
          ${section.entries.length === 0 ? "Chưa có tài liệu; kéo tài liệu vào đây." : ""}
        </li>
      </ol>
    </section>`;
  }

  private entry(entry: Entry, section: Section): TemplateResult {
    const pages = entry.first === entry.last ? `${entry.first}` : `${entry.first}–${entry.last}`;
    return html`<li
      class="nt-agenda-item nt-binder-entry ${this.over === entry.id ? "is-over" : ""}"
      data-entry=${entry.id}
      draggable="true"
      @dragstart=${(event: DragEvent) => {
        this.dragged = entry;
        event.dataTransfer?.setData("text/plain", entry.id);
      }}
      @dragend=${() => {
        this.dragged = null;
        this.over = "";
        this.requestUpdate();
      }}
      @dragover=${(event: DragEvent) => this.enter(event, entry.id)}
      @drop=${(event: DragEvent) => this.drop(event, entry, section)}
    >
      <button
        type="button"
        class="btn btn-icon nt-agenda-grip"
        aria-label="Chuyển «${entry.title}»: phím mũi tên lên, xuống"
        @keydown=${(event: KeyboardEvent) => this.key(event, entry)}
      >
        ⋮⋮
      </button>
      <span class="nt-binder-tab"><span class="visually-hidden">Tab </span>${entry.tab}</span>
      <div class="nt-agenda-what">
        <a href=${entry.url}>${entry.title}</a><br />
        <span class="nt-stat-note"
          >${[entry.kind, entry.number, entry.issuer].filter(Boolean).join(" · ")}${entry.draft
            ? " · chưa gửi đại biểu"
            : ""}${entry.pdf ? "" : " · không có bản PDF, in riêng"}</span
        >
      </div>
      <span class="nt-binder-pages">tr. ${pages}</span>
      <span class="nt-row nt-agenda-buttons">
        <label class="nt-binder-pick"
          ><input class="form-check-input" type="checkbox" name="paper" value=${entry.id} form="in-tap" />
          <span>In<span class="visually-hidden">: ${entry.title}</span></span></label
        >
        <button type="button" class="btn btn-sm" @click=${() => this.step(entry, -1)}>
          Lên<span class="visually-hidden">: ${entry.title}</span>
        </button>
        <button type="button" class="btn btn-sm" @click=${() => this.step(entry, 1)}>
          Xuống<span class="visually-hidden">: ${entry.title}</span>
        </button>
        <a class="btn btn-sm" href=${entry.edit}>Sửa<span class="visually-hidden">: ${entry.title}</span></a>
      </span>
    </li>`;
  }
}

customElements.define("nt-binder", Binder);
