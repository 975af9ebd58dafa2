// A screen of a sitting in a test: its page, its stream, the server it taps at. Import this before the islands.
import { beforeEach, vi } from "vitest";
import type { ChoiceCode } from "../lib/slices";
import { me, poll } from "./fixtures";

export { me, poll };
export const item = { id: "i1", order: 1, total: 2, kind: "report", title: "Báo cáo", presenter: "", minutes: 15, papers: [] };
export const sitting = { id: "s1", state: "open", title: "Sáng", session_title: "Kỳ họp", kind: "plenary", roll_open: true };
export const urls = { go_to: "/den-noi-dung/", publish_poll: "/bieu-quyet/__id__/cong-bo/", drop: "/bo-luot/", call: "/moi/" };
export const agenda = [
  { id: "i1", order: 1, title: "Báo cáo", kind: "report" },
  { id: "i2", order: 2, title: "Tờ trình", kind: "draft" },
];

export class Source extends EventTarget {
  static last: Source;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string; lastEventId: string }) => void) | null = null;
  constructor(readonly url: string) {
    super();
    Source.last = this;
  }
  close(): void {}
}

export type Screen = HTMLElement & { chosen: ChoiceCode | null; door: string; updateComplete: Promise<boolean> };
/** What the screen sent, and what it is answered. */
export const server: { fetched: [string, RequestInit][]; reply: () => Response } = { fetched: [], reply: () => new Response() };

beforeEach(() => {
  server.fetched = [];
  server.reply = () => new Response(JSON.stringify({ ok: true, choice: "yes", receipt: "r2", cast_at: "", changes: 0 }));
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    server.fetched.push([url, init]);
    return server.reply();
  });
  window.scrollTo = vi.fn() as never;
});

export async function open(tag: string, state: Record<string, unknown>, steps: Record<string, string> = urls, said = ""): Promise<Screen> {
  const page = { id: "e;hall=1;me=1", person: "n1", urls: steps, state: { sitting, item, me, agenda, ...state } };
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify(page)}</script>
    <dialog id="nt-confirm"><h2 data-part="title"></h2><p data-part="detail"></p><button data-part="yes" data-default="Đồng ý"></button></dialog>
    <div id="nt-messages">${said}</div><${tag} sitting="s1" slug="lao-cai" data-state-id="st"></${tag}>`;
  const screen = document.querySelector<Screen>(tag)!;
  await screen.updateComplete;
  return screen;
}

let seq = 1;
export async function told(screen: Screen, slice: string, data: unknown): Promise<void> {
  Source.last.onmessage!({ data: JSON.stringify({ type: "x", slice, data }), lastEventId: `e;hall=${(seq += 1)};me=1` });
  await screen.updateComplete;
}

export async function click(screen: Screen, selector: string): Promise<void> {
  screen.querySelector<HTMLButtonElement>(selector)!.click();
  await new Promise((done) => setTimeout(done));
  await screen.updateComplete;
}

export const body = (index: number): Record<string, unknown> => JSON.parse(server.fetched[index]![1].body as string);
