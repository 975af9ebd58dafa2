// Corrections in an import: what was ticked or typed stands until the server knows of it.
import { afterEach, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not

const row = (include: boolean, title: string): object => ({
  id: "f1", name: "a.pdf", folder: "", pages: 1, size: 9, refused: "", include, kind: "report", title, number: "", issuer: "",
  body: "", ask: "", dated: "", item: "", edited: false, sources: {}, problems: [],
});
const state = (include: boolean, title: string): object => ({
  id: "b1", state: "open", urls: { edit: "/sua/", import: "/nhap/" }, max: 1, max_archive: 1, kinds: [["report", "Báo cáo"]], bodies: [], asks: [],
  items: [], waiting: [], unopened: [], files: [row(include, title)],
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.innerHTML = "";
});

it("is sent one after another, and no earlier answer turns a later tick back", async () => {
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify(state(true, "Cũ"))}</script><nt-binder-import data-state-id="st"></nt-binder-import>`;
  await import("../nt-binder-import");
  const sent: string[] = [];
  const answers: ((told: Response) => void)[] = [];
  vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
    sent.push(init.body as string);
    return new Promise<Response>((done) => answers.push(done));
  });
  const island = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>("nt-binder-import")!;
  await island.updateComplete;
  const settle = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, 5));
    await island.updateComplete;
  };
  const tick = island.querySelector<HTMLInputElement>("[data-file] input[type=checkbox]")!;
  const title = island.querySelector<HTMLInputElement>('[data-file] [name="title"]')!;
  title.value = "Mới";
  title.dispatchEvent(new Event("change", { bubbles: true }));
  tick.checked = false;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  expect(sent).toEqual(['{"files":{"f1":{"title":"Mới"}}}']);
  answers[0]!(new Response(JSON.stringify(state(true, "Mới")))); // it does not know of the tick yet
  await settle();
  expect(tick.checked).toBe(false);
  expect(sent[1]).toBe('{"files":{"f1":{"include":""}}}');
  answers[1]!(new Response(JSON.stringify(state(false, "Mới"))));
  await settle();
  expect([tick.checked, title.value]).toEqual([false, "Mới"]);
  expect(island.textContent).toContain("Mọi sửa đổi đã lưu");
});
