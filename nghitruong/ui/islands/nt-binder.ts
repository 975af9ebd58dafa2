// The order of the binder; tab and page numbers follow by themselves.
import { html, type TemplateResult } from "lit";
import { Ordering, type Movable } from "./lib/ordering";
import { t } from "./lib/t";

interface Entry extends Movable {
  tab: number;
  number: string;
  kind: string;
  issuer: string;
  draft: boolean;
  first: number;
  last: number;
  pdf: boolean;
  url: string;
  edit: string;
}

interface Section {
  code: string;
  label: string;
  entries: Entry[];
}

class Binder extends Ordering<Entry, Section> {
  protected readonly held = "sections";
  protected readonly plain = ".nt-binder-plain";
  private told = "";

  protected rowsOf(section: Section): Entry[] {
    return section.entries;
  }

  protected lastIn(section: Section): Record<string, string> {
    return { section: section.code };
  }

  protected override moved(entry: Entry): void {
    const now = this.groups.flatMap((section) => section.entries).find((one) => one.id === entry.id);
    if (!now) return;
    this.told = t("%(title)s: tab %(tab)s, trang %(page)s", { title: now.title, tab: now.tab, page: now.first });
  }

  protected override render(): TemplateResult {
    return html`
      <p class="form-hint nt-no-print">
        ${t("Kéo để xếp lại; hoặc chọn nút ⋮⋮ của một tài liệu rồi dùng phím ↑ ↓, hoặc bấm «Lên», «Xuống». Số tab và số trang đổi theo.")}
      </p>
      <p class="visually-hidden" role="status">${this.told}</p>
      <div class="nt-stack nt-no-print" aria-busy=${this.busy ? "true" : "false"}>
        ${this.groups.map((section) => this.section(section))}
      </div>
    `;
  }

  private section(section: Section): TemplateResult {
    return html`<section class="card">
      <div class="card-header"><h2 class="card-title h3">${section.label}</h2></div>
      <ol class="list-unstyled mb-0">
        ${section.entries.map((entry) => this.item(entry, section, this.about(entry), "nt-binder-entry"))}
        ${this.end(section, section.code, t("Chưa có tài liệu; kéo tài liệu vào đây."))}
      </ol>
    </section>`;
  }

  private about(entry: Entry): TemplateResult {
    const pages = entry.first === entry.last ? `${entry.first}` : `${entry.first}–${entry.last}`;
    const facts = [
      entry.kind,
      entry.number,
      entry.issuer,
      entry.draft ? t("chưa gửi đại biểu") : "",
      entry.pdf ? "" : t("không có bản PDF, in riêng"),
    ];
    return html`<span class="nt-binder-tab"><span class="visually-hidden">Tab </span>${entry.tab}</span>
      <div class="nt-agenda-what">
        <a href=${entry.url}>${entry.title}</a><br />
        <span class="nt-stat-note">${facts.filter(Boolean).join(" · ")}</span>
      </div>
      <span class="nt-binder-pages">${t("tr.")} ${pages}</span>
      <span class="nt-row nt-agenda-buttons">
        <label class="nt-binder-pick"
          ><input class="form-check-input" type="checkbox" name="paper" value=${entry.id} form="in-tap" />
          <span>${t("In")}<span class="visually-hidden">: ${entry.title}</span></span></label
        >
        ${this.buttons(entry, entry.edit)}
      </span>`;
  }
}

customElements.define("nt-binder", Binder);
