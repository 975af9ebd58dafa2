// Looking for words: in this paper as the server read it (scans have words nowhere else), else from
// the pages themselves; across the packet on the server.
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
    // Whole words: half a syllable reads as another one.
    before: plain.slice(Math.max(0, start - AROUND), start).replace(start > AROUND ? /^\S*\s/ : "", ""),
    words: plain.slice(start, end),
    after: plain.slice(end, end + AROUND).replace(end + AROUND < plain.length ? /\s\S*$/ : "", ""),
  }));
}

/** The words of pages, by number from 1; pages nobody has read are missing. */
export type Texts = Record<number, string>;

const AT_ONCE = 20; // pages looked through before the screen gets a turn

export class Finder {
  private known: Texts | null = null;
  private readonly drawn: Texts = {};
  private run = 0;

  /** `read`: the words as the server (or the device) has them. */
  constructor(
    private readonly document: Document,
    private readonly read: () => Promise<Texts>,
  ) {}

  /** Every page in order; calls back as it goes. A newer search ends an older one. */
  async search(query: string, found: (hits: Hit[], done: number) => void): Promise<void> {
    const run = (this.run += 1);
    // Not reached, or nothing read yet: asked again at the next search.
    if (!this.known || Object.keys(this.known).length === 0) this.known = await this.read().catch(() => null);
    for (let page = 1; page <= this.document.numPages; page += 1) {
      const text = this.known?.[page]?.trim() ? this.known[page]! : await this.ofPage(page);
      if (page % AT_ONCE === 0) await new Promise((done) => setTimeout(done, 0));
      if (run !== this.run) return;
      found(snippets(text, query, page), page);
    }
  }

  /** What stands on the page itself: the server has not read it, or cannot be reached. */
  private async ofPage(page: number): Promise<string> {
    const before = this.drawn[page];
    if (before !== undefined) return before;
    const content = await (await this.document.getPage(page)).getTextContent();
    return (this.drawn[page] = content.items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join(""));
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
