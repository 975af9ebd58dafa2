// Notes drawn over a page, and the pens that make them. Places are fractions of the page, so a note is
// at the same words at any zoom and on any tablet.
import type { Slot } from "./pages";
import type { Colour, Note, NoteData, SharedNote } from "./types";

export type Tool = "" | "highlight" | "ink" | "note" | "erase";

const SVG = "http://www.w3.org/2000/svg";
export const INK_WIDTH = 0.0045; // of the page's width

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Draw these notes (own and shared) over the page anew. */
export function paint(slot: Slot, notes: (Note | SharedNote)[], hits: number[][], current: number, open: (id: string) => void): void {
  const { clientWidth: width, clientHeight: height } = slot.box;
  if (width === 0) return;
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const buttons: HTMLElement[] = [];
  for (const [index, [x, y, w, h]] of hits.entries()) {
    drawing.append(
      shape("rect", { x: x! * width, y: y! * height, width: w! * width, height: h! * height, class: index === current ? "nt-hit is-current" : "nt-hit" }),
    );
  }
  for (const note of notes) {
    const foreign = "by" in note;
    const group = shape("g", { class: `nt-note nt-note-${note.kind} nt-colour-${note.data.colour ?? "yellow"}${foreign ? " is-shared" : ""}`, "data-note": note.id });
    for (const [x, y, w, h] of note.data.quads ?? []) {
      group.append(shape("rect", { x: x! * width, y: y! * height, width: w! * width, height: h! * height }));
    }
    for (const stroke of note.data.strokes ?? []) group.append(line(stroke, width, height, note.data.width ?? INK_WIDTH));
    drawing.append(group);
    if (note.kind === "note" || (note.text !== "" && note.kind === "highlight")) {
      const [x = 0, y = 0] = note.data.at ?? [note.data.quads?.[0]?.[0] ?? 0, note.data.quads?.[0]?.[1] ?? 0];
      const pin = document.createElement("button");
      pin.type = "button";
      pin.className = `nt-pin${foreign ? " is-shared" : ""}`;
      pin.dataset["note"] = note.id;
      pin.style.left = `${Math.min(Math.max(x, 0), 1) * 100}%`;
      pin.style.top = `${Math.min(Math.max(y, 0), 1) * 100}%`;
      pin.setAttribute("aria-label", `${foreign ? `Ghi chú của ${note.by}` : "Ghi chú của tôi"}: ${note.text || "chưa có nội dung"}`);
      pin.addEventListener("click", () => open(note.id));
      buttons.push(pin);
    }
    if (note.kind === "bookmark" && !foreign) {
      const ribbon = document.createElement("span");
      ribbon.className = "nt-ribbon";
      ribbon.title = note.text || "Dấu trang";
      buttons.push(ribbon);
    }
  }
  slot.over.replaceChildren(drawing, ...buttons);
}

export function line(stroke: number[], width: number, height: number, thick: number): SVGElement {
  const points: string[] = [];
  for (let at = 0; at < stroke.length; at += 2) points.push(`${(stroke[at]! * width).toFixed(1)},${(stroke[at + 1]! * height).toFixed(1)}`);
  if (points.length === 1) points.push(points[0]!);
  return shape("polyline", { points: points.join(" "), "stroke-width": (thick * width).toFixed(2) });
}

/** Rectangles of a range over this page, one a line, as fractions. */
export function quadsOf(range: Range, slot: Slot): number[][] {
  const page = slot.box.getBoundingClientRect();
  const lines: { left: number; top: number; right: number; bottom: number }[] = [];
  for (const rect of range.getClientRects()) {
    if (rect.width < 1 || rect.height < 2 || rect.bottom < page.top || rect.top > page.bottom) continue;
    if (rect.width > page.width * 0.98 && rect.height > page.height * 0.5) continue; // the layer itself
    const same = lines.find((one) => Math.min(one.bottom, rect.bottom) - Math.max(one.top, rect.top) > rect.height * 0.5);
    if (same) {
      same.left = Math.min(same.left, rect.left);
      same.right = Math.max(same.right, rect.right);
      same.top = Math.min(same.top, rect.top);
      same.bottom = Math.max(same.bottom, rect.bottom);
    } else lines.push({ left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom });
  }
  return lines.slice(0, 400).map((one) => [
    round((one.left - page.left) / page.width),
    round((one.top - page.top) / page.height),
    round((one.right - one.left) / page.width),
    round((one.bottom - one.top) / page.height),
  ]);
}

function round(value: number): number {
  return Math.round(Math.min(Math.max(value, -0.4), 1.4) * 100_000) / 100_000;
}

function caret(x: number, y: number): { node: Node; offset: number } | null {
  const at = document as Document & { caretPositionFromPoint?: (x: number, y: number) => { offsetNode: Node; offset: number } | null };
  if (at.caretPositionFromPoint) {
    const found = at.caretPositionFromPoint(x, y);
    return found && { node: found.offsetNode, offset: found.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

export interface Made {
  kind: "highlight" | "ink" | "note";
  slot: Slot;
  data: NoteData;
}

/** One stroke of the chosen pen over a page, from touch to lift. */
export class Pen {
  private slot: Slot | null = null;
  private start: { x: number; y: number } | null = null;
  private points: number[] = [];
  private trace: SVGElement | null = null;
  private pointer = -1;

  constructor(
    private readonly tool: () => Tool,
    private readonly colour: () => Colour,
    private readonly slotAt: (target: Element) => Slot | null,
    private readonly made: (made: Made) => void,
    private readonly erased: (id: string) => void,
  ) {}

  readonly down = (event: PointerEvent): void => {
    const tool = this.tool();
    const target = event.target as Element;
    if (tool === "" || this.pointer !== -1 || event.button !== 0 || target.closest("button")) return;
    const slot = this.slotAt(target);
    if (!slot) return;
    if (tool === "erase") {
      event.preventDefault();
      this.erase(slot, event);
      return;
    }
    event.preventDefault();
    this.slot = slot;
    this.pointer = event.pointerId;
    this.start = { x: event.clientX, y: event.clientY };
    this.points = [...this.at(event)];
    if (tool === "ink") {
      this.trace = shape("svg", { class: `nt-trace nt-colour-${this.colour()}`, viewBox: `0 0 ${slot.box.clientWidth} ${slot.box.clientHeight}` });
      slot.over.append(this.trace);
    }
    try {
      slot.box.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is gone already
    }
  };

  readonly move = (event: PointerEvent): void => {
    if (event.pointerId !== this.pointer || !this.slot) return;
    event.preventDefault();
    const tool = this.tool();
    if (tool === "ink") {
      const coalesced = event.getCoalescedEvents?.() ?? [];
      for (const one of coalesced.length > 0 ? coalesced : [event]) {
        const [x, y] = this.at(one);
        const [px, py] = this.points.slice(-2) as [number, number];
        if (Math.hypot(x - px, y - py) > 0.0015 && this.points.length < 5_000) this.points.push(x, y);
      }
      this.trace!.replaceChildren(line(this.points, this.slot.box.clientWidth, this.slot.box.clientHeight, INK_WIDTH));
    } else if (tool === "highlight") {
      this.select(event);
    }
  };

  readonly up = (event: PointerEvent): void => {
    if (event.pointerId !== this.pointer) return;
    const slot = this.slot!;
    const tool = this.tool();
    this.pointer = -1;
    this.slot = null;
    this.trace?.remove();
    this.trace = null;
    if (event.type === "pointercancel") return;
    if (tool === "ink") this.made({ kind: "ink", slot, data: { strokes: [this.points], width: INK_WIDTH, colour: this.colour() } });
    else if (tool === "note") this.made({ kind: "note", slot, data: { at: [round(this.points[0]!), round(this.points[1]!)] } });
    else if (tool === "highlight") this.finishHighlight(slot, event);
  };

  private at(event: PointerEvent): [number, number] {
    const page = this.slot!.box.getBoundingClientRect();
    return [round((event.clientX - page.left) / page.width), round((event.clientY - page.top) / page.height)];
  }

  private range(event: PointerEvent): Range | null {
    const text = this.slot?.text ?? this.slotAt(event.target as Element)?.text;
    const from = caret(this.start!.x, this.start!.y);
    const to = caret(event.clientX, event.clientY);
    if (!text || !from || !to || !text.contains(from.node) || !text.contains(to.node)) return null;
    if (from.node === text || to.node === text) return null;
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    if (range.collapsed) {
      range.setStart(to.node, to.offset);
      range.setEnd(from.node, from.offset);
    }
    return range;
  }

  private select(event: PointerEvent): void {
    const range = this.range(event);
    if (!range) return;
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  }

  private finishHighlight(slot: Slot, event: PointerEvent): void {
    const selection = window.getSelection();
    const range = selection && selection.rangeCount > 0 && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const quads = range ? quadsOf(range, slot) : [];
    if (range && quads.length > 0) {
      this.made({ kind: "highlight", slot, data: { quads, colour: this.colour(), quote: String(selection).slice(0, 2000) } });
      selection!.removeAllRanges();
      return;
    }
    // A scan has no words to follow: the box that was drawn is what is marked.
    const page = slot.box.getBoundingClientRect();
    const [left, right] = [Math.min(this.start!.x, event.clientX), Math.max(this.start!.x, event.clientX)];
    const [top, bottom] = [Math.min(this.start!.y, event.clientY), Math.max(this.start!.y, event.clientY)];
    if (right - left < 12 || slot.text?.childElementCount) return;
    const quad = [(left - page.left) / page.width, (top - page.top) / page.height, (right - left) / page.width, Math.max(bottom - top, 14) / page.height];
    this.made({ kind: "highlight", slot, data: { quads: [quad.map(round)], colour: this.colour(), quote: "" } });
  }

  private erase(slot: Slot, event: PointerEvent): void {
    const reach = 14;
    for (const group of [...slot.over.querySelectorAll<SVGGElement>("[data-note]:not(.is-shared)")].reverse()) {
      const hit = [...group.children].some((child) => {
        const box = child.getBoundingClientRect();
        const inside =
          event.clientX > box.left - reach && event.clientX < box.right + reach && event.clientY > box.top - reach && event.clientY < box.bottom + reach;
        if (!inside || child.tagName !== "polyline") return inside;
        return near(child as SVGPolylineElement, slot, event, reach);
      });
      if (hit) {
        this.erased(group.dataset["note"]!);
        return;
      }
    }
  }
}

function near(stroke: SVGPolylineElement, slot: Slot, event: PointerEvent, reach: number): boolean {
  const page = slot.box.getBoundingClientRect();
  for (const point of stroke.points) {
    if (Math.hypot(point.x + page.left - event.clientX, point.y + page.top - event.clientY) < reach) return true;
  }
  return false;
}
