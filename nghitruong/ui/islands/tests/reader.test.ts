import { render } from "lit";
import { describe, expect, it, vi } from "vitest";
import type { Case, Paper } from "../device/store";
import { counted } from "../offline/paper";
import { accented, findAll, fold } from "../reader/fold";
import { later, Notes } from "../reader/notes";
import { foot } from "../reader/foot";
import { placeOf, wayTo } from "../reader/packet";
import type { Reader } from "../reader/reader";
import { MemoryQueue, type Waiting } from "../reader/queue";
import { join, joinText } from "../reader/reflow";
import { rove } from "../reader/rove";
import { sentences } from "../reader/speech";
import type { Answer, Note, PacketPages } from "../reader/types";

const told = vi.hoisted(() => [] as string[]);
vi.mock("../elements/page", () => ({ notify: (_level: string, text: string) => told.push(text), ask: async () => true }));

describe("fold", () => {
  it("keeps every place, as the server's does", () => {
    for (const text of ["Đỗ Quang Khải", "NGHỊ QUYẾT số 12", "ƯƠNG ưỡn", "İstanbul ﬁ ƀ", "e\u0301"]) {
      expect(fold(text).length).toBe(text.normalize("NFC").length);
    }
    expect(fold("Đất đai, Nghị quyết, Ưỡn")).toBe("dat dai, nghi quyet, uon");
  });

  it("finds with and without marks; marks that are typed are meant", () => {
    const text = "Đất đai; đạt mức.\nQuyền sử\ndụng đất";
    const found = (query: string): string[] => findAll(text, query).map(([start, end]) => text.slice(start, end));
    expect(found("dat")).toEqual(["Đất", "đạt", "đất"]);
    expect(found("ĐẤT")).toEqual(["Đất", "đất"]);
    expect(found("su dung dat")).toEqual(["sử\ndụng đất"]);
    expect(found("(a")).toEqual([]);
    expect(accented("dat")).toBe(false);
  });
});

/** A server with the rules of the real one, whose line can be cut, before or after it has written. */
class Server {
  rows = new Map<string, Note & { seq: number }>();
  seq = 0;
  writes = 0;
  down: "" | "before" | "after" = "";

  answer(since: number): Answer {
    const changes = [...this.rows.values()].filter((row) => row.seq > since);
    return { cursor: this.seq, since, changes: structuredClone(changes), shared: [] };
  }

  readonly fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    if (this.down === "before") throw new TypeError("offline");
    const body = init?.body ? (JSON.parse(String(init.body)) as { since: number; changes: Note[] }) : null;
    for (const change of body?.changes ?? []) {
      const known = this.rows.get(change.id);
      if (known && !later(change, known)) continue;
      this.writes += 1;
      this.rows.set(change.id, { ...change, shared: known?.shared ?? "", seq: (this.seq += 1) });
    }
    if (this.down === "after") throw new TypeError("answer lost");
    const since = body?.since ?? Number(/since=(\d+)/.exec(String(input))?.[1] ?? 0);
    return { ok: true, status: 200, type: "basic", json: () => Promise.resolve(this.answer(since)) } as Response;
  };

  tablet(): Notes {
    return new Notes({ url: "/notes/", export: "", bodies: [], first: this.answer(0) }, this.fetch as typeof fetch);
  }
}

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
const texts = (notes: Notes): string[] => notes.list().map((note) => note.text).sort();

describe("keys in a group", () => {
  const group = (role: string): HTMLElement => {
    document.body.innerHTML = `<div>${[0, 1, 2].map((n) => `<button role="${role}">${n}</button>`).join("")}</div>`;
    const made = document.querySelector("div")!;
    made.addEventListener("keydown", rove);
    return made;
  };

  it("move among its buttons, choose a radio button, and do not turn the page", () => {
    for (const [role, expected] of [["radio", "2,0,2"], ["tab", ""]] as const) {
      const buttons = [...group(role).querySelectorAll("button")];
      const chosen: string[] = [];
      for (const button of buttons) button.addEventListener("click", () => chosen.push(button.textContent));
      const turned: string[] = [];
      const turn = (event: KeyboardEvent): void => void turned.push(event.key);
      document.addEventListener("keydown", turn);
      buttons[0]!.focus();
      for (const key of ["ArrowLeft", "ArrowRight", "End", "x"]) {
        document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      }
      document.removeEventListener("keydown", turn);
      expect([document.activeElement, chosen.join(), turned]).toEqual([buttons[2], expected, ["x"]]);
    }
  });
});

describe("notes", () => {
  it("come to the other tablet, and what is removed goes there too", async () => {
    const server = new Server();
    const [a, b] = [server.tablet(), server.tablet()];
    await Promise.all([a.open("cuc", new MemoryQueue()), b.open("cuc", new MemoryQueue())]);
    const note = a.add("note", 1, { at: [0, 0] }, "Mức chi?");
    await settle();
    await b.sync();
    expect(texts(b)).toEqual(["Mức chi?"]);
    b.edit(note.id, "Mức chi bao nhiêu?");
    await settle();
    await a.sync();
    expect(texts(a)).toEqual(["Mức chi bao nhiêu?"]);
    a.remove(note.id);
    await settle();
    await b.sync();
    expect(texts(b)).toEqual([]);
    expect(a.saving).toBe("saved");
  });

  it("stay where they are while one of them is being written", async () => {
    const a = new Server().tablet();
    await a.open("cuc", new MemoryQueue());
    const [first] = [a.add("note", 3, { at: [0, 0] }, "một"), a.add("note", 3, { at: [0, 0] }, "hai")];
    a.add("note", 1, { at: [0, 0] }, "trang 1");
    a.edit(first!.id, "một, viết tiếp");
    await settle();
    expect(a.list().map((note) => note.text)).toEqual(["trang 1", "một, viết tiếp", "hai"]);
  });

  it("written without the network are sent later, once, also when an answer was lost", async () => {
    const server = new Server();
    const queue = new MemoryQueue();
    const a = server.tablet();
    await a.open("cuc", queue);
    server.down = "before";
    a.add("note", 1, { at: [0, 0] }, "một");
    a.add("note", 2, { at: [0, 0] }, "hai");
    await settle();
    expect([a.saving, a.count, server.rows.size]).toEqual(["waiting", 2, 0]);
    server.down = "after"; // written, and the answer lost
    await a.sync();
    expect([a.saving, a.count, server.rows.size]).toEqual(["waiting", 2, 2]);
    server.down = "";
    await a.sync();
    expect([a.saving, a.count, server.rows.size, server.writes]).toEqual(["saved", 0, 2, 2]);
    expect(await queue.all()).toEqual([]);
    a.stop();
  });

  it("left on the device when the page died are sent by the next page", async () => {
    const server = new Server();
    const queue = new MemoryQueue();
    server.down = "before";
    const dead = server.tablet();
    await dead.open("cuc", queue);
    dead.add("note", 3, { at: [0, 0] }, "còn lại");
    await settle();
    dead.stop();
    server.down = "";
    const next = server.tablet();
    await next.open("cuc", queue);
    expect(texts(next)).toEqual(["còn lại"]);
    await settle();
    expect([...server.rows.values()].map((row) => row.text)).toEqual(["còn lại"]);
    expect(await queue.all()).toEqual([]);
  });

  it("of a withdrawn paper are said to have nowhere to go, and stay until they are given up", async () => {
    const server = new Server();
    const queue = new MemoryQueue();
    await queue.put({ url: "/withdrawn/", note: { id: "x", kind: "note", page: 1, data: {}, text: "Mức chi?", clock: 1, device: "d", removed: false, shared: "" } });
    const fetch = async (input: unknown, init?: RequestInit): Promise<Response> =>
      String(input).startsWith("/withdrawn/") ? new Response("", { status: 404 }) : server.fetch(input, init);
    const notes = new Notes({ url: "/notes/", export: "", bodies: [], first: server.answer(0) }, fetch as typeof window.fetch);
    await notes.open("cuc", queue);
    await settle();
    expect([notes.saving, notes.count, notes.stranded.map((note) => note.text)]).toEqual(["gone", 0, ["Mức chi?"]]);
    notes.add("note", 1, { at: [0, 0] }, "Khác"); // the paper that is open keeps its notes all the same
    await settle();
    expect([notes.saving, server.rows.size, (await queue.all()).length]).toEqual(["gone", 1, 1]);
    await notes.discard();
    expect([notes.saving, await queue.all()]).toEqual(["saved", []]);
  });

  it("of two tablets that wrote apart the later clock stays on both", async () => {
    const server = new Server();
    const [a, b] = [server.tablet(), server.tablet()];
    await Promise.all([a.open("cuc", new MemoryQueue()), b.open("cuc", new MemoryQueue())]);
    const note = a.add("note", 1, { at: [0, 0] }, "gốc");
    await settle();
    await b.sync();
    server.down = "before";
    a.edit(note.id, "A");
    b.edit(note.id, "B");
    b.edit(note.id, "B sau");
    await settle();
    server.down = "";
    for (const tablet of [a, b, a]) await tablet.sync();
    expect([texts(a), texts(b)]).toEqual([["B sau"], ["B sau"]]);
    a.stop();
    b.stop();
  });

  it("a change made while the older one is on its way is not taken for confirmed", async () => {
    const queue = new MemoryQueue();
    const note = { id: "x", clock: 1, device: "a" } as Note;
    await queue.put({ url: "/", note: { ...note, clock: 2 } } satisfies Waiting);
    await queue.done(note);
    expect((await queue.all()).length).toBe(1);
  });
});

describe("running text", () => {
  const line = (text: string, top: number, right = 500): Parameters<typeof join>[0][number] => ({ left: 70, right, top, height: 14, text });

  it("joins the lines of a paragraph and leaves the page's number out", () => {
    const lines = [
      line("2", 40, 300),
      line("Điều 4. Mức chi", 100, 200),
      line("1. Hội đồng nhân dân tỉnh quyết định mức chi cho", 120),
      line("hoạt động giám sát.", 140, 220),
      line("a) Thành viên;", 160, 180),
    ];
    expect(join(lines, 842)).toEqual([
      "Điều 4. Mức chi",
      "1. Hội đồng nhân dân tỉnh quyết định mức chi cho hoạt động giám sát.",
      "a) Thành viên;",
    ]);
  });

  it("does so without a layout", () => {
    expect(joinText("Điều 1. Phạm vi\nNghị quyết này quy định mức chi cho các\nhoạt động.\n\n2\nHết")).toEqual([
      "Điều 1. Phạm vi",
      "Nghị quyết này quy định mức chi cho các hoạt động.",
      "Hết",
    ]);
  });

  it("is read aloud in short pieces", () => {
    const long = `${"Một câu vừa phải. ".repeat(20)}Hết`;
    expect(sentences(long).every((piece) => piece.length < 200)).toBe(true);
    expect(sentences(long).join(" ")).toBe(long.trim());
  });
});

describe("a page of the packet", () => {
  const packet: PacketPages = { first: 5, papers: [[2, 4, "/a/"], [5, 6, "/b/"], [9, 12, "/d/"]] };

  it("is a page of this paper, of another one, or nowhere this person may go", () => {
    expect(placeOf(packet, 6)).toBe(2);
    expect(placeOf(packet, 4)).toBe("/a/#trang=3");
    expect(placeOf(packet, 9)).toBe("/d/#trang=1");
    for (const nowhere of [0, 1, 7, 13, 5.5 + 1, NaN]) expect(placeOf(packet, nowhere)).toBe(null);
  });

  it("leads to the bound text when another text of the paper is open", () => {
    expect(placeOf({ ...packet, first: 0 }, 5)).toBe("/b/#trang=1");
  });

  it("is not taken for a page further down the same address", () => {
    const here = "https://hop.vn/x/b/?ban=1#trang=3";
    expect(wayTo("/x/a/?ban=2#trang=1", here, false)).toBe("go");
    expect(wayTo("/x/b/?ban=2#trang=1", here, false)).toBe("go");
    expect(wayTo("/x/b/?ban=1#trang=1", here, false)).toBe("again");
    expect(wayTo("/x/b/#trang=1", here, true)).toBe("absent");
    expect(wayTo("/x/a/#trang=1", here, true)).toBe("go");
  });

  it("is opened anew, or said to be of another text when there is no network", () => {
    const went: string[] = [];
    vi.stubGlobal("location", { href: "https://hop.vn/b/", assign: (url: string) => went.push(url), reload: () => went.push("anew") });
    const type = (offline: boolean, page: string): string => {
      const state = { offline, before: null, after: null, packet: { ...packet, first: 0 } };
      const host = document.createElement("div");
      render(foot({ state, page: 1, go: () => undefined, marking: { saving: () => "" } } as unknown as Reader), host);
      const field = host.querySelector("input")!;
      field.value = page;
      field.dispatchEvent(new Event("change"));
      return field.value;
    };
    type(false, "5");
    expect(went).toEqual(["/b/#trang=1", "anew"]);
    type(true, "9");
    expect(went.slice(2)).toEqual(["/d/#trang=1"]);
    expect(type(true, "6")).toBe("");
    expect(went.length).toBe(3);
    expect(told.at(-1)).toContain("Trang 6 của tập thuộc bản khác");
    vi.unstubAllGlobals();
  });

  it("is counted without network as the server counts", () => {
    const paper = (id: string, first: number, pages: number | null, last?: number): Paper => ({ id, url: `/${id}/`, first, pages, last, version: 1 }) as unknown as Paper;
    const of = { manifest: { papers: [paper("word", 1, 12, 1), paper("next", 2, 3, 4), paper("old", 5, 2), paper("gone", 0, 1, 0)] } } as unknown as Case;
    const pages = counted(of, of.manifest.papers[1]!);
    expect(pages).toEqual({ first: 2, papers: [[1, 1, "/word/"], [2, 4, "/next/"], [5, 6, "/old/"]] });
    expect(placeOf(pages, 3)).toBe(2);
  });
});
