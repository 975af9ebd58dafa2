// The bar over the pages.
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import { showKeys } from "./keys";
import type { Reader } from "./reader";

const pressed = (on: boolean): "true" | "false" => (on ? "true" : "false");

export function toolbar(reader: Reader): TemplateResult {
  const { layout, marking, page, panel, pages, running, total } = reader;
  const { voice } = running;
  return html`<div class="nt-pdf-bar" role="toolbar" aria-label="Đọc tài liệu">
    <button type="button" class="btn btn-icon" aria-label="Trang trước" ?disabled=${page <= 1} @click=${() => reader.step(-1)}>${icon("left")}</button>
    <label class="nt-pdf-where"
      ><span class="visually-hidden">Trang</span>
      <input class="form-control" type="number" inputmode="numeric" min="1" max=${total || 1} .value=${String(page)}
        @change=${(event: Event) => reader.go(Number((event.target as HTMLInputElement).value) || 1)} />
      <span>/ ${total || "…"}</span></label
    >
    <button type="button" class="btn btn-icon" aria-label="Trang sau" ?disabled=${total > 0 && page >= total} @click=${() => reader.step(1)}>${icon("right")}</button>
    <span class="nt-pdf-zoom">
      <button type="button" class="btn btn-icon" aria-label="Thu nhỏ" @click=${() => reader.magnify(-1)}>−</button>
      <button type="button" class="btn btn-icon" aria-label="Phóng to" @click=${() => reader.magnify(1)}>+</button>
    </span>
    <button type="button" class="btn" data-act="find" aria-expanded=${pressed(panel.tab === "find")} @click=${() => panel.toggle("find")}>${icon("search")}<span>Tìm</span></button>
    <button type="button" class="btn" data-act="panel" aria-expanded=${pressed(panel.tab === "outline" || panel.tab === "thumbs")} @click=${() => panel.toggle(panel.tab === "thumbs" ? "thumbs" : "outline")}>${icon("list")}<span>Mục lục</span></button>
    ${marking.possible
      ? html`<button type="button" class="btn" data-act="pens" aria-pressed=${pressed(marking.open)} @click=${() => marking.toggle()}>${icon("pen")}<span>Ghi chú</span></button>`
      : nothing}
    <details class="nt-reading-more" data-nt-menu>
      <summary class="btn" data-act="view">${icon("eye")}<span>Xem</span></summary>
      <div class="nt-reading-menu">
        <button type="button" class="btn" aria-pressed=${pressed(pages?.zoom === 0 && layout !== "text")} @click=${() => reader.fit()}>Vừa bề ngang</button>
        <button type="button" class="btn" data-act="two" aria-pressed=${pressed(layout === "two")} @click=${() => reader.setLayout("two")}>Hai trang cạnh nhau</button>
        <button type="button" class="btn" data-act="text" aria-pressed=${pressed(layout === "text")} @click=${() => reader.setLayout("text")}>Chữ lớn, dễ đọc</button>
        <button type="button" class="btn" data-act="night" aria-pressed=${pressed(reader.night)} @click=${() => reader.setNight()}>Nền tối</button>
        ${voice.available
          ? html`<button type="button" class="btn" data-act="speak" aria-pressed=${pressed(voice.speaking)} @click=${() => void running.speak()}>${icon("sound")}${voice.speaking ? "Thôi đọc" : "Đọc to"}</button>`
          : nothing}
        <button type="button" class="btn" @click=${() => showKeys(reader)}>Phím tắt</button>
      </div>
    </details>
  </div>`;
}
