import { expect, it, vi } from "vitest";
import { Store } from "../lib/store";

it("an event replaces its slice and leaves the others", () => {
  const store = new Store({ item: { id: 1, title: "cũ" }, poll: { state: "open" } });
  store.apply({ type: "item.moved", slice: "item", data: { id: 2 } });
  expect(store.get("item")).toEqual({ id: 2 });
  expect(store.get("poll")).toEqual({ state: "open" });
});

it("presence merges: only the people who changed travel", () => {
  const store = new Store({ presence: { an: true, binh: false } });
  store.apply({ type: "presence.changed", slice: "presence", data: { binh: true, cuc: true } });
  store.apply({ type: "presence.changed", slice: "presence", data: { an: null } });
  expect(store.get("presence")).toEqual({ binh: true, cuc: true });
});

it("a snapshot replaces everything: what it does not hold no longer exists", () => {
  const store = new Store({ poll: 1, item: 2 });
  store.replace({ item: 3 });
  expect(store.all()).toEqual({ item: 3 });
});

it("null empties a slice; an event without a slice only notifies", () => {
  const store = new Store({ poll: 1 });
  const seen = vi.fn();
  const stop = store.subscribe(seen);
  store.apply({ type: "poll.annulled", slice: "poll", data: null });
  store.apply({ type: "notice", data: "x" });
  stop();
  store.apply({ type: "notice" });
  expect(store.get("poll")).toBeNull();
  expect(seen).toHaveBeenCalledTimes(2);
});

it("a stale state plus the events equals a fresh state", () => {
  const fresh = { item: 5, presence: { an: true, cuc: true } };
  const stale = new Store({ item: 1, presence: { an: false } });
  stale.apply({ type: "a", slice: "presence", data: { an: true } });
  stale.apply({ type: "b", slice: "item", data: 5 });
  stale.apply({ type: "a", slice: "presence", data: { cuc: true } });
  expect(stale.all()).toEqual(fresh);
});
