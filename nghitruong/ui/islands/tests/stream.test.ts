import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { backoff } from "../lib/backoff";
import { Doorbell } from "../lib/doorbell";
import { Store } from "../lib/store";
import { isOld, LiveStream, parseId } from "../lib/stream";

class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  close(): void {
    this.closed = true;
  }

  say(id: string, data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(data), lastEventId: id }));
  }
}

const last = (): FakeSource => FakeSource.all.at(-1)!;
let store: Store;
let stream: LiveStream;

function make(extra = {}): LiveStream {
  return new LiveStream({
    slug: "lao-cai",
    sitting: "s1",
    since: "e1;hall=5;me=2",
    store,
    random: () => 1,
    makeSource: (url) => new FakeSource(url) as unknown as EventSource,
    ...extra,
  });
}

function visibility(state: string): void {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  store = new Store({ item: 1 });
  stream = make();
});

afterEach(() => {
  stream.stop();
  visibility("visible");
  vi.useRealTimers();
});

it("begins after what the page already holds, and remembers what it applied", () => {
  stream.start();
  expect(last().url).toBe("/live/lao-cai/stream?sitting=s1&since=e1%3Bhall%3D5%3Bme%3D2");
  last().onopen!();
  last().say("e1;hall=6;me=2", { type: "x", slice: "item", data: 2 });
  expect(store.get("item")).toBe(2);
  last().onerror!();
  vi.advanceTimersByTime(500);
  expect(last().url).toContain("hall%3D6");
});

it("never applies an older event again, but an unnumbered one always", () => {
  stream.start();
  last().onopen!();
  last().say("e1;hall=7;me=2", { type: "x", slice: "item", data: 7 });
  last().say("e1;hall=6;me=2", { type: "x", slice: "item", data: 6 });
  expect(store.get("item")).toBe(7);
  last().say("e1;hall=7;me=2", { type: "poll.progress", slice: "progress", data: 41 });
  last().say("", { type: "poll.progress", slice: "progress", data: 42 });
  expect(store.get("progress")).toBe(42);
  expect(stream.since).toBe("e1;hall=7;me=2");
});

it("says the truth: connecting, online, connecting once, then offline, then online", () => {
  const seen: string[] = [];
  stream.onState((state) => seen.push(state));
  stream.start();
  last().onopen!();
  last().onerror!();
  vi.advanceTimersByTime(500);
  last().onerror!();
  vi.advanceTimersByTime(1_000);
  last().onopen!();
  expect(seen).toEqual(["connecting", "online", "connecting", "offline", "online"]);
});

it("waits longer after each failure, never more than the cap", () => {
  expect([0, 1, 2, 3].map((n) => backoff(n, { random: () => 1 }))).toEqual([500, 1000, 2000, 4000]);
  expect(backoff(99, { random: () => 1 })).toBe(15_000);
  expect(backoff(0, { random: () => 0 })).toBe(250);
  stream.start();
  for (let n = 0; n < 2; n += 1) {
    last().onerror!();
    const before = FakeSource.all.length;
    vi.advanceTimersByTime(500 * 2 ** n - 1);
    expect(FakeSource.all.length).toBe(before);
    vi.advanceTimersByTime(1);
    expect(FakeSource.all.length).toBe(before + 1);
  }
});

it("on reset takes a fresh state and goes on from there", async () => {
  const fetch = vi.fn(async (_url: string) => new Response(
    JSON.stringify({ id: "e2;hall=1", now: "2026-12-08T00:30:00Z", state: { poll: "open" } }),
  ));
  stream = make({ fetch });
  stream.start();
  last().onopen!();
  last().dispatchEvent(new MessageEvent("reset"));
  await vi.waitFor(() => expect(FakeSource.all).toHaveLength(2));
  expect(fetch.mock.calls[0]![0]).toBe("/live/lao-cai/snapshot?sitting=s1");
  expect(store.all()).toEqual({ poll: "open" });
  expect(last().url).toContain("since=e2%3Bhall%3D1");
});

it("a reset whose snapshot fails is tried again, and nothing stale is called online", async () => {
  const fetch = vi.fn()
    .mockRejectedValueOnce(new TypeError("network"))
    .mockResolvedValueOnce(new Response(JSON.stringify({ id: "e2;hall=1", state: { a: 1 } })));
  stream = make({ fetch });
  stream.start();
  last().dispatchEvent(new MessageEvent("reset"));
  await vi.advanceTimersByTimeAsync(600);
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(store.all()).toEqual({ a: 1 });
  expect(stream.state).not.toBe("online");
});

it("closes 30 s after the page is hidden and comes back when it is seen", () => {
  stream.start();
  last().onopen!();
  visibility("hidden");
  vi.advanceTimersByTime(29_000);
  expect(last().closed).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(last().closed).toBe(true);
  visibility("visible");
  expect(FakeSource.all).toHaveLength(2);
});

it("a tab opened in the background takes no connection until it is looked at", () => {
  visibility("hidden");
  stream.start();
  window.dispatchEvent(new Event("pageshow"));
  window.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(120_000);
  expect(FakeSource.all).toHaveLength(0);
  visibility("visible");
  expect(FakeSource.all).toHaveLength(1);
  expect(last().url).toContain("since=e1%3Bhall%3D5%3Bme%3D2");
});

it("a line lost while nobody looks is not opened again before somebody does", () => {
  stream.start();
  last().onopen!();
  visibility("hidden");
  last().onerror!();
  vi.advanceTimersByTime(20_000);
  expect(FakeSource.all).toHaveLength(1);
  visibility("visible");
  expect(FakeSource.all).toHaveLength(2);
});

it("the person's doorbell waits in the background too", () => {
  vi.stubGlobal("EventSource", FakeSource);
  const rings: unknown[] = [];
  visibility("hidden");
  const bell = new Doorbell("lao-cai", (ring) => rings.push(ring));
  window.dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.all).toHaveLength(0);
  visibility("visible");
  expect(FakeSource.all.map((source) => source.url)).toEqual(["/live/lao-cai/mine"]);
  last().onopen!();
  expect(rings).toEqual([null]); // what rang meanwhile is asked
  bell.stop();
  vi.unstubAllGlobals();
});

it("bell and reader of one page share one line, and each asks everything when it comes", () => {
  vi.stubGlobal("EventSource", FakeSource);
  const heard: string[] = [];
  const reader = new Doorbell("lao-cai", (ring) => heard.push(`reader ${ring?.slice ?? "all"}`));
  last().onerror!(); // a first page: no right to listen yet
  const bell = new Doorbell("lao-cai", (ring) => heard.push(`bell ${ring?.slice ?? "all"}`));
  expect(FakeSource.all.filter((source) => !source.closed)).toHaveLength(1);
  vi.advanceTimersByTime(30_000); // the try that waited does not come on top
  expect(FakeSource.all).toHaveLength(2);
  last().onopen!();
  last().say("", { slice: "notices", data: {} });
  expect(heard).toEqual(["reader all", "bell all", "reader notices", "bell notices"]);
  const late = new Doorbell("lao-cai", (ring) => heard.push(`late ${ring?.slice ?? "all"}`));
  expect(heard.at(-1)).toBe("late all");
  expect(FakeSource.all).toHaveLength(2);
  bell.stop();
  late.stop();
  expect(last().closed).toBe(false);
  reader.stop();
  expect(last().closed).toBe(true);
  new Doorbell("lao-cai", () => undefined).stop();
  expect(FakeSource.all).toHaveLength(3);
  vi.unstubAllGlobals();
});

it("a short look away keeps the line", () => {
  stream.start();
  last().onopen!();
  visibility("hidden");
  vi.advanceTimersByTime(10_000);
  visibility("visible");
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.all).toHaveLength(1);
  expect(last().closed).toBe(false);
});

it("a line that went silent after pings is given up", () => {
  stream.start();
  last().onopen!();
  last().dispatchEvent(new MessageEvent("ping", { data: "{}" }));
  vi.advanceTimersByTime(25_000);
  expect(last().closed).toBe(true);
  expect(stream.state).toBe("connecting");
});

it("the tablet losing its network is said at once, and its return tried at once", () => {
  stream.start();
  last().onopen!();
  window.dispatchEvent(new Event("offline"));
  expect(stream.state).toBe("offline");
  window.dispatchEvent(new Event("online"));
  last().onopen!();
  expect(stream.state).toBe("online");
});

it("a server that turns the screen away is not called a lost connection, nor asked for ever", async () => {
  const fetch = vi.fn(async () => new Response("{}", { status: 401 }));
  stream = make({ fetch });
  stream.start();
  for (let n = 0; n < 3; n += 1) {
    last().onerror!();
    await vi.advanceTimersByTimeAsync(500 * 2 ** n);
  }
  expect(stream.state).toBe("refused");
  const tries = FakeSource.all.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(FakeSource.all).toHaveLength(tries);
  expect(fetch).toHaveBeenCalledTimes(1);
});

it("reads ids of several audiences", () => {
  expect(parseId("e;hall=512;me=7")).toEqual({ epoch: "e", seqs: { hall: 512, me: 7 } });
  expect(isOld("e;hall=5;me=7", "e;hall=5;me=8")).toBe(true);
  expect(isOld("e;hall=6;me=7", "e;hall=5;me=8")).toBe(false);
  expect(isOld("f;hall=1", "e;hall=5")).toBe(false);
});
