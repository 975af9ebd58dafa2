import { beforeEach, describe, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import type { ChoiceCode } from "../lib/slices";
import "../cockpit";
import "../desk";
import "../hall";

const poll = {
  id: "p1",
  number: 1,
  question: "Thông qua chương trình kỳ họp",
  item_id: "i1",
  state: "open",
  options: [
    { code: "yes", label: "Tán thành" },
    { code: "no", label: "Không tán thành" },
  ],
  rule: { label: "Quá nửa", article: "" },
  version: null,
  text_sha256: "",
  opened_at: null,
  closed_at: null,
  electors: 3,
  present_only: true,
  allow_change: true,
};
const item = { id: "i1", order: 1, total: 2, kind: "report", title: "Báo cáo", presenter: "", minutes: 15, papers: [] };
const me = { membership_id: "m1", person_id: "n1", name: "Lê Thị Cúc", presence: "present", entitled: true, request: null, vote: null };
const sitting = { id: "s1", state: "open", title: "Sáng", session_title: "Kỳ họp", kind: "plenary", roll_open: true };
const urls = { go_to: "/den-noi-dung/", publish_poll: "/bieu-quyet/__id__/cong-bo/", drop: "/bo-luot/", call: "/moi/" };
const agenda = [
  { id: "i1", order: 1, title: "Báo cáo", kind: "report" },
  { id: "i2", order: 2, title: "Tờ trình", kind: "draft" },
];

class Source extends EventTarget {
  static last: Source;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string; lastEventId: string }) => void) | null = null;
  constructor(readonly url: string) {
    super();
    Source.last = this;
  }
  close(): void {}
}

type Screen = HTMLElement & { chosen: ChoiceCode | null; door: string; updateComplete: Promise<boolean> };
let fetched: [string, RequestInit][];
let reply: () => Response;

beforeEach(() => {
  fetched = [];
  reply = () => new Response(JSON.stringify({ ok: true, choice: "yes", receipt: "r2", cast_at: "", changes: 0 }));
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    fetched.push([url, init]);
    return reply();
  });
  window.scrollTo = vi.fn() as never;
});

async function open(tag: string, state: Record<string, unknown>, steps: Record<string, string> = urls): Promise<Screen> {
  const page = { id: "e;hall=1;me=1", person: "n1", urls: steps, agenda, state: { sitting, item, me, ...state } };
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify(page)}</script>
    <dialog id="nt-confirm"><h2 data-part="title"></h2><p data-part="detail"></p><button data-part="yes" data-default="Đồng ý"></button></dialog>
    <div id="nt-messages"></div><${tag} sitting="s1" slug="lao-cai" data-state-id="st"></${tag}>`;
  const screen = document.querySelector<Screen>(tag)!;
  await screen.updateComplete;
  return screen;
}

let seq = 1;
async function told(screen: Screen, slice: string, data: unknown): Promise<void> {
  Source.last.onmessage!({ data: JSON.stringify({ type: "x", slice, data }), lastEventId: `e;hall=${(seq += 1)};me=1` });
  await screen.updateComplete;
}

async function click(screen: Screen, selector: string): Promise<void> {
  screen.querySelector<HTMLButtonElement>(selector)!.click();
  await new Promise((done) => setTimeout(done));
  await screen.updateComplete;
}

const body = (index: number): Record<string, unknown> => JSON.parse(fetched[index]![1].body as string);

describe("a half-made choice", () => {
  it("survives everything that is not another poll or another state of it", async () => {
    const screen = await open("nt-hall", { poll });
    await click(screen, '[data-choice="no"]');
    await told(screen, "poll", { ...poll, electors: 4 }); // somebody checked in
    await told(screen, "poll", { ...poll, version: null });
    expect(screen.chosen).toBe("no");
    expect(screen.querySelector("[data-confirm-vote]")).not.toBeNull();
    await told(screen, "poll", { ...poll, state: "closed" });
    expect(screen.chosen).toBeNull();
  });

  it("does not pull anybody back from another door", async () => {
    const screen = await open("nt-hall", { poll });
    await click(screen, '[data-door="papers"]');
    await told(screen, "poll", { ...poll, electors: 4 });
    await told(screen, "item", { ...item, papers: [] });
    expect(screen.door).toBe("papers");
    expect(window.scrollTo).not.toHaveBeenCalled();
    await told(screen, "poll", { ...poll, id: "p2" });
    expect(screen.door).toBe("vote");
  });

  it("leaves who reads the result where they are when it is sent again", async () => {
    const screen = await open("nt-hall", {});
    await click(screen, '[data-door="speak"]');
    await told(screen, "item", { ...item, title: "Báo cáo (sửa)" });
    expect(screen.door).toBe("speak");
    await told(screen, "item", { ...item, id: "i2" });
    expect(screen.door).toBe("papers");
  });
});

describe("a tap", () => {
  it("says whose screen it is and what it means to replace", async () => {
    const vote = { poll_id: "p1", choice: "yes", receipt: "r1", cast_at: "", changes: 0 };
    const screen = await open("nt-hall", { poll, me: { ...me, vote } });
    await click(screen, "[data-change-vote]");
    await click(screen, '[data-choice="no"]');
    await click(screen, "[data-confirm-vote]");
    expect(body(0)).toMatchObject({ person: "n1", seen: "r1", choice: "no", poll: "p1", sitting: "s1" });
    expect(Source.last.url).toContain("person=n1");
    const first = await open("nt-hall", { poll });
    await click(first, '[data-choice="no"]');
    await click(first, "[data-confirm-vote]");
    expect(body(1)).toMatchObject({ seen: "" });
  });

  it("that came too late shows what is recorded instead", async () => {
    const screen = await open("nt-hall", { poll });
    const vote = { poll_id: "p1", choice: "no", receipt: "r9", cast_at: "", changes: 1 };
    reply = () => new Response(JSON.stringify({ code: "vote_moved", message: "Đang ghi: Không tán thành.", vote }), { status: 409 });
    await click(screen, '[data-choice="yes"]');
    await click(screen, "[data-confirm-vote]");
    expect(screen.querySelector("[role=alert]")!.textContent).toContain("Đang ghi");
    expect(screen.querySelector(".nt-vote-choice")!.textContent).toContain("Không tán thành");
  });
});

describe("asking for the floor", () => {
  const kinds = (screen: Screen): string[] => [...screen.querySelectorAll<HTMLElement>("[data-ask]")].map((button) => button.dataset["ask"]!);

  it("offers a point of order, and a question where it is a question", async () => {
    const screen = await open("nt-hall", {});
    await click(screen, '[data-door="speak"]');
    expect(kinds(screen)).toEqual(["speech", "rebuttal", "point_of_order"]);
    await told(screen, "item", { ...item, kind: "questioning" });
    expect(kinds(screen)).toEqual(["question", "rebuttal", "point_of_order"]);
    expect(screen.querySelector("[data-ask=question]")!.textContent).toContain("chất vấn");
    await click(screen, "[data-ask=point_of_order]");
    expect(body(0)).toMatchObject({ kind: "point_of_order" });
  });
});

describe("a latecomer", () => {
  const late = { ...me, presence: "unknown" };

  it("is sent to the button while the roll is open, to the clerk once it was closed", async () => {
    let screen = await open("nt-hall", { me: late, poll });
    screen.door = "vote";
    await screen.updateComplete;
    expect(screen.querySelector("[data-check-in]")).not.toBeNull();
    expect(screen.textContent).toContain("Bấm «Tôi có mặt»");
    screen = await open("nt-hall", { me: late, poll, sitting: { ...sitting, roll_open: false } });
    screen.door = "vote";
    await screen.updateComplete;
    expect(screen.querySelector("[data-check-in]")).toBeNull();
    expect(screen.textContent).toContain("Điểm danh đã kết thúc. Hãy báo Thư ký ghi nhận có mặt.");
    expect(screen.textContent).not.toContain("Bấm «Tôi có mặt»");
  });
});

describe("the chair's screen", () => {
  it("moves the hall at the button, not at an arrow key in the list", async () => {
    const screen = await open("nt-cockpit", {});
    const list = screen.querySelector<HTMLSelectElement>("#nt-go-to")!;
    expect(screen.querySelector<HTMLButtonElement>('[data-step="go_to"]')!.disabled).toBe(true);
    list.value = "i2";
    list.dispatchEvent(new Event("change"));
    await screen.updateComplete;
    expect(fetched).toEqual([]);
    await click(screen, '[data-step="go_to"]');
    expect(fetched[0]![0]).toBe("/den-noi-dung/");
    expect(String(fetched[0]![1].body)).toBe("item=i2");
  });

  it("steers nothing any more when the sitting is over", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: null }, { ...urls, open_roll: "/diem-danh/", set_presence: "/co-mat/" });
      expect(screen.querySelector('[data-step="go_to"]')).not.toBeNull();
      await told(screen, "sitting", { ...sitting, state: "closed" });
      expect(screen.querySelector("[data-step], [data-mark], [data-excuse]")).toBeNull();
      expect(screen.querySelector(".nt-why")!.textContent).toContain("đã kết thúc");
    }
  });

  it("takes a refusal away when a later step was done", async () => {
    const screen = await open("nt-cockpit", { poll: null }, { ...urls, next: "/tiep/" });
    reply = () => new Response(JSON.stringify({ message: "Đang biểu quyết." }), { status: 409 });
    await click(screen, '[data-step="next"]');
    expect(document.querySelector("#nt-messages")!.textContent).toContain("Đang biểu quyết.");
    await click(screen, '[data-step="next"]');
    expect(document.querySelectorAll("#nt-messages .nt-message")).toHaveLength(1);
    reply = () => new Response(JSON.stringify({ ok: true }));
    await click(screen, '[data-step="next"]');
    expect(document.querySelectorAll("#nt-messages .nt-message")).toHaveLength(0);
  });

  it("stays at the item of a vote that is counted and not announced, and says why", async () => {
    const steps = { ...urls, next: "/tiep/" };
    const next = (screen: Screen): HTMLButtonElement => screen.querySelector<HTMLButtonElement>('[data-step="next"]')!;
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: { ...poll, state: "closed" } }, steps);
      expect(next(screen).disabled).toBe(true);
      const list = screen.querySelector<HTMLSelectElement>("#nt-go-to")!;
      list.value = "i2";
      list.dispatchEvent(new Event("change"));
      await screen.updateComplete;
      expect(screen.querySelector<HTMLButtonElement>('[data-step="go_to"]')!.disabled).toBe(true);
      expect(screen.querySelector(".nt-why")!.textContent).toContain("chưa công bố");
      await told(screen, "poll", null); // announced
      expect(next(screen).disabled).toBe(false);
      expect(screen.querySelector(".nt-why")).toBeNull();
    }
  });

  it("announces a result only after a second word", async () => {
    const outcome = { poll_id: "p1", question: "?", counts: { yes: 2, no: 0, abstain: 0, not_voting: 1, present: 3, in_office: 3, seats_by_law: 3 }, base: 3, total: 3, total_name: "in_office", needed: 2, passed: true, rule: poll.rule, sentence: "Đọc", published_at: null, seats: [] };
    const screen = await open("nt-cockpit", { poll: { ...poll, state: "closed" }, outcome });
    const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
    const close = async (answer: string): Promise<void> => {
      dialog.close(answer);
      await new Promise((done) => setTimeout(done));
    };
    await click(screen, '[data-step="publish_poll"]');
    expect(fetched).toEqual([]);
    await close("no");
    expect(fetched).toEqual([]);
    await click(screen, '[data-step="publish_poll"]');
    await close("yes");
    expect(fetched[0]![0]).toBe("/bieu-quyet/1/cong-bo/");
  });

  it("annuls the vote as it was shown: the state goes along", async () => {
    const outcome = { poll_id: "p1", question: "?", counts: { yes: 2, no: 0, abstain: 0, not_voting: 1, present: 3, in_office: 3, seats_by_law: 3 }, base: 3, total: 3, total_name: "in_office", needed: 2, passed: true, rule: poll.rule, sentence: "Đọc", published_at: null, seats: [] };
    const screen = await open("nt-cockpit", { poll: { ...poll, state: "closed" }, outcome }, { ...urls, annul_poll: "/bieu-quyet/__id__/huy/" });
    screen.querySelector<HTMLInputElement>("#nt-annul-reason")!.value = "nhầm bản";
    await click(screen, '[data-step="annul_poll"]');
    (document.getElementById("nt-confirm") as HTMLDialogElement).close("yes");
    await new Promise((done) => setTimeout(done));
    expect(fetched[0]![0]).toBe("/bieu-quyet/1/huy/");
    expect(Object.fromEntries(new URLSearchParams(String(fetched[0]![1].body)))).toEqual({ reason: "nhầm bản", seen: "closed" });
  });

  it("offers the end of the vote only to whoever may end it", async () => {
    const tally = { poll_id: "p1", cast: 2, electors: 3, yes: 1, no: 1, abstain: 0, needed: 2, missing: 1 };
    const minutes = await open("nt-desk", { poll, tally });
    expect(minutes.querySelector('[data-step="close_poll"]')).toBeNull();
    const voting = await open("nt-desk", { poll, tally }, { ...urls, close_poll: "/bieu-quyet/__id__/ket-thuc/" });
    await click(voting, '[data-step="close_poll"]');
    expect(fetched[0]![0]).toContain("close-poll"); // before the queue of votes, not beside it
    expect(body(0)).toMatchObject({ poll: "p1" });
  });

  it("tells a clerk who does not hear the count how many have voted, never how", async () => {
    const presence = { counts: {}, members: { m2: { name: "Giàng A Dũng", group: "Tổ 1", presence: "present", entitled: true, seat_number: 2, sort: "" } } };
    const screen = await open("nt-desk", { poll, presence, progress: { poll_id: "p1", cast: 2, electors: 3 } });
    expect(screen.querySelector(".nt-tally")!.textContent).toContain("2/3");
    expect(screen.querySelector(".nt-tally")!.textContent).not.toContain("Tán thành");
    expect(screen.querySelector("[data-member=m2]")).not.toBeNull();
    await told(screen, "poll", { ...poll, state: "closed" });
    expect(screen.querySelector(".nt-steer-vote")!.textContent).toContain("đang chờ chủ tọa công bố");
    const heard = await open("nt-desk", { poll, tally: { poll_id: "p1", cast: 2, electors: 3, yes: 1, no: 1, abstain: 0, needed: 2, missing: 1 } });
    expect(heard.querySelector(".nt-tally")!.textContent).toContain("Còn thiếu 1");
  });

  it("says who of the queue is not there", async () => {
    const waiting = [{ id: "q1", membership_id: "m2", person_id: "n2", name: "Giàng A Dũng", group: "Tổ 1", kind: "question", position: 1, requested_at: "" }];
    const members = { m2: { name: "Giàng A Dũng", group: "Tổ 1", presence: "left", entitled: true, seat_number: 2, sort: "" } };
    const screen = await open("nt-cockpit", { queue: { speaker: null, calling: null, waiting }, presence: { counts: {}, members } });
    expect(screen.querySelector(".nt-queue-name")!.textContent).toContain("đã rời phòng");
    expect(screen.querySelector("[data-drop]")).not.toBeNull();
  });
});
