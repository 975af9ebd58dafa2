// Looking for words: in this paper from the pages themselves, across the packet on the server.
import { findAll } from "./fold";
import type { Document, Slot } from "./pages";

export interface Hit {
  page: number;
  before: string;
  words: string;
  after: string;
}

export interface PacketHit extends Hit {
  title: string;
  url: string;
}

const AROUND = 48;

export function snippets(text: string, query: string, page: number): Hit[] {
  const plain = text.normalize("NFC").replace(/\s+/g, " ");
  return findAll(plain, query).map(([start, end]) => ({
    page,
    before: plain.slice(Math.max(0, start - AROUND), start),
    words: plain.slice(start, end),
    after: plain.slice(end, end + AROUND),
  }));
}

export class Finder {
  private readonly texts = new Map<number, string>();
  private run = 0;

  constructor(private readonly document: Document) {}

  /** Every page in order; calls back as it goes. A newer search ends an older one. */
  async search(query: string, found: (hits: Hit[], done: number) => void): Promise<void> {
    const run = (this.run += 1);
    for (let page = 1; page <= this.document.numPages; page += 1) {
      let text = this.texts.get(page);
      if (text === undefined) {
        const content = await (await this.document.getPage(page)).getTextContent();
        text = content.items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
        this.texts.set(page, text);
      }
      if (run !== this.run) return;
      found(snippets(text, query, page), page);
    }
  }

  stop(): void {
    this.run += 1;
  }
}

/** Where the query stands on a drawn page, as fractions of it. */
export function hitsOn(slot: Slot, query: string): number[][] {
  if (!slot.text || !slot.layer || query === "") return [];
  const nodes: { node: Text; start: number }[] = [];
  let text = "";
  for (const [index, div] of slot.layer.textDivs.entries()) {
    const node = div.firstChild;
    if (!(node instanceof Text)) continue;
    nodes.push({ node, start: text.length });
    text += node.data;
    const next = slot.layer.textDivs[index + 1];
    if (next && Math.abs(next.offsetTop - div.offsetTop) > 3) text += "\n";
  }
  const page = slot.box.getBoundingClientRect();
  const place = (at: number, end: boolean): [Text, number] | null => {
    for (let index = nodes.length - 1; index >= 0; index -= 1) {
      const { node, start } = nodes[index]!;
      if (end ? start < at : start <= at) return [node, Math.min(at - start, node.length)];
    }
    return null;
  };
  const rects: number[][] = [];
  for (const [start, end] of findAll(text, query, 200)) {
    const from = place(start, false);
    const to = place(end, true);
    if (!from || !to) continue;
    const range = window.document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      rects.push([(rect.left - page.left) / page.width, (rect.top - page.top) / page.height, rect.width / page.width, rect.height / page.height]);
    }
  }
  return rects;
}
