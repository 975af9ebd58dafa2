// The tab «Mục lục»: the outline that is in the file.
import { html, type TemplateResult } from "lit";
import { notify } from "../elements/page";
import type { Document } from "./pages";
import type { Reader } from "./reader";

type Destination = string | unknown[] | null;
interface Item {
  title: string;
  dest: Destination;
  items: Item[];
}
interface Row {
  title: string;
  depth: number;
  dest: Destination;
}

const DEEPEST = 4;

export class Outline {
  private rows: Row[] | null = null; // null: not read yet

  constructor(private readonly reader: Reader) {}

  async read(): Promise<void> {
    const document = this.reader.pages?.document;
    if (this.rows !== null || !document) return;
    this.rows = await rowsOf(document);
    this.reader.requestUpdate();
  }

  private async go(dest: Destination): Promise<void> {
    const { document } = this.reader.pages!;
    try {
      const place = typeof dest === "string" ? await document.getDestination(dest) : dest;
      if (!place) return;
      const target = place[0] as { num: number; gen: number } | number;
      this.reader.go((typeof target === "number" ? target : await document.getPageIndex(target)) + 1);
    } catch {
      notify("info", "Mục này không chỉ tới trang nào trong tệp.");
    }
  }

  template(): TemplateResult {
    if (this.rows === null) return html`<p class="nt-panel-word">Đang đọc mục lục…</p>`;
    if (this.rows.length === 0) return html`<p class="nt-panel-word">Tài liệu này không có mục lục trong tệp. Hãy xem thẻ «Trang» hoặc «Tìm».</p>`;
    return html`<ul class="nt-panel-list">
      ${this.rows.map(
        ({ title, depth, dest }) =>
          html`<li><button type="button" class="nt-panel-row" style=${`padding-left:${0.75 + depth}rem`} @click=${() => void this.go(dest)}>${title}</button></li>`,
      )}
    </ul>`;
  }
}

async function rowsOf(document: Document): Promise<Row[]> {
  const rows: Row[] = [];
  const walk = (items: Item[], depth: number): void => {
    for (const { title, dest, items: inner } of items) {
      rows.push({ title, depth, dest });
      if (depth < DEEPEST) walk(inner, depth + 1);
    }
  };
  try {
    walk(((await document.getOutline()) ?? []) as Item[], 0);
  } catch {
    // a broken outline is none
  }
  return rows;
}
