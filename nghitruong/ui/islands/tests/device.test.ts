// What lies on the device, and what it does with the server's answers.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answered, databases, onDevice } from "./devices";
import { flush, outgoing, seen } from "../device/outbox";
import { ownerAt, PIECE, settle, Store, type Case, type Outgoing, type Owner, type OwnNotes, type Paper } from "../device/store";
import { Taker } from "../device/take";
import { Shelf } from "../device/shelf";
import { Place } from "../reader/place";
import { age, megabytes, untilEnd } from "../device/words";

vi.mock("htmx.org", () => ({ default: { config: {} } })); // not for this test, and its engine is missing here

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

  it("takes its word back when the paper opens again and the notes arrive", async () => {
    const store = onDevice();
    const note = { id: "n", kind: "note", page: 2, data: {}, text: "Hỏi lại", clock: 1, device: "d", removed: false, shared: "" };
    await store.put("waiting", { url: "/b/", note }, "n");
    let opens = false;
    vi.stubGlobal("fetch", (url: string) => {
      if (url.endsWith("/cap-tai-lieu/")) return Promise.resolve(answered({ person: "p1", csrf: "token", version: "", wipe: false }));
      return Promise.resolve(opens ? answered({ cursor: 1, since: 0, changes: [], shared: [], refused: [] }) : answered({}, 404));
    });
    const owner = { account: "a1", person: "p1", slug: "x", name: "Cúc" } satisfies Owner;
    await flush(store, owner);
    await flush(store, owner);
    expect((await outgoing(store)).map((one) => one.state)).toEqual(["refused"]);
    opens = true;
    await flush(store, owner);
    expect([await store.keys("waiting"), await outgoing(store)]).toEqual([[], []]);
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
    // Of what was refused the reader says why; a paper that opens no more tells its words, to be copied.
    expect(await store.keys("waiting")).toEqual(["refused", "gone"]);
    const [told] = await outgoing(store);
    expect(told).toMatchObject({ kind: "note", state: "refused", fields: { text: "Trang 1: gone" } });
    await seen(store, told!);
    expect([await store.keys("waiting"), await outgoing(store)]).toEqual([["refused"], []]);
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
