// Corrections in an import: what was ticked or typed stands until the server knows of it.
import { afterEach, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
const page = vi.hoisted(() => ({ ask: vi.fn(async () => false), notify: vi.fn() }));
vi.mock("../elements/page", () => page);

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
  vi.clearAllMocks();
  document.body.innerHTML = "";
});

type Island = HTMLElement & { updateComplete: Promise<boolean> };

/** The page with one file; what it sends waits in ``answers`` for the test to answer. */
async function imported(): Promise<{ island: Island; sent: string[]; answers: ((told: Response) => void)[]; settle: () => Promise<void> }> {
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify(state(true, "Cũ"))}</script><nt-binder-import data-state-id="st"></nt-binder-import>`;
  await import("../nt-binder-import");
  const sent: string[] = [];
  const answers: ((told: Response) => void)[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    sent.push(url === "/sua/" ? (init.body as string) : url);
    return new Promise<Response>((done) => answers.push(done));
  });
  const island = document.querySelector<Island>("nt-binder-import")!;
  await island.updateComplete;
  const settle = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, 5));
    await island.updateComplete;
  };
  return { island, sent, answers, settle };
}

function retitle(island: Island, words: string): HTMLInputElement {
  const title = island.querySelector<HTMLInputElement>('[data-file] [name="title"]')!;
  title.value = words;
  title.dispatchEvent(new Event("change", { bubbles: true }));
  return title;
}

const writeButton = (island: Island): HTMLButtonElement => island.querySelector<HTMLButtonElement>(".nt-binder-foot .btn-primary")!;

it("is sent one after another, and no earlier answer turns a later tick back", async () => {
  const { island, sent, answers, settle } = await imported();
  const tick = island.querySelector<HTMLInputElement>("[data-file] input[type=checkbox]")!;
  const title = retitle(island, "Mới");
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

it("is waited for before the import is written", async () => {
  const { island, sent, answers, settle } = await imported();
  retitle(island, "Mới");
  writeButton(island).click();
  await settle();
  expect(sent).toEqual(['{"files":{"f1":{"title":"Mới"}}}']);
  expect(page.ask).not.toHaveBeenCalled();
  answers[0]!(new Response(JSON.stringify(state(true, "Mới"))));
  await settle();
  expect(page.ask).toHaveBeenCalledWith("Ghi 1 tài liệu vào tập của kỳ họp?", expect.anything());
});

it("that the server did not take stays, is called unsaved, and nothing is written until it is", async () => {
  const { island, sent, answers, settle } = await imported();
  const title = retitle(island, "Mới");
  await settle();
  answers[0]!(new Response(JSON.stringify({ message: "Không ghi được." }), { status: 409 }));
  await settle();
  expect(island.textContent).toContain("1 sửa đổi CHƯA lưu");
  const tick = island.querySelector<HTMLInputElement>("[data-file] input[type=checkbox]")!;
  tick.checked = false;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  answers[1]!(new Response(JSON.stringify(state(false, "Cũ")))); // knows of the tick only
  await settle();
  expect([tick.checked, title.value]).toEqual([false, "Mới"]);
  expect(island.textContent).toContain("1 sửa đổi CHƯA lưu");
  tick.checked = true;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  answers[2]!(new Response(JSON.stringify(state(true, "Cũ"))));
  await settle();
  writeButton(island).click();
  await settle();
  expect(sent[3]).toBe('{"files":{"f1":{"title":"Mới"}}}'); // tried once more
  answers[3]!(new Response("", { status: 502 }));
  await settle();
  expect(page.ask).not.toHaveBeenCalled();
  expect(sent).toHaveLength(4);
});

it("of a file that is refused meanwhile holds up nothing", async () => {
  const { island, sent, answers, settle } = await imported();
  retitle(island, "Mới");
  await settle();
  answers[0]!(new Response(JSON.stringify({ message: "Quá dài." }), { status: 422 }));
  await settle();
  expect(island.textContent).toContain("1 sửa đổi CHƯA lưu");
  const told = state(true, "Cũ") as { files: { refused: string }[] };
  told.files[0]!.refused = "broken";
  (island as unknown as { take(state: object): void }).take(told);
  await settle();
  expect(island.textContent).toContain("Mọi sửa đổi đã lưu");
  expect(sent).toHaveLength(1);
});
