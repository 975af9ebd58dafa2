// The pages of a paper: an empty box for each at once, so the scroll bar tells the truth; only those
// near the window are asked for (by range), drawn, and kept. Canvases are used again: tablets have
// little memory, and giving it back takes them long.
import * as pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Bytes } from "../device/shelf";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

const here = import.meta.url;
const files = (folder: string): string => new URL(`pdfjs/${folder}/`, here).href;
pdfjs.GlobalWorkerOptions.workerSrc = new URL(workerUrl, here).href;

export type Document = pdfjs.PDFDocumentProxy;
export type Page = pdfjs.PDFPageProxy;

export interface Slot {
  number: number;
  box: HTMLElement;
  /** The scale it is drawn (or being drawn) at; 0: empty. */
  drawn: number;
  /** Drawn to the end, at `drawn`. */
  ready: boolean;
  /** The scale it could not be drawn at (the network went); tried again when it is asked for again. */
  failed: number;
  canvas: HTMLCanvasElement | null;
  text: HTMLElement | null;
  layer: pdfjs.TextLayer | null;
  task: pdfjs.RenderTask | null;
  /** What others put over the page; survives redrawing. */
  over: HTMLElement;
}

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4];
const KEEP = 6; // drawn pages kept away from the window
const POOL = 4;
const MAX_PIXELS = 6_000_000; // of one canvas
const AUTO_FETCH = 60 * 1024 * 1024; // bytes: smaller papers are brought whole, for when the network goes

let thread: pdfjs.PDFWorker | undefined;

/** Start pdf.js's own thread, which takes a fifth of a second to be there, before anything waits for it. */
export function wake(): pdfjs.PDFWorker {
  return (thread ??= new pdfjs.PDFWorker());
}

/** Start reading before anything is drawn: the file comes while the page is laid out. */
export function load(url: string, size = 0, held: Bytes | null = null): pdfjs.PDFDocumentLoadingTask {
  const whole = size > 0 && size <= AUTO_FETCH && !held;
  return pdfjs.getDocument({
    ...(held ? { range: new FromDevice(held) } : { url }),
    worker: wake(),
    rangeChunkSize: 256 * 1024,
    disableAutoFetch: !whole,
    disableStream: true,
    cMapUrl: files("cmaps"),
    standardFontDataUrl: files("standard_fonts"),
    wasmUrl: files("wasm"),
    iccUrl: files("iccs"),
    enableXfa: false,
  });
}

/** The paper's bytes from the device, piece by piece: a large one must not fill a tablet's memory. */
class FromDevice extends pdfjs.PDFDataRangeTransport {
  constructor(private readonly held: Bytes) {
    super(held.size, null);
  }

  override requestDataRange(begin: number, end: number): void {
    this.held.read(begin, end).then(
      (bytes) => this.onDataRange(begin, bytes),
      () => this.abort(),
    );
  }
}

export class Pages extends EventTarget {
  readonly slots: Slot[] = [];
  page = 1;
  zoom = 0; // 1: the paper's own size; 0: the window's width
  facing = false;
  private readonly first: { width: number; height: number };
  private readonly watcher: IntersectionObserver;
  private readonly sizes: ResizeObserver;
  private readonly near = new Set<number>();
  private readonly pool: HTMLCanvasElement[] = [];
  private width = 0;
  private jumping = 0;
  private drawing: Slot | null = null;
  private pumping = false;

  constructor(
    readonly scroller: HTMLElement,
    readonly document: Document,
    first: Page,
    start: { page: number; zoom: number; facing: boolean },
    picture: HTMLImageElement | null = null,
  ) {
    super();
    const view = first.getViewport({ scale: 1 });
    this.first = { width: view.width, height: view.height };
    this.zoom = start.zoom;
    this.facing = start.facing;
    this.page = Math.min(Math.max(start.page, 1), document.numPages);
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), { root: scroller, rootMargin: "110% 0px" });
    const room = window.document.createDocumentFragment();
    for (let number = 1; number <= document.numPages; number += 1) room.append(this.box(number));
    scroller.replaceChildren(room);
    if (picture) this.slot(1).box.append(picture); // until the page itself is drawn
    this.measure();
    this.go(this.page);
    this.slots.forEach((slot) => this.watcher.observe(slot.box));
    scroller.addEventListener("scroll", this.scrolled, { passive: true });
    this.sizes = new ResizeObserver(() => {
      if (this.zoom === 0 && Math.abs(scroller.clientWidth - this.width) > 1 && scroller.clientWidth > 0) this.rescale();
    });
    this.sizes.observe(scroller);
  }

  get total(): number {
    return this.slots.length;
  }

  stop(): void {
    this.watcher.disconnect();
    this.sizes.disconnect();
    this.scroller.removeEventListener("scroll", this.scrolled);
  }

  slot(page: number): Slot {
    return this.slots[Math.min(Math.max(page, 1), this.slots.length) - 1]!;
  }

  /** Pages that are drawn and in sight, for those who draw over them. */
  drawnSlots(): Slot[] {
    return this.slots.filter((slot) => slot.ready);
  }

  /** The first page of the next (1) or previous (-1) step: facing pages turn together. */
  neighbour(by: 1 | -1): number {
    if (!this.facing) return this.page + by;
    const row = this.page - ((this.page - 1) % 2);
    return row + 2 * by;
  }

  go(page: number): void {
    if (this.total === 0) return;
    const slot = this.slot(page);
    const before = this.scroller.scrollTop;
    this.scroller.scrollTo({ top: slot.box.offsetTop - 8, behavior: "instant" });
    this.jumping = this.scroller.scrollTop === before ? 0 : slot.number;
    this.turned(slot.number);
    const busy = this.drawing;
    if (busy && busy !== slot && slot.drawn !== this.scale) busy.task?.cancel(); // what is looked at comes first
    this.pump();
  }

  magnify(by: -1 | 1): void {
    const now = this.scale / (96 / 72);
    const next = by > 0 ? STEPS.find((step) => step > now + 0.01) : [...STEPS].reverse().find((step) => step < now - 0.01);
    if (next !== undefined) this.setZoom(next);
  }

  setZoom(zoom: number): void {
    this.zoom = zoom;
    this.rescale();
  }

  setFacing(facing: boolean): void {
    this.facing = facing;
    this.rescale();
  }

  private box(number: number): HTMLElement {
    const box = window.document.createElement("div");
    box.className = "nt-pdf-page";
    box.dataset["page"] = String(number);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `Trang ${number} trên ${this.document.numPages}`);
    const over = window.document.createElement("div");
    over.className = "nt-pdf-over";
    this.slots.push({ number, box, drawn: 0, ready: false, failed: 0, canvas: null, text: null, layer: null, task: null, over });
    return box;
  }

  private get scale(): number {
    if (this.zoom > 0) return this.zoom * (96 / 72);
    const room = this.facing ? (this.scroller.clientWidth - 36) / 2 : this.scroller.clientWidth - 24;
    return Math.max(0.2, room / this.first.width);
  }

  private measure(): void {
    this.width = this.scroller.clientWidth;
    const scale = this.scale;
    for (const slot of this.slots) {
      const own = slot.box.dataset;
      const width = Number(own["width"] ?? this.first.width);
      const height = Number(own["height"] ?? this.first.height);
      slot.box.style.width = `${Math.floor(width * scale)}px`;
      slot.box.style.height = `${Math.floor(height * scale)}px`;
      slot.box.style.setProperty("--total-scale-factor", String(scale));
    }
  }

  private rescale(): void {
    const page = this.page;
    this.measure();
    this.drawing?.task?.cancel();
    this.go(page);
    this.dispatchEvent(new Event("turn"));
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const number = Number((entry.target as HTMLElement).dataset["page"]);
      if (entry.isIntersecting) {
        this.near.add(number);
        this.slot(number).failed = 0;
      } else this.near.delete(number);
    }
    this.forget();
    this.pump();
  }

  /** Draw one page after another: what is looked at first, then what comes next, then the rest. Many
   *  at once would make the one in sight wait for those nobody sees. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    void (async () => {
      for (let slot = this.next(); slot; slot = this.next()) {
        this.drawing = slot;
        await this.draw(slot);
        this.drawing = null;
        // Zooming changes which pages are near; the observer tells after a frame.
        await new Promise((done) => setTimeout(done, 0));
      }
      this.pumping = false;
    })();
  }

  private next(): Slot | null {
    if (this.scroller.clientWidth === 0) return null; // hidden behind the large text
    const scale = this.scale;
    let best: Slot | null = null;
    for (const number of [this.page, ...this.near]) {
      const slot = this.slot(number);
      if (slot.drawn === scale || slot.failed === scale) continue;
      if (!best || this.urgency(number) < this.urgency(best.number)) best = slot;
    }
    return best;
  }

  private urgency(page: number): number {
    return page >= this.page ? (page - this.page) * 2 : (this.page - page) * 2 + 1;
  }

  /** Empty the drawn pages that are farthest away. */
  private forget(): void {
    const drawn = this.slots.filter((slot) => slot.canvas !== null && !this.near.has(slot.number));
    drawn.sort((a, b) => Math.abs(b.number - this.page) - Math.abs(a.number - this.page));
    while (drawn.length > KEEP) {
      const slot = drawn.shift()!;
      slot.task?.cancel();
      slot.layer?.cancel();
      this.release(slot.canvas);
      slot.task = slot.layer = slot.canvas = slot.text = null;
      slot.box.replaceChildren();
      slot.over.replaceChildren();
      delete slot.box.dataset["drawn"];
      slot.drawn = 0;
      slot.ready = false;
      this.document.getPage(slot.number).then((page) => page.cleanup(), () => undefined);
    }
  }

  private take(width: number, height: number): HTMLCanvasElement {
    const canvas = this.pool.pop() ?? window.document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  private release(canvas: HTMLCanvasElement | null): void {
    if (!canvas) return;
    if (this.pool.length < POOL) this.pool.push(canvas);
    else canvas.width = canvas.height = 0; // Safari keeps the memory of a dropped canvas for long
  }

  private async draw(slot: Slot): Promise<void> {
    const scale = this.scale;
    slot.drawn = scale;
    slot.ready = false;
    let canvas: HTMLCanvasElement | null = null;
    try {
      const page = await this.document.getPage(slot.number);
      const view = page.getViewport({ scale });
      const natural = page.getViewport({ scale: 1 });
      if (this.scale !== scale) {
        slot.drawn = 0; // the zoom moved on meanwhile
        return;
      }
      slot.box.dataset["width"] = String(natural.width);
      slot.box.dataset["height"] = String(natural.height);
      slot.box.style.width = `${Math.floor(view.width)}px`;
      slot.box.style.height = `${Math.floor(view.height)}px`;
      const dense = Math.min(window.devicePixelRatio || 1, 2, Math.sqrt(MAX_PIXELS / (view.width * view.height)));
      canvas = this.take(Math.floor(view.width * dense), Math.floor(view.height * dense));
      slot.task = page.render({
        canvas,
        viewport: view,
        ...(dense === 1 ? {} : { transform: [dense, 0, 0, dense, 0, 0] }),
      });
      await slot.task.promise;
      const text = window.document.createElement("div");
      text.className = "textLayer";
      slot.layer?.cancel();
      slot.box.replaceChildren(canvas, text, slot.over);
      this.release(slot.canvas);
      slot.canvas = canvas;
      slot.text = text;
      slot.box.dataset["drawn"] = "";
      const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport: view });
      slot.layer = layer;
      await layer.render();
      slot.ready = true;
      this.dispatchEvent(new CustomEvent("drawn", { detail: slot }));
    } catch (error) {
      if (canvas && canvas !== slot.canvas) this.release(canvas);
      const name = (error as Error).name;
      slot.drawn = 0;
      if (name === "RenderingCancelledException" || name === "AbortException") return;
      slot.failed = scale;
      this.release(slot.canvas);
      slot.canvas = null;
      delete slot.box.dataset["drawn"];
      const word = window.document.createElement("p");
      word.className = "nt-pdf-failed";
      word.textContent = `Chưa tải được trang ${slot.number}. Kiểm tra mạng rồi cuộn lại trang này.`;
      slot.box.replaceChildren(word, slot.over);
    }
  }

  /** Draw again what could not be drawn, when the network is back. */
  retry(): void {
    this.slots.forEach((slot) => (slot.failed = 0));
    this.pump();
  }

  private readonly scrolled = (): void => {
    if (this.jumping) {
      // The jump itself has said where we are; the scroll it causes must not say another page.
      this.jumping = 0;
      return;
    }
    const top = this.scroller.scrollTop + this.scroller.clientHeight / 3;
    let low = 0;
    let high = this.slots.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.slots[middle]!.box.offsetTop <= top) low = middle;
      else high = middle - 1;
    }
    const found = this.slots[low]?.number ?? 1;
    this.turned(this.facing ? found - ((found - 1) % 2) : found);
  };

  private turned(page: number): void {
    if (page === this.page) return;
    this.page = page;
    this.dispatchEvent(new Event("turn"));
  }
}
