import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keep, signOut, tell, welcome } from "../device/keeper";
import { flush, outgoing } from "../device/outbox";
import { device, ownerAt, people, PIECE, settle, Store, type Case, type Outgoing, type Owner, type OwnNotes, type Paper } from "../device/store";
import { Taker } from "../device/take";
import { Shelf } from "../device/shelf";
import { Place } from "../reader/place";
import { age, megabytes, untilEnd } from "../device/words";

vi.mock("htmx.org", () => ({ default: { config: {} } })); // not for this test, and its engine is missing here

/** As much of IndexedDB as the device's store asks for, in memory. */
class Database {
  readonly rows = new Map<string, Map<string, unknown>>();
  private static readonly paths: Record<string, string> = { cases: "number", files: "sha256", outbox: "nonce", texts: "version", notes: "version" };

  transaction(name: string): unknown {
    const rows = this.rows.get(name) ?? this.rows.set(name, new Map()).get(name)!;
    const path = Database.paths[name];
    const hit = (key: unknown): string[] =>
      key instanceof Object && "lower" in key
        ? [...rows.keys()].filter((one) => one.startsWith(JSON.stringify((key.lower as string[])[0]).slice(0, -1), 1))
        : [JSON.stringify(key)];
    const asked = (result: unknown): unknown => {
      const request: { result: unknown; onsuccess?: () => void } = { result };
      queueMicrotask(() => request.onsuccess?.());
      return request;
    };
    const store = {
      get: (key: unknown) => asked(rows.get(JSON.stringify(key))),
      getAll: () => asked([...rows.values()]),
      getAllKeys: (range?: unknown) => asked((range ? hit(range) : [...rows.keys()]).filter((key) => rows.has(key)).map((key) => JSON.parse(key) as unknown)),
      put: (value: Record<string, unknown>, key?: unknown) => asked(rows.set(JSON.stringify(key ?? value[path!]), structuredClone(value))),
      delete: (key: unknown) => asked(hit(key).forEach((one) => rows.delete(one))),
      clear: () => asked(rows.clear()),
    };
    const transaction: { objectStore: () => unknown; oncomplete?: () => void } = { objectStore: () => store };
    setTimeout(() => transaction.oncomplete?.());
    return transaction;
  }

  close(): void {}
}

/** The browser's databases by name: those of the people and the device's own. */
function databases(): Map<string, Database> {
  const all = new Map<string, Database>();
  const answer = (result: unknown): unknown => {
    const request: { result: unknown; onsuccess?: () => void } = { result };
    queueMicrotask(() => request.onsuccess?.());
    return request;
  };
  vi.stubGlobal("indexedDB", {
    open: (name: string) => answer(all.get(name) ?? all.set(name, new Database()).get(name)),
    deleteDatabase: (name: string) => answer(all.delete(name)),
  });
  return all;
}

const onDevice = (): Store => new (Store as unknown as new (person: string, database: Database) => Store)("p1", new Database());
const answered = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

describe("what lies on the device, in words", () => {
  it("writes times in Vietnamese time, whatever the device is set to", () => {
    expect(age("2026-11-22T01:05:00Z", new Date("2026-11-22T16:59:00Z"))).toBe("lúc 08:05 hôm nay");
    expect(age("2026-11-22T01:05:00Z", new Date("2026-11-22T17:01:00Z"))).toBe("lúc 08:05 ngày 22/11/2026");
  });

  it("writes sizes with a comma", () => {
    expect(megabytes(5_432_100)).toBe("5,4 MB");
    expect(megabytes(214_000_000)).toBe("214 MB");
  });

  it("lets a request to speak live as long as its sitting", () => {
    const sitting = { starts: "2026-12-08T01:00:00Z", ends: "2026-12-08T04:30:00Z" };
    expect(untilEnd(sitting, new Date("2026-12-08T02:00:00Z"))).toBe(sitting.ends);
    // It runs over, or nobody planned an end: to the end of that day, and no longer.
    expect(untilEnd(sitting, new Date("2026-12-08T05:00:00Z"))).toBe("2026-12-08T23:59:59+07:00");
    expect(untilEnd({ ...sitting, ends: "" }, new Date("2026-12-08T18:00:00Z"))).toBe("2026-12-09T23:59:59+07:00");
  });
});

describe("what the device does with the server's answers", () => {
  beforeEach(() => vi.stubGlobal("IDBKeyRange", { bound: (lower: unknown, upper: unknown) => ({ lower, upper }) }));
  afterEach(() => void vi.unstubAllGlobals());

  const paper = (version: number, sha256: string): Paper =>
    ({ id: "a", withdrawn: "", version, version_id: `v${version}`, file: { url: "/f", sha256, size: 10, type: "pdf" }, text: { url: "/t", tag: "" } }) as unknown as Paper;

  async function after(kept: Paper, now: Paper): Promise<Store> {
    const store = onDevice();
    await store.put("files", { ...kept.file, complete: true });
    await store.put("cases", { number: 3, manifest: { papers: [kept] }, etag: "e", done: "", asked: "", cursor: 0, news: 0, old: {} } as unknown as Case);
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(answered({ papers: [now] }))));
    const taker = new Taker(store, 3, { url: "/m", notes: "/n" });
    await taker.open();
    await taker.look();
    return store;
  }

  it("keeps the text it has while a newer one is not here yet", async () => {
    const store = await after(paper(1, "one"), paper(2, "two"));
    expect((await store.cases())[0]!.old["a"]?.version).toBe(1);
    expect(await store.complete("one")).toBe(true);
  });

  it("keeps the text it has when bringing the newer one is stopped half-way, and does not call that whole", async () => {
    const store = await after(paper(1, "one"), paper(2, "two"));
    await store.put("cases", { ...(await store.cases())[0]!, done: "2026-12-07T01:00:00Z" });
    const newer = { ...paper(2, "two"), file: { ...paper(2, "two").file, size: PIECE + 10 } };
    const taker = new Taker(store, 3, { url: "/m", notes: "/n" });
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      if (url === "/m") return Promise.resolve(answered({ papers: [newer] }));
      asked.push(url);
      taker.stop();
      return Promise.resolve(new Response(new Uint8Array(PIECE), { status: 206, headers: { ETag: '"two"' } }));
    });
    await taker.open();
    await taker.take();
    expect(asked).toEqual(["/f"]);
    expect([taker.phase, taker.problem]).toEqual(["stopped", expect.stringContaining("Đã dừng theo ý quý vị")]);
    for (const again of [false, true]) {
      if (again) await taker.look();
      const kept = (await store.cases())[0]!;
      expect([kept.old["a"]?.version, kept.news]).toEqual([1, 1]);
      expect([await store.complete("one"), await store.complete("two")]).toEqual([true, false]);
    }
    expect(await store.piecesOf("two")).toEqual(new Set([0]));
  });

  it("lets go at once of a text the server hides again", async () => {
    const store = await after(paper(2, "two"), paper(1, "one"));
    expect((await store.cases())[0]!.old).toEqual({});
    expect(await store.complete("two")).toBe(false);
  });

  it("brings what was written on a paper before it was sent, and does not ask for everything each time", async () => {
    const store = onDevice();
    const about = (id: string): Paper =>
      ({ id, withdrawn: "", version: 1, version_id: id, notes: `/${id}/`, file: { url: "/f", sha256: id, size: 0, type: "pdf" }, text: { url: "/t", tag: "t" } }) as unknown as Paper;
    const note = (id: string, clock: number): object => ({ id, kind: "note", page: 1, data: {}, text: id, clock, device: "d", removed: false, shared: "" });
    const here = async (id: string): Promise<void> => {
      await store.put("files", { ...about(id).file, complete: true });
      await store.put("texts", { version: id, tag: "t", pages: [], places: [] });
    };
    let papers = ["a"];
    const own: Record<string, [number, string][]> = { a: [[5, "old"]], b: [[3, "before"], [4, "gone"]] }; // by order of writing
    const asked: number[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      if (url === "/m") return Promise.resolve(answered({ papers: papers.map(about) }));
      const since = Number(/since=(\d+)/.exec(url)![1]);
      asked.push(since);
      const changes = Object.fromEntries(papers.map((id) => [id, own[id]!.filter(([seq]) => seq > since).map(([seq, name]) => note(name, seq))]));
      return Promise.resolve(answered({ cursor: 9, since, changes, shared: {} }));
    });
    const taker = new Taker(store, 3, { url: "/m", notes: "/n" });
    const held = async (id: string): Promise<string[]> => (await store.get<OwnNotes>("notes", id))!.changes.map((one) => one.id).sort();
    await here("a");
    await taker.open();
    await taker.take();
    await here("b");
    await store.put("waiting", { url: "/a/", note: note("unsent", 1) }, "unsent");
    await store.put("waiting", { url: "/other/", note: note("elsewhere", 1) }, "elsewhere");
    papers = ["a", "b"];
    own["b"]!.pop();
    await store.put("notes", { version: "b", cursor: 0, changes: [note("gone", 4)], shared: [] }); // kept by its page
    await taker.take();
    expect([await held("a"), await held("b")]).toEqual([["old", "unsent"], ["before"]]);
    await taker.take();
    expect(asked).toEqual([0, 0, 9]);
    expect([await held("a"), await held("b")]).toEqual([["old", "unsent"], ["before"]]);
  });

  it("sends notes that wait when there is a network, whatever page is open", async () => {
    const store = onDevice();
    const note = (id: string): object => ({ id, kind: "note", page: 1, data: {}, text: id, clock: 1, device: "d", removed: false, shared: "" });
    for (const [id, url] of [["kept", "/a/"], ["refused", "/a/"], ["gone", "/b/"]] as const) await store.put("waiting", { url, note: note(id) }, id);
    const sent: string[] = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      if (url.endsWith("/cap-tai-lieu/")) return Promise.resolve(answered({ person: "p1", csrf: "token", version: "", wipe: false }));
      expect(new Headers(init.headers).get("X-CSRFToken")).toBe("token");
      sent.push(...(JSON.parse(init.body as string) as { changes: { id: string }[] }).changes.map((one) => one.id));
      return Promise.resolve(url === "/b/" ? answered({}, 404) : answered({ cursor: 1, since: 0, changes: [], shared: [], refused: [{ id: "refused", code: "x", message: "Quá dài." }] }));
    });
    await flush(store, { account: "a1", person: "p1", slug: "x", name: "Cúc" } satisfies Owner);
    expect(sent).toEqual(["kept", "refused", "gone"]);
    expect(await store.keys("waiting")).toEqual(["refused", "gone"]); // the reader says why
  });

  it("goes on with what was written later when the server fails at one, and tries that one again", async () => {
    const store = onDevice();
    for (const [n, url] of ["/fails/", "/works/"].entries())
      await store.put("outbox", { nonce: url, kind: "opinion", url, fields: {}, label: url, made: `2026-12-08T01:0${n}:00Z`, until: "", state: "waiting", answer: "" });
    let failing = true;
    vi.stubGlobal("fetch", (url: string) => {
      if (url.endsWith("/cap-tai-lieu/")) return Promise.resolve(answered({ person: "p1", csrf: "token", version: "", wipe: false }));
      return Promise.resolve(url === "/fails/" && failing ? answered({}, 500) : answered({ message: "Đã nhận." }));
    });
    const owner = { account: "a1", person: "p1", slug: "x", name: "Cúc" } satisfies Owner;
    await flush(store, owner);
    expect((await outgoing(store)).map((one) => one.state)).toEqual(["waiting", "sent"]);
    expect((await outgoing(store))[0]!.answer).toContain("thử lại");
    failing = false;
    await flush(store, owner);
    expect((await outgoing(store)).map((one) => [one.state, one.answer])).toEqual([["sent", "Đã nhận."], ["sent", "Đã nhận."]]);
  });
});

describe("one account in two councils", () => {
  const commune = { account: "a1", person: "p1", slug: "xa", name: "Cúc" } satisfies Owner;
  const province = { account: "a1", person: "p2", slug: "tinh", name: "Cúc" } satisfies Owner;
  const row = (n: number, url: string): Outgoing =>
    ({ nonce: url, kind: "opinion", url, fields: { text: "Lời" }, label: url, made: `2026-12-08T01:0${n}:00Z`, until: "", state: "waiting", answer: "" });
  let signedIn = "p2";
  beforeEach(() => {
    databases();
    signedIn = "p2";
    vi.stubGlobal("fetch", (url: string) => {
      if (url.endsWith("/cap-tai-lieu/")) return Promise.resolve(signedIn === "p2" ? answered({ person: "p2", csrf: "token", version: "", wipe: false }) : answered({ code: "another_person" }, 403));
      if (url.startsWith("/xa/") || signedIn !== "p2") return Promise.resolve(answered({ code: "another_person", message: "Máy này vừa đăng nhập bằng tài khoản khác." }, 403));
      return Promise.resolve(answered({ message: "Đã nhận." }));
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("writes on each council's pages as the person of that council", async () => {
    await settle({ ...commune, account: "a2", person: "p9" }); // somebody else's
    await settle(commune);
    await settle(province);
    expect([await ownerAt("/xa/tai-lieu/1/gop-y/"), await ownerAt("/tinh/"), await ownerAt("/")].map((one) => one?.person)).toEqual(["p1", "p2", "p2"]);
  });

  it("is told of what was filed under the wrong one, and sends what was written after it", async () => {
    const store = await Store.open("p2");
    await store.put("outbox", row(1, "/xa/gop-y/"));
    await store.put("outbox", row(2, "/tinh/gop-y/"));
    await flush(store, province);
    const [wrong, right] = await outgoing(store);
    expect([wrong!.state, wrong!.fields["text"], right!.state]).toEqual(["refused", "Lời", "sent"]);
    expect(wrong!.answer).toContain("Hội đồng khác");
  });

  it("keeps all waiting when somebody else signs in between", async () => {
    const store = await Store.open("p2");
    await store.put("outbox", row(1, "/tinh/gop-y/"));
    const first = fetch;
    vi.stubGlobal("fetch", async (url: string) => {
      const answer = await first(url);
      signedIn = "p3";
      return answer;
    });
    await expect(flush(store, province)).rejects.toThrow();
    expect((await outgoing(store))[0]!.state).toBe("waiting");
  });
});

describe("the place in a paper", () => {
  const at = (page: number) => ({ page, zoom: 1, layout: "" as const });
  const waiting = async (store: Store): Promise<unknown[]> => (await store.all<Outgoing>("outbox")).map((one) => one.fields["page"]);
  const onShelf = (store: Store): Shelf =>
    new (Shelf as unknown as new (store: Store, paper: unknown, of: unknown) => Shelf)(store, { version_id: "v1", remember: "/nho/", title: "Báo cáo" }, {});
  afterEach(() => {
    document.head.innerHTML = "";
    vi.unstubAllGlobals();
  });

  it("that waited to be sent is forgotten when the server knows a later one", async () => {
    const store = onDevice();
    const shelf = onShelf(store);
    await shelf.keepPlace(at(10), true);
    expect(await waiting(store)).toEqual(["10"]);
    await shelf.keepPlace(at(60), false);
    expect(await waiting(store)).toEqual([]);
    expect(await shelf.place()).toEqual(at(60));
  });

  it("is not turned back by an answer that comes late", async () => {
    document.head.innerHTML = '<meta name="csrf-token" content="token" />';
    const store = onDevice();
    const answers: [(told: Response) => void, (error: Error) => void][] = [];
    vi.stubGlobal("fetch", () => new Promise<Response>((done, fail) => answers.push([done, fail])));
    const reader = { layout: "", page: 10, pages: { zoom: 1 }, shelf: onShelf(store), state: { person: "p1", remember: "/nho/" } };
    const place = new Place(reader as never);
    const first = place.remember();
    reader.page = 60;
    const second = place.remember();
    answers[1]![0](answered({}));
    await second;
    answers[0]![1](new TypeError("Failed to fetch"));
    await first;
    await new Promise((done) => setTimeout(done, 20));
    expect(await waiting(store)).toEqual([]);
    expect(await store.get("places", "v1")).toEqual(at(60));
  });
});

describe("a right to read that has ended", () => {
  const delegate = { account: "a1", person: "p1", slug: "xa", name: "Cúc" } satisfies Owner;
  const elsewhere = { account: "a1", person: "p2", slug: "tinh", name: "Cúc" } satisfies Owner;
  const brought = { number: 3, manifest: { keep_until: "2999-01-01", council: { slug: "xa", name: "HĐND xã" }, papers: [{ id: "a", withdrawn: "", version_id: "v1", file: { url: "/f", sha256: "one", size: 10 } }] }, etag: "e", old: {} };

  beforeEach(async () => {
    databases();
    vi.stubGlobal("IDBKeyRange", { bound: (lower: unknown, upper: unknown) => ({ lower, upper }) });
    document.body.innerHTML = '<div id="nt-messages"></div>';
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => {
      const person = new Headers(init?.headers).get("X-Person");
      if (url.endsWith("/cap-tai-lieu/")) return Promise.resolve(answered({ person, csrf: "token", version: "", wipe: false }));
      if (url === "/xa/ky-hop/3/cap-tai-lieu.json") return Promise.resolve(answered({ code: "briefcase_readers", message: "Cặp tài liệu dành cho đại biểu." }, 403));
      return Promise.resolve(answered({ message: "Đã nhận." }));
    });
    await settle(delegate);
    const store = await Store.open("p1");
    await store.put("cases", brought);
    await store.put("files", { sha256: "one", size: 10, complete: true });
    await store.put("texts", { version: "v1", tag: "t", pages: ["chữ"], places: [] });
    await store.put("waiting", { url: "/kept/", note: { id: "n" } }, "n");
  });
  afterEach(() => {
    document.body.innerHTML = "";
    vi.unstubAllGlobals();
  });
  const left = async (): Promise<unknown[]> => {
    const store = await Store.open("p1");
    return [await store.cases(), await store.keys("files"), await store.keys("texts")];
  };

  it("takes the papers off the device, says so, and sends what was written", async () => {
    const store = await Store.open("p1");
    await store.put("outbox", { nonce: "n1", kind: "opinion", url: "/gop-y/", fields: { text: "Lời" }, label: "Ý kiến", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" });
    await keep(delegate);
    expect(await left()).toEqual([[], [], []]);
    const told = document.getElementById("nt-messages")!.textContent;
    expect(told).toContain("HĐND xã: quý vị không còn quyền đọc");
    expect(told).toContain("Đã nhận.");
  });

  it("is learned on the pages of the account's other council too", async () => {
    const store = await Store.open("p1");
    await store.put("outbox", { nonce: "n2", kind: "opinion", url: "/xa/gop-y/", fields: { text: "Lời" }, label: "Ý kiến", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" });
    await settle(elsewhere);
    await keep(elsewhere);
    expect(await left()).toEqual([[], [], []]);
    expect(await outgoing(await Store.open("p1"))).toEqual([]);
    expect(document.getElementById("nt-messages")!.textContent).toContain("Đã nhận.");
  });
});

describe("an opinion that the server did not take", () => {
  const A = { account: "a1", person: "p1", slug: "x", name: "Cúc" } satisfies Owner;
  const B = { account: "a2", person: "p2", slug: "x", name: "Dũng" } satisfies Owner;
  const TEXT = "Điều 3 cần nói rõ nguồn vốn.\nĐề nghị bỏ khoản 2.";
  const row: Outgoing = {
    nonce: "n1", kind: "opinion", url: "/gop-y/", fields: { text: TEXT }, label: "Ý kiến về Điều 3", made: "2026-12-08T01:00:00Z",
    until: "", state: "refused", answer: "Tài liệu đã rút.",
  };
  let all: Map<string, Database>;

  beforeEach(async () => {
    all = databases();
    document.body.innerHTML = '<div id="nt-messages"></div><main></main>';
    await settle(A);
    const store = await Store.open(A.person);
    await store.put("outbox", row);
    await store.put("cases", { number: 3, manifest: { papers: [] } });
  });
  afterEach(() => {
    document.body.innerHTML = "";
    vi.unstubAllGlobals();
  });
  const held = async (): Promise<Outgoing[]> => (all.has("nt-person-p1") ? outgoing(await Store.open("p1")) : []);

  it("stays for its author on a shared tablet when another signs in; the papers go", async () => {
    await welcome(B);
    expect(await held()).toEqual([row]);
    expect(await (await Store.open("p1")).cases()).toEqual([]);
    expect((await people()).map((one) => one.person)).toEqual(["p1", "p2"]);
    expect((await device.get<Owner>("owner"))?.person).toBe("p2");
    // What was seen holds nothing back.
    await (await Store.open("p1")).remove("outbox", "n1");
    await welcome(B);
    expect(all.has("nt-person-p1")).toBe(false);
  });

  it("is asked about before a sign-out, in words that do not promise to send it", async () => {
    document.body.insertAdjacentHTML(
      "beforeend",
      '<dialog id="nt-confirm"><h2 data-part="title"></h2><p data-part="detail"></p><button data-part="yes" data-default="Đồng ý"></button></dialog>',
    );
    const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
    vi.stubGlobal("fetch", () => Promise.reject(new Error("no network")));
    const answering = async (answer: string): Promise<boolean> => {
      const going = signOut();
      await vi.waitFor(() => expect(dialog.open).toBe(true));
      expect(dialog.textContent).toContain("máy chủ không nhận");
      expect(dialog.textContent).not.toContain("chúng sẽ tự gửi");
      dialog.close(answer);
      return going;
    };
    expect(await answering("no")).toBe(false);
    expect(await held()).toEqual([row]);
    expect(await answering("yes")).toBe(true);
    expect(all.has("nt-person-p1")).toBe(false);
  });

  it("is told with its words, which can be copied, until its author has seen it", async () => {
    const copied: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void copied.push(text) } });
    const store = await Store.open("p1");
    await tell(store);
    const box = document.querySelector<HTMLElement>("[data-outgoing]")!;
    expect(box.textContent).toContain("Tài liệu đã rút.");
    expect(box.querySelector("[data-words]")!.textContent).toBe(TEXT);
    box.querySelector<HTMLButtonElement>('[data-act="copy"]')!.click();
    await vi.waitFor(() => expect(copied).toEqual([TEXT]));
    box.querySelector<HTMLButtonElement>(".nt-message-close")!.click(); // clears the page only
    expect(await held()).toEqual([row]);
    box.querySelector<HTMLButtonElement>('[data-act="seen"]')!.click();
    await vi.waitFor(async () => expect(await held()).toEqual([]));
  });

  it("shows its words on the page without network", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new Error("no network")));
    await import("../offline");
    const page = document.createElement("nt-offline");
    document.querySelector("main")!.append(page);
    await vi.waitFor(() => expect(page.querySelector('[data-outgoing-state="refused"] [data-words]')?.textContent).toBe(TEXT));
    expect(page.querySelector('[data-outgoing-state="refused"]')!.textContent).toContain("Chép lời");
  });
});
