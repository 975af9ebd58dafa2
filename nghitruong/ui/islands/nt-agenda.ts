// The order of the agenda, sitting by sitting.
import { html, nothing, type TemplateResult } from "lit";
import { Ordering, type Movable } from "./lib/ordering";
import { t } from "./lib/t";

interface Item extends Movable {
  kind: string;
  presenter: string;
  body: string;
  minutes: number;
  closed_doors: boolean;
  papers: { title: string; url: string; draft: boolean }[];
  edit: string;
}

interface Part {
  sitting: number | null;
  title: string;
  starts: string | null;
  available: number | null;
  closed: boolean;
  items: Item[];
}

class Agenda extends Ordering<Item, Part> {
  protected readonly held = "parts";
  protected readonly plain = ".nt-agenda-plain";

  protected rowsOf(part: Part): Item[] {
    return part.items;
  }

  protected lastIn(part: Part): Record<string, string> {
    return part.sitting === null ? {} : { sitting: String(part.sitting) };
  }

  protected override closed(part: Part): boolean {
    return part.closed;
  }

  protected override render(): TemplateResult {
    return html`
      <p class="form-hint">
        ${t("Kéo để xếp lại; hoặc chọn nút ⋮⋮ của một nội dung rồi dùng phím ↑ ↓, hoặc bấm «Lên», «Xuống».")}
      </p>
      <div class="nt-stack nt-no-print" aria-busy=${this.busy ? "true" : "false"}>
        ${this.groups.map((part) => this.section(part))}
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
              ${part.closed ? nothing : html`<a class="btn btn-sm" href="${base}chuong-trinh/them/?phien=${part.sitting}">${t("Thêm nội dung")}</a>`}`}
      </div>
      <ol class="list-unstyled mb-0">
        ${part.items.map((item, index) => this.item(item, part, this.about(item, part, this.time(part, index))))}
        ${part.closed ? nothing : this.end(part, key, t("Chưa có nội dung nào; kéo nội dung vào đây."))}
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

  private about(item: Item, part: Part, time: string): TemplateResult {
    return html`<span class="nt-agenda-time">${time}</span>
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
        : html`<span class="nt-row nt-agenda-buttons">${this.buttons(item, item.edit)}</span>`}`;
  }
}

customElements.define("nt-agenda", Agenda);
