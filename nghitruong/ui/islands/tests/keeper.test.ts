// Whose device it is, and what became of what was written without network.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answered, type Database, databases } from "./devices";
import { keep, signOut, tell, welcome } from "../device/keeper";
import { outgoing } from "../device/outbox";
import { device, people, settle, Store, type Outgoing, type Owner } from "../device/store";

vi.mock("htmx.org", () => ({ default: { config: {} } })); // not for this test, and its engine is missing here

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
      // What is of papers opens no more: the opinions on them, the notes in them.
      if (/gop-y|ghi-chu/.test(url)) return Promise.resolve(answered({}, 404));
      return Promise.resolve(answered({ message: "Đã nhận." }));
    });
    await settle(delegate);
    const store = await Store.open("p1");
    await store.put("cases", brought);
    await store.put("files", { sha256: "one", size: 10, complete: true });
    await store.put("texts", { version: "v1", tag: "t", pages: ["chữ"], places: [] });
    await store.put("waiting", { url: "/xa/ghi-chu/", note: { id: "n", page: 4, text: "Hỏi nguồn vốn", clock: 1, removed: false } }, "n");
    await store.put("waiting", { url: "/xa/ghi-chu/", note: { id: "m", page: 5, text: "", clock: 1, removed: false } }, "m");
  });
  afterEach(() => {
    document.body.innerHTML = "";
    vi.unstubAllGlobals();
  });
  const left = async (): Promise<unknown[]> => {
    const store = await Store.open("p1");
    return [await store.cases(), await store.keys("files"), await store.keys("texts")];
  };

  it("takes the papers off the device, says so, and gives back the words that have no place any more", async () => {
    const store = await Store.open("p1");
    await store.put("outbox", { nonce: "n1", kind: "opinion", url: "/gop-y/", fields: { text: "Lời" }, label: "Ý kiến", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" });
    await keep(delegate);
    expect(await left()).toEqual([[], [], []]);
    const told = document.getElementById("nt-messages")!.textContent;
    expect(told).toContain("HĐND xã: quý vị không còn quyền đọc");
    expect(told).toContain("Không gửi được: Ý kiến");
    const words = [...document.querySelectorAll("[data-words]")].map((one) => one.textContent);
    expect(words.sort()).toEqual(["Lời", "Trang 4: Hỏi nguồn vốn"]);
    expect(await store.keys("waiting")).toEqual(["n", "m"]); // until they were seen: the paper may open again
    for (const seen of document.querySelectorAll<HTMLElement>('[data-act="seen"]')) seen.click();
    await vi.waitFor(async () => expect(await store.keys("waiting")).toEqual(["m"]));
  });

  it("is learned on the pages of the account's other council too", async () => {
    const store = await Store.open("p1");
    await store.put("outbox", { nonce: "n2", kind: "opinion", url: "/xa/gop-y/", fields: { text: "Lời" }, label: "Ý kiến", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" });
    await settle(elsewhere);
    await store.put("outbox", { nonce: "n3", kind: "opinion", url: "/xa/y-kien/", fields: { text: "Lời" }, label: "Lời khác", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" });
    await keep(elsewhere);
    expect(await left()).toEqual([[], [], []]);
    const told = document.getElementById("nt-messages")!;
    expect(told.textContent).toContain("Đã nhận.");
    // «Đã xem» works there too, although that council's part of the device was closed again.
    for (const seen of told.querySelectorAll<HTMLElement>('[data-act="seen"]')) seen.click();
    await vi.waitFor(async () => expect(await outgoing(await Store.open("p1"))).toEqual([]));
  });

  it("does not take the hall's ticket from under the votes of another sitting", async () => {
    const store = await Store.open("p1");
    const asking = { nonce: "n4", kind: "ask", url: "/live/xa/ask", fields: { sitting: "s1", item: "i", kind: "speech", hall: "/xa/hop/" }, label: "Đăng ký", made: "2026-12-08T01:00:00Z", until: "", state: "waiting", answer: "" };
    await store.put("outbox", asking);
    await settle(elsewhere);
    document.body.insertAdjacentHTML("beforeend", '<nt-hall sitting="s2"></nt-hall>');
    await keep(elsewhere);
    expect((await outgoing(store)).map((one) => one.nonce)).toContain("n4");
    document.querySelector("nt-hall")!.remove();
    await keep(elsewhere);
    expect((await outgoing(store)).map((one) => one.nonce)).not.toContain("n4");
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
