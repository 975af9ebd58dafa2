// A file of an import, drawn.
import { html, nothing, type TemplateResult } from "lit";
import type { Row, State } from "./types";

/** Who shows the row and keeps what is typed. */
export interface Host {
  readonly open: boolean;
  readonly state: State;
  save(row: Row, field: string, value: string): void;
}

/** One file with what it seems to be, each field to be corrected in place. */
export function fileRow(row: Row, host: Host): TemplateResult {
  const place = [row.folder, row.name].filter(Boolean).join("/");
  const secret = row.refused === "state_secret";
  const locked = !host.open || row.refused !== "";
  return html`<li class="card nt-binder-file ${row.include ? "" : "is-out"}" data-file=${row.id}>
    <div class="nt-row nt-binder-head">
      ${row.refused
        ? html`<span class="nt-chip nt-chip-no">✕ không nhận</span>`
        : html`<label class="form-check mb-0"
            ><input
              class="form-check-input"
              type="checkbox"
              .checked=${row.include}
              ?disabled=${locked}
              @change=${(event: Event) => {
                row.include = (event.target as HTMLInputElement).checked;
                host.save(row, "include", row.include ? "1" : "");
              }}
            />
            <span>Nhận<span class="visually-hidden">: ${place}</span></span></label
          >`}
      <span class="flex-fill text-break">${secret ? "Tệp có dấu mật (tên tệp đã được xóa)" : place}</span>
      <span class="nt-stat-note">${row.pages ? `${row.pages} trang` : ""}</span>
      ${row.edited ? html`<span class="nt-chip">đã sửa</span>` : nothing}
    </div>
    ${row.problems.length
      ? html`<ul class="nt-binder-problems">
          ${row.problems.map(
            (problem) => html`<li class=${problem.grave ? "is-grave" : ""}>
              ${problem.grave ? "✕" : "⚠"} ${problem.text}
              ${problem.code === "state_secret" ? html`<a href=${host.state.urls["stubs"]!}>Mở sổ tài liệu mật</a>` : nothing}
            </li>`,
          )}
        </ul>`
      : nothing}
    ${row.refused
      ? nothing
      : html`<div class="nt-binder-fields">
          ${input(row, host, "title", "Tên tài liệu", locked)}
          ${choice(row, host, "kind", "Loại", host.state.kinds, locked)} ${input(row, host, "number", "Số, ký hiệu", locked)}
          ${input(row, host, "dated", "Ngày", locked, "date")} ${input(row, host, "issuer", "Cơ quan ban hành", locked)}
          ${choice(
            row,
            host,
            "item",
            "Nội dung chương trình",
            host.state.items.map((item) => [item.id, item.title]),
            locked,
          )}
          ${choice(row, host, "body", "Cơ quan trình (được đọc)", host.state.bodies, locked)}
          ${host.state.asks.length ? choice(row, host, "ask", "Là tài liệu đã yêu cầu", host.state.asks, locked) : nothing}
        </div>`}
  </li>`;
}

function input(
  row: Row,
  host: Host,
  field: "title" | "number" | "issuer" | "dated",
  label: string,
  locked: boolean,
  type = "text",
): TemplateResult {
  const id = `${field}-${row.id}`;
  const from = field in row.sources ? row.sources[field] : "";
  return html`<div class="nt-binder-field nt-binder-${field}">
    <label class="form-label" for=${id}>${label}</label>
    <input
      class="form-control"
      id=${id}
      name=${field}
      type=${type}
      .value=${row[field]}
      ?readonly=${locked}
      title=${from === "name" ? "Đề xuất theo tên tệp" : from ? "Đề xuất theo trang đầu" : ""}
      @change=${(event: Event) => {
        row[field] = (event.target as HTMLInputElement).value;
        host.save(row, field, row[field]);
      }}
    />
  </div>`;
}

const NONE = { kind: "(chưa rõ)", item: "(không thuộc nội dung nào)", body: "(cơ quan khác)", ask: "(không phải)" };

function choice(
  row: Row,
  host: Host,
  field: "kind" | "item" | "body" | "ask",
  label: string,
  options: [string, string][],
  locked: boolean,
): TemplateResult {
  const id = `${field}-${row.id}`;
  return html`<div class="nt-binder-field nt-binder-${field}">
    <label class="form-label" for=${id}>${label}</label>
    <select
      class="form-select"
      id=${id}
      name=${field}
      ?disabled=${locked}
      @change=${(event: Event) => {
        row[field] = (event.target as HTMLSelectElement).value;
        host.save(row, field, row[field]);
      }}
    >
      <option value="" ?selected=${row[field] === ""}>${NONE[field]}</option>
      ${options.map(([value, words]) => html`<option value=${value} ?selected=${row[field] === value}>${words}</option>`)}
    </select>
  </div>`;
}
