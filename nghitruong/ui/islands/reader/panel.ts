// The side panel: one tab of it is open, or none.
import { html, type TemplateResult } from "lit";
import { icon } from "./icons";
import { Outline } from "./outline";
import type { Reader } from "./reader";
import { rove } from "./rove";
import { Thumbs } from "./thumbs";

type Tab = "outline" | "thumbs" | "notes" | "find";
const TABS: [Tab, string][] = [
  ["outline", "Mục lục"],
  ["thumbs", "Trang"],
  ["notes", "Ghi chú"],
  ["find", "Tìm"],
];

export class Panel {
  tab: Tab | null = null;
  private readonly outline: Outline;
  private readonly thumbs: Thumbs;

  constructor(private readonly reader: Reader) {
    this.outline = new Outline(reader);
    this.thumbs = new Thumbs(reader);
  }

  close(): void {
    this.tab = null;
    this.reader.requestUpdate();
  }

  /** Open this tab, or close the panel where it is the open one. */
  toggle(tab: Tab): void {
    if (this.tab === tab) this.close();
    else this.show(tab);
  }

  show(tab: Tab): void {
    this.tab = tab;
    if (tab === "outline") void this.outline.read();
    this.reader.requestUpdate();
    void this.reader.updateComplete.then(() => {
      if (this.tab === "find") this.reader.querySelector<HTMLInputElement>("#nt-find-words")?.select();
      if (this.tab === "thumbs") this.thumbs.watch();
    });
  }

  template(tab: Tab): TemplateResult {
    return html`<aside class="nt-panel" aria-label="Bảng bên">
      <div class="nt-panel-tabs">
        <div class="nt-tablist" role="tablist" aria-label="Bảng bên" @keydown=${rove}>${TABS.map(
          ([key, label]) =>
            html`<button type="button" role="tab" tabindex=${key === tab ? 0 : -1} data-tab=${key} class="btn" aria-selected=${key === tab ? "true" : "false"} @click=${() => key !== this.tab && this.show(key)}>${label}</button>`,
        )}</div>
        <button type="button" class="btn btn-icon" aria-label="Đóng bảng bên" @click=${() => this.close()}>${icon("close")}</button>
      </div>
      <div class="nt-panel-room" role="tabpanel" aria-label=${TABS.find(([key]) => key === tab)![1]}>${this.inside(tab)}</div>
    </aside>`;
  }

  private inside(tab: Tab): TemplateResult {
    if (tab === "outline") return this.outline.template();
    if (tab === "thumbs") return this.thumbs.template();
    return tab === "notes" ? this.reader.marking.cards() : this.reader.search.template();
  }
}
