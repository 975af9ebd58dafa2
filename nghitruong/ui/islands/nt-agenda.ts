// Ordering the agenda by drag, by touch and by keyboard. Every move is one request «before that
// item» and is answered with the agenda as it now is, so two people never undo each other.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { notify } from "./elements/page";
import { csrfToken, initialState } from "./lib/state";
import { t } from "./lib/t";

interface Item {
  id: string;
  title: string;
  kind: string;
  presenter: string;
  body: string;
  minutes: number;
  closed_doors: boolean;
  papers: { title: string; url: string; draft: boolean }[];
  edit: string;
  move: string;
}

interface Part {
  sitting: number | null;
  title: string;
  starts: string | null;
  available: number | null;
  closed: boolean;
  items: Item[];
}

class Agenda extends LitElement {
  private parts: Part[] = [];
  private dragged: Item | null = null;
  private over = "";
  private busy = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.parts = initialState<{ parts: Part[] }>(this)?.parts ?? [];
    document.querySelector<HTMLElement>(".nt-agenda-plain")?.classList.add("nt-print-only");
  }

  private async move(item: Item, before: Item | null, sitting: number | null): Promise<void> {
    if (this.busy || item === before) return;
    this.busy = true;
    this.requestUpdate();
    const body = new URLSearchParams();
    if (before) body.set("before", before.id);
    else if (sitting !== null) body.set("sitting", String(sitting));
    try {
      const response = await fetch(item.move, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body,
      });
      const answer = (await response.json()) as { parts?: Part[]; message?: string };
      if (answer.parts) this.parts = answer.parts;
      else notify("error", answer.message ?? t("Chưa chuyển được. Hãy tải lại trang rồi thử lại."));
    } catch {
      notify("error", t("Không tới được máy chủ nên chưa chuyển được. Kiểm tra mạng rồi thử lại."));
    }
    this.busy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-item="${item.id}"] .nt-agenda-grip`)?.focus();
  }

  /** One step up or down, across sittings too. */
  private step(item: Item, by: -1 | 1): void {
    const p = this.parts.findIndex((part) => part.items.includes(item));
    const part = this.parts[p]!;
    const at = part.items.indexOf(item);
    if (by < 0) {
      if (at > 0) return void this.move(item, part.items[at - 1]!, null);
      const above = this.parts[p - 1];
      if (above && !above.closed) void this.move(item, null, above.sitting);
      return;
    }
    if (at < part.items.length - 2) return void this.move(item, part.items[at + 2]!, null);
    if (at === part.items.length - 2) return void this.move(item, null, part.sitting);
    const below = this.parts[p + 1];
    if (!below || below.closed) return;
    void this.move(item, below.items[0] ?? null, below.sitting);
  }

  private key(event: KeyboardEvent, item: Item): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.step(item, event.key === "ArrowUp" ? -1 : 1);
  }

  private drop(event: DragEvent, before: Item | null, part: Part): void {
    event.preventDefault();
    this.over = "";
    const item = this.dragged;
    this.dragged = null;
    if (item) void this.move(item, before, part.sitting);
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
      <p class="form-hint">
        ${t("Kéo để xếp lại; hoặc chọn nút ⋮⋮ của một nội dung rồi dùng phím ↑ ↓, hoặc bấm «Lên», «Xuống».")}
      </p>
      <div class="nt-stack nt-no-print" aria-busy=${this.busy ? "true" : "false"}>
        ${this.parts.map((part) => this.section(part))}
      </div>
    `;
  }

  private section(part: Part): TemplateResult {
    const minutes = part.items.reduce((sum, item) => sum + item.minutes, 0);
    const over = part.available !== null && minutes > part.available ? minutes - part.available : 0;
    const base = location.pathname.replace(/chuong-trinh\/$/, "");
    const key = `part-${part.sitting ?? 0}`;
    return html`<section class="card">
      <div class="card-header nt-row">
        <h2 class="card-title h3 flex-fill">
          ${part.sitting === null ? nothing : `${t("Phiên")} ${part.sitting}: `}${part.title}
        </h2>
        <span>${minutes}${part.available === null ? "" : `/${part.available}`} ${t("phút")}</span>
        ${over ? html`<span class="nt-chip nt-chip-warn">⚠ ${t("quá")} ${over} ${t("phút")}</span>` : nothing}
        ${part.sitting === null
          ? nothing
          : html`<a class="btn btn-sm" href="${base}phien/${part.sitting}/sua/">${t("Sửa phiên")}</a>
              <a class="btn btn-sm" href="${base}chuong-trinh/them/?phien=${part.sitting}">${t("Thêm nội dung")}</a>`}
      </div>
      <ol class="list-unstyled mb-0">
        ${part.items.map((item, index) => this.item(item, part, this.time(part, index)))}
        ${part.closed
          ? nothing
          : html`<li
              class="nt-agenda-end ${this.over === key ? "is-over" : ""}"
              @dragover=${(event: DragEvent) => this.enter(event, key)}
              @drop=${(event: DragEvent) => this.drop(event, null, part)}
            >
              ${part.items.length === 0 ? t("Chưa có nội dung nào; kéo nội dung vào đây.") : ""}
            </li>`}
      </ol>
    </section>`;
  }

  private time(part: Part, index: number): string {
    if (part.starts === null) return "";
    const before = part.items.slice(0, index).reduce((sum, item) => sum + item.minutes, 0);
    const clock = /T(\d\d):(\d\d)/.exec(part.starts)!; // the server's local time
    const at = Number(clock[1]) * 60 + Number(clock[2]) + before;
    const two = (n: number): string => String(n).padStart(2, "0");
    return t("%(h)s giờ %(m)s", { h: two(Math.floor(at / 60) % 24), m: two(at % 60) });
  }

  private item(item: Item, part: Part, time: string): TemplateResult {
    return html`<li
      class="nt-agenda-item ${this.over === item.id ? "is-over" : ""}"
      data-item=${item.id}
      draggable=${part.closed ? "false" : "true"}
      @dragstart=${(event: DragEvent) => {
        this.dragged = item;
        event.dataTransfer?.setData("text/plain", item.id);
      }}
      @dragend=${() => {
        this.dragged = null;
        this.over = "";
        this.requestUpdate();
      }}
      @dragover=${(event: DragEvent) => !part.closed && this.enter(event, item.id)}
      @drop=${(event: DragEvent) => this.drop(event, item, part)}
    >
      ${part.closed
        ? nothing
        : html`<button
            type="button"
            class="btn btn-icon nt-agenda-grip"
            aria-label=${t("Chuyển «%(title)s»: phím mũi tên lên, xuống", { title: item.title })}
            @keydown=${(event: KeyboardEvent) => this.key(event, item)}
          >
            ⋮⋮
          </button>`}
      <span class="nt-agenda-time">${time}</span>
      <div class="nt-agenda-what">
        <strong>${item.title}</strong> ${item.closed_doors ? html`<span class="nt-chip">${t("họp kín")}</span>` : nothing}<br />
        <span class="nt-stat-note"
          >${[item.kind, item.presenter, item.body === item.presenter ? "" : item.body, t("%(n)s phút", { n: item.minutes })].filter(Boolean).join(" · ")}</span
        >
        ${item.papers.length === 0
          ? nothing
          : html`<ul class="nt-agenda-papers">
              ${item.papers.map(
                (paper) => html`<li><a href=${paper.url}>${paper.title}</a>${paper.draft ? ` (${t("chưa gửi đại biểu")})` : ""}</li>`,
              )}
            </ul>`}
      </div>
      ${part.closed
        ? nothing
        : html`<span class="nt-row nt-agenda-buttons">
            <button type="button" class="btn btn-sm" @click=${() => this.step(item, -1)}>
              ${t("Lên")}<span class="visually-hidden">: ${item.title}</span>
            </button>
            <button type="button" class="btn btn-sm" @click=${() => this.step(item, 1)}>
              ${t("Xuống")}<span class="visually-hidden">: ${item.title}</span>
            </button>
            <a class="btn btn-sm" href=${item.edit}>${t("Sửa")}<span class="visually-hidden">: ${item.title}</span></a>
          </span>`}
    </li>`;
  }
}

customElements.define("nt-agenda", Agenda);
