// The service worker between a page and a server that is slow, silent or left.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const kept = vi.hoisted(() => ({ about: new Map<string, unknown>(), left: [] as string[], written: [] as unknown[] }));
vi.mock("../device/store", () => ({
  Store: { open: async (person: string) => ({ person, close: () => undefined }) },
  ownerAt: async (path: string) => kept.about.get(`owner of ${path.split("/")[1]}`),
  device: {
    get: async (key: string) => kept.about.get(key),
    put: async (key: string, value: unknown) => void kept.about.set(key, value),
    remove: async (key: string) => void kept.about.delete(key),
  },
  people: async () => [{ account: "a", person: "mine" }, { account: "b", person: "theirs" }],
  leave: async (gone: { person: string }[]) => void kept.left.push(...gone.map((one) => one.person)),
  wipe: async () => undefined,
  wipeAll: async () => undefined,
}));
vi.mock("../device/outbox", () => ({
  write: async (store: { person: string }, kind: string, url: string, fields: { text: string }) => void kept.written.push([store.person, kind, url, fields.text]),
}));

type Answer = (init?: RequestInit) => Promise<unknown>;
const handlers = new Map<string, (event: unknown) => void>();
const slow = (seconds: number, value: unknown): Answer => () => new Promise((done) => setTimeout(() => done(value), seconds * 1000));
const never: Answer = () => new Promise(() => undefined);
const down: Answer = () => Promise.reject(new TypeError("Failed to fetch"));
const aborted: Answer = (init) =>
  new Promise((_done, fail) => {
    if (init?.signal) setTimeout(() => fail(new DOMException("", "TimeoutError")), 2_000); // without one it hangs
  });
let answers: Record<string, Answer>;

async function open(path: string, method = "GET", form: Record<string, string> = {}): Promise<{ shown: unknown }> {
  const out: { shown: unknown } = { shown: undefined };
  const formData = async (): Promise<Map<string, string>> => new Map(Object.entries(form));
  const request = { url: `${location.origin}${path}`, method, mode: "navigate", clone: () => request, formData };
  handlers.get("fetch")!({ request, waitUntil: () => undefined, respondWith: (told: Promise<unknown>) => void told.then((value) => (out.shown = value)) });
  await vi.advanceTimersByTimeAsync(0);
  return out;
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  handlers.clear();
  kept.about.clear();
  kept.left.length = kept.written.length = 0;
  answers = {};
  Object.assign(self, { NT: { version: "1", page: "/trang/", files: [], logout: "/dang-xuat/", login: "/dang-nhap/", device: "/may/00000000-0000-0000-0000-000000000000/" } });
  vi.spyOn(self, "addEventListener").mockImplementation(((name: string, handler: (event: unknown) => void) => handlers.set(name, handler)) as never);
  vi.stubGlobal("caches", { open: async () => ({ match: async () => "không có mạng" }) });
  vi.stubGlobal("fetch", (asked: string | { url: string }, init?: RequestInit) => answers[typeof asked === "string" ? asked : new URL(asked.url).pathname]!(init));
  await import("../../worker/sw");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the worker", () => {
  it("does not let an unanswered question about the order hold a page up", async () => {
    kept.about.set("key", "k");
    answers = { "/may/k/": aborted, "/lao-cai/": slow(0, { type: "basic", ok: true }) };
    const page = await open("/lao-cai/");
    await vi.advanceTimersByTimeAsync(2_100);
    expect(page.shown).toMatchObject({ type: "basic" });
  });

  it("waits for a long export while the server is there", async () => {
    answers = { "/bang.xlsx": slow(25, { type: "basic", ok: true }), "/healthz": slow(0, { ok: true }) };
    const page = await open("/bang.xlsx");
    await vi.advanceTimersByTimeAsync(24_000);
    expect(page.shown).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(page.shown).toMatchObject({ type: "basic" });
  });

  it("shows the page without network when the server is silent altogether", async () => {
    answers = { "/lao-cai/": never, "/healthz": aborted };
    const page = await open("/lao-cai/");
    await vi.advanceTimersByTimeAsync(11_000);
    expect(page.shown).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(page.shown).toBe("không có mạng");
  });

  it("empties the account's part when a sign-out passes, and later when it cannot", async () => {
    kept.about.set("owner", { account: "a" });
    answers = { "/dang-xuat/": slow(0, { type: "basic", ok: false, status: 403 }) };
    await open("/dang-xuat/", "POST");
    await vi.advanceTimersByTimeAsync(10);
    expect(kept.left).toEqual([]); // refused: still signed in
    answers = { "/dang-xuat/": slow(0, { type: "opaqueredirect", ok: false }) };
    await open("/dang-xuat/", "POST");
    await vi.advanceTimersByTimeAsync(10);
    expect(kept.left).toEqual(["mine"]);
    answers = { "/dang-xuat/": down };
    const page = await open("/dang-xuat/", "POST");
    await vi.advanceTimersByTimeAsync(10);
    expect(page.shown).toBe("không có mạng");
    expect(kept.about.get("ended")).toBe(true);
  });

  it("keeps an opinion as written by the person of its own council", async () => {
    vi.stubGlobal("Response", { redirect: (to: string) => `tới ${to}` });
    kept.about.set("owner", { account: "a", person: "of-province", slug: "tinh" });
    kept.about.set("owner of xa", { account: "a", person: "of-commune", slug: "xa" });
    const path = "/xa/tai-lieu/00000000-0000-0000-0000-000000000001/gop-y/";
    answers = { [path]: down };
    const page = await open(`${path}?dieu=2`, "POST", { text: "Đề nghị bỏ khoản 2.", nonce: "n1" });
    await vi.advanceTimersByTimeAsync(10);
    expect(page.shown).toBe(`tới ${path}`);
    expect(kept.written).toEqual([["of-commune", "opinion", `${path}?dieu=2`, "Đề nghị bỏ khoản 2."]]);
  });

  describe("a sign-out made without network", () => {
    const told = (get: unknown, post: unknown = null): void => {
      answers = {
        "/dang-xuat/": (init) => Promise.resolve(init?.method === "POST" ? post : get),
        "/lao-cai/": slow(0, { type: "basic", ok: true }),
      };
    };
    const page = (status: number, text = ""): unknown => ({ type: "basic", ok: status < 400, status, redirected: false, text: async () => text });
    const form = '<meta name="csrf-token" content="abc">';
    const visit = async (): Promise<unknown> => {
      const visited = await open("/lao-cai/");
      await vi.advanceTimersByTimeAsync(10);
      return visited.shown;
    };

    beforeEach(() => {
      kept.about.set("ended", true);
      vi.stubGlobal("Response", { redirect: (to: string) => `tới ${to}`, error: () => "lỗi" });
    });

    it.each([
      ["an error page in front of the server", page(502, "<h1>Bad gateway</h1>"), null],
      ["the server's own error page", page(503, '<meta name="csrf-token" content="">'), null],
      ["a refusal of the sign-out", page(200, form), page(403)],
      ["an error at the sign-out itself", page(200, form), page(500)],
    ])("is not forgotten for %s, and nothing of the last person is shown", async (_what, get, post) => {
      told(get, post);
      expect(await visit()).toBe("không có mạng");
      expect(kept.about.get("ended")).toBe(true);
      told(page(200, form), { type: "opaqueredirect", ok: false, status: 0 });
      expect(await visit()).toBe("tới /dang-nhap/");
      expect(kept.about.has("ended")).toBe(false);
    });

    it("is over when the server leads away from the page of signing out", async () => {
      told({ ...(page(200, "<form>") as object), redirected: true });
      expect(await visit()).toBe("tới /dang-nhap/");
      expect(kept.about.has("ended")).toBe(false);
    });
  });

  it("carries an order out and keeps in mind a sign-out that did not pass", async () => {
    kept.about.set("key", "k");
    vi.stubGlobal("Response", { redirect: (to: string) => `tới ${to}` });
    const posted: string[] = [];
    answers = {
      "/may/k/": (init) => {
        if (init?.method === "POST") posted.push("k");
        return Promise.resolve({ ok: true, json: async () => ({ wipe: true }) });
      },
      "/dang-xuat/": slow(0, { type: "basic", ok: false, status: 502, redirected: false, text: async () => "" }),
    };
    const page = await open("/lao-cai/");
    await vi.advanceTimersByTimeAsync(10);
    expect([page.shown, posted, kept.about.get("ended")]).toEqual(["tới /dang-nhap/", ["k"], true]);
  });
});
