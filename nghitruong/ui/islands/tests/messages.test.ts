import { afterEach, beforeEach, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import { notify } from "../elements/page";

const box = (): HTMLElement => document.getElementById("nt-messages")!;
const shown = (): string[] => [...box().querySelectorAll("p")].map((line) => line.textContent ?? "");

function visibility(state: string): void {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  visibility("visible");
  document.body.innerHTML = '<div id="nt-messages" aria-live="polite"></div>';
});
afterEach(() => {
  visibility("visible");
  vi.useRealTimers();
});

it("good words go by themselves, refusals and warnings stay", () => {
  notify("success", "Đã ghi.");
  notify("info", "Thông báo mới");
  notify("warning", "Chưa tới chủ tọa.");
  vi.advanceTimersByTime(11_900);
  expect(shown()).toHaveLength(3);
  vi.advanceTimersByTime(200);
  expect(shown()).toEqual(["Chưa tới chủ tọa."]);
  notify("error", "Đang biểu quyết.");
  vi.advanceTimersByTime(3_600_000);
  expect(shown()).toEqual(["Chưa tới chủ tọa.", "Đang biểu quyết."]);
});

it("a long word stays longer, and what is told only here stays", () => {
  notify("info", "x".repeat(200));
  notify("info", "lời để chép", { stays: true });
  vi.advanceTimersByTime(20_000);
  expect(shown()).toHaveLength(2);
  vi.advanceTimersByTime(10_000);
  expect(shown()).toEqual(["lời để chép"]);
});

it("nothing goes while the keyboard is on it or nobody looks", () => {
  const item = notify("success", "Đã ghi.")!;
  item.querySelector("button")!.focus();
  vi.advanceTimersByTime(60_000);
  expect(shown()).toEqual(["Đã ghi."]);
  item.querySelector("button")!.blur();
  vi.advanceTimersByTime(2_000);
  expect(shown()).toEqual([]);
  visibility("hidden");
  notify("success", "Đã gửi.");
  vi.advanceTimersByTime(600_000);
  expect(shown()).toEqual(["Đã gửi."]);
  visibility("visible");
  vi.advanceTimersByTime(11_000);
  expect(shown()).toEqual(["Đã gửi."]);
  vi.advanceTimersByTime(1_500);
  expect(shown()).toEqual([]);
});

it("three at once: the oldest good word makes room, a refusal never does, the same is said once", () => {
  notify("success", "một");
  notify("error", "hai");
  for (const word of ["ba", "bốn", "năm"]) notify("info", word);
  expect(shown()).toEqual(["hai", "bốn", "năm"]);
  notify("error", "hai");
  expect(shown()).toEqual(["bốn", "năm", "hai"]);
  for (const word of ["sáu", "bảy", "tám"]) notify("warning", word);
  expect(shown()).toEqual(["hai", "sáu", "bảy", "tám"]);
});
