import { describe, expect, it, vi } from "vitest";
import { Commands } from "../lib/command";

function answer(status: number, body: unknown): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
}

function commands(fetch: typeof globalThis.fetch, extra = {}): Commands {
  return new Commands({ slug: "lao-cai", fetch, wait: async () => {}, ...extra });
}

function nonces(fetch: ReturnType<typeof vi.fn>): string[] {
  return fetch.mock.calls.map(([, init]) => JSON.parse(init.body).nonce as string);
}

describe("a command", () => {
  it("is posted with a nonce to the council's own address", async () => {
    const fetch = vi.fn(async () => answer(200, { ok: true, outcome: { choice: "yes" } }));
    const result = await commands(fetch as never).send("vote", { choice: "yes" });
    expect(result).toMatchObject({ ok: true, outcome: { choice: "yes" } });
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe("/live/lao-cai/vote");
    expect(JSON.parse(init.body as string)).toEqual({ choice: "yes", nonce: result.nonce });
  });

  it("whose answer was lost is asked again with the same nonce", async () => {
    const fetch = vi
      .fn()
      .mockRejectedValueOnce(new TypeError("network"))
      .mockResolvedValueOnce(answer(503, ""))
      .mockResolvedValueOnce(answer(200, { ok: true, outcome: 1 }));
    const result = await commands(fetch as never).send("vote");
    expect(result.ok).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(3);
    expect(new Set(nonces(fetch)).size).toBe(1);
  });

  it("cut in the middle of its answer is asked again", async () => {
    const broken = answer(200, "");
    broken.text = () => Promise.reject(new TypeError("cut"));
    const fetch = vi
      .fn()
      .mockResolvedValueOnce(broken)
      .mockResolvedValueOnce(answer(200, { ok: true, outcome: 1 }));
    expect((await commands(fetch as never).send("vote")).ok).toBe(true);
    expect(new Set(nonces(fetch)).size).toBe(1);
  });

  it("gives up after its patience and says that nothing was confirmed", async () => {
    const fetch = vi.fn().mockRejectedValue(new TypeError("network"));
    const result = await commands(fetch as never, { patience: 5_000 }).send("vote");
    expect(result).toMatchObject({ ok: false, code: "no_answer" });
    expect(result.ok === false && result.message).toContain("CHƯA được xác nhận");
    expect(fetch.mock.calls.length).toBeGreaterThan(2);
    expect(new Set(nonces(fetch)).size).toBe(1);
  });

  it("can be asked about again by the person, under the first tap's nonce", async () => {
    const fetch = vi.fn().mockRejectedValue(new TypeError("network"));
    const sender = commands(fetch as never, { patience: 400 });
    const first = await sender.send("vote", { choice: "yes" });
    await sender.send("vote", { choice: "yes" }, first.nonce);
    expect(new Set(nonces(fetch)).size).toBe(1);
  });

  it("that is refused is not sent again and shows the server's sentence", async () => {
    const fetch = vi.fn(async () => answer(409, { code: "poll_closed", message: "Đã kết thúc." }));
    const result = await commands(fetch as never).send("vote");
    expect(result).toMatchObject({ ok: false, code: "poll_closed", message: "Đã kết thúc." });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("answered with something that is not JSON says so instead of guessing", async () => {
    const result = await commands((async () => answer(200, "<html>")) as never).send("vote");
    expect(result.ok).toBe(false);
  });

  it("two taps have two nonces, also without crypto.randomUUID", async () => {
    const fetch = vi.fn(async () => answer(200, { ok: true }));
    const sender = commands(fetch as never);
    await sender.send("vote");
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    await sender.send("vote");
    vi.unstubAllGlobals();
    const [one, two] = nonces(fetch);
    expect(one).not.toBe(two);
    expect(two).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("counts what is still waiting, for the banner", async () => {
    const seen: number[] = [];
    const fetch = vi.fn(async () => answer(200, { ok: true }));
    await commands(fetch as never, { onPending: (n: number) => seen.push(n) }).send("vote");
    expect(seen).toEqual([1, 0]);
  });
});
