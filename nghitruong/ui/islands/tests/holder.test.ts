// Signing out of a device that holds something, from the page's first moment; and who is of no council any more.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const told = vi.hoisted(() => ({ signOut: true, left: [] as string[], order: [] as string[] }));
vi.mock("htmx.org", () => ({ default: { config: {} } })); // not for this test, and its engine is missing here
vi.mock("../device/store", async (original) => ({
  ...(await original<object>()),
  leave: async (gone: { person: string }[]) => void told.left.push(...gone.map((one) => one.person)),
}));
vi.mock("../device/keeper", async (original) => ({
  ...(await original<object>()),
  keep: async () => undefined,
  signOut: async () => {
    told.order.push("emptied");
    return told.signOut;
  },
}));

describe("a sign-out", () => {
  beforeEach(async () => {
    vi.resetModules();
    told.signOut = true;
    told.order = [];
    Object.defineProperty(window, "isSecureContext", { value: true, configurable: true });
    const subscription = { unsubscribe: async () => void told.order.push("unsubscribed") };
    const worker = { pushManager: { getSubscription: async () => subscription } };
    Object.defineProperty(navigator, "serviceWorker", { value: { getRegistrations: async () => [worker] }, configurable: true });
    localStorage.setItem("nt_case", "1");
    document.body.innerHTML = '<form method="post" action="/dang-xuat/"><input name="action"><button>Đăng xuất</button></form>';
  });

  afterEach(() => {
    localStorage.clear();
  });

  it("is held back at once, empties the device, ends its notices, then goes on", async () => {
    const { watchSignOut } = await import("../lib/holder");
    const { installPage } = await import("../elements/page");
    watchSignOut(); // as keepDevice does first, before the page's own listener
    installPage();
    const form = document.querySelector("form")!;
    let passed = 0;
    form.addEventListener("submit", (event) => {
      passed += event.defaultPrevented ? 0 : 1;
      event.preventDefault();
    });
    form.requestSubmit(); // before anything that is loaded later has come
    expect([passed, told.order]).toEqual([0, []]);
    await vi.waitFor(() => expect(passed).toBe(1));
    expect(told.order).toEqual(["emptied", "unsubscribed"]);
  });

  it("does not go on when the person stays for what is not sent", async () => {
    told.signOut = false;
    const { watchSignOut } = await import("../lib/holder");
    watchSignOut();
    const passed = vi.fn();
    document.querySelector("form")!.addEventListener("submit", passed);
    document.querySelector("form")!.requestSubmit();
    await vi.waitFor(() => expect(told.order).toContain("emptied"));
    await new Promise((done) => setTimeout(done, 20));
    expect(passed).not.toHaveBeenCalled();
    expect(told.order).not.toContain("unsubscribed");
  });
});

describe("who is of the council no more", () => {
  it("loses the papers; who is only signed out, or cannot be asked, keeps them", async () => {
    const { dropEnded } = await import("../device/keeper");
    const answers: Record<string, () => Promise<unknown>> = {
      "/gone/cap-tai-lieu/": async () => ({ status: 404, type: "basic", ok: false }),
      "/out/cap-tai-lieu/": async () => ({ status: 0, type: "opaqueredirect", ok: false }),
      "/far/cap-tai-lieu/": () => Promise.reject(new TypeError("Failed to fetch")),
    };
    vi.stubGlobal("fetch", (url: string) => answers[url]!());
    await dropEnded(["gone", "out", "far"].map((slug) => ({ slug, person: slug, account: "a", name: "" })));
    vi.unstubAllGlobals();
    expect(told.left).toEqual(["gone"]);
  });
});
