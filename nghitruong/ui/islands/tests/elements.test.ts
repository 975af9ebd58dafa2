import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../elements/connection";
import "../elements/clock";
import { remember, recall } from "../elements/prefs";
import type { ConnectionBanner } from "../elements/connection";
import type { Preferences } from "../elements/prefs";
import { duration, forget, learn, serverNow, wallClock } from "../lib/clock";
import { initialState } from "../lib/state";

beforeEach(() => {
  document.body.innerHTML = "";
  forget();
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  document.cookie = "nt_ui=; max-age=0; path=/";
});

async function banner(): Promise<ConnectionBanner> {
  const element = document.createElement("nt-connection") as ConnectionBanner;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

it("the banner is quiet while all is well", async () => {
  expect((await banner()).textContent?.trim()).toBe("");
});

it("the banner says in words that the network is gone, and what of a pending vote", async () => {
  const element = await banner();
  element.state = "offline";
  element.pending = 1;
  await element.updateComplete;
  expect(element.textContent).toContain("phiếu chưa gửi được giữ trên máy này");
  element.pending = 0;
  await element.updateComplete;
  expect(element.textContent).toContain("đã ghi nhận vẫn còn nguyên");
  element.state = "online";
  await element.updateComplete;
  expect(element.textContent?.trim()).toBe("");
});

it("a blink of a reconnection frightens nobody", async () => {
  vi.useFakeTimers();
  const element = await banner();
  element.state = "connecting";
  await element.updateComplete;
  expect(element.textContent?.trim()).toBe("");
  vi.advanceTimersByTime(1500);
  await element.updateComplete;
  expect(element.textContent).toContain("Đang nối lại");
});

it("clocks follow the server, not the tablet", () => {
  vi.useFakeTimers({ now: Date.parse("2026-12-08T00:00:00Z") });
  learn("2026-12-08T00:30:00Z");
  expect(serverNow()).toBe(Date.parse("2026-12-08T00:30:00Z"));
  expect(wallClock()).toBe("07:30");
  learn("Tue, 08 Dec 2026 00:29:00 GMT", false);
  expect(wallClock()).toBe("07:30");
});

it("a speaker's clock counts down, warns, and goes on over time", () => {
  vi.useFakeTimers({ now: Date.parse("2026-12-08T00:00:00Z") });
  const clock = document.createElement("nt-clock");
  clock.setAttribute("until", "2026-12-08T00:01:05Z");
  document.body.append(clock);
  expect(clock.textContent).toBe("1:05");
  expect(clock.dataset["phase"]).toBe("run");
  vi.advanceTimersByTime(40_000);
  expect(clock.textContent).toBe("0:25");
  expect(clock.dataset["phase"]).toBe("warn");
  vi.advanceTimersByTime(37_000);
  expect(clock.textContent).toBe("+0:12");
  expect(clock.dataset["phase"]).toBe("over");
});

it("lengths are whole seconds", () => {
  expect(duration(0)).toBe("0:00");
  expect(duration(59_001)).toBe("1:00");
  expect(duration(3_600_000)).toBe("60:00");
});

it("a preference survives cleared cookies", () => {
  remember("dark", "150");
  expect(document.cookie).toContain("nt_ui=dark.150");
  document.cookie = "nt_ui=; max-age=0; path=/";
  expect(recall()).toEqual({ theme: "dark", size: "150" });
});

it("letters grow by steps up to 200 % and the page follows at once", async () => {
  const element = document.createElement("nt-prefs") as Preferences;
  document.body.append(element);
  await element.updateComplete;
  const larger = element.querySelector<HTMLButtonElement>('[aria-label="Chữ lớn hơn"]')!;
  for (let n = 0; n < 5; n += 1) {
    larger.click();
    await element.updateComplete;
  }
  expect(document.documentElement.dataset["size"]).toBe("200");
  expect(larger.disabled).toBe(true);
  expect(document.cookie).toContain(".200");
});

it("an island finds the state the server put beside it", () => {
  document.body.innerHTML =
    '<nt-x data-state-id="s1"></nt-x><script type="application/json" id="s1">{"a":"\\u003C"}</script>';
  expect(initialState(document.querySelector("nt-x")!)).toEqual({ a: "<" });
  expect(initialState(document.createElement("div"))).toBeNull();
});
