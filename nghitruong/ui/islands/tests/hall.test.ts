import { beforeEach, describe, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import type { ChoiceCode } from "../lib/slices";
import "../cockpit";
import "../desk";
import "../hall";
import "../projector";

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

async function open(tag: string, state: Record<string, unknown>, steps: Record<string, string> = urls, said = ""): Promise<Screen> {
  const page = { id: "e;hall=1;me=1", person: "n1", urls: steps, state: { sitting, item, me, agenda, ...state } };
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify(page)}</script>
    <dialog id="nt-confirm"><h2 data-part="title"></h2><p data-part="detail"></p><button data-part="yes" data-default="Đồng ý"></button></dialog>
    <div id="nt-messages">${said}</div><${tag} sitting="s1" slug="lao-cai" data-state-id="st"></${tag}>`;
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
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 5001);
    await told(screen, "item", { ...item, id: "i2" });
    expect(screen.door).toBe("papers");
    vi.restoreAllMocks();
  });

  it("keeps the door tapped while the chair's step to the next item was on its way; not against a vote", async () => {
    const screen = await open("nt-hall", {});
    await click(screen, '[data-door="speak"]');
    await told(screen, "item", { ...item, id: "i2" });
    expect(screen.door).toBe("speak");
    await told(screen, "poll", poll);
    expect(screen.door).toBe("vote");
  });

  it("loses no word of a note to the chair when a vote comes between", async () => {
    const screen = await open("nt-hall", {});
    const area = () => screen.querySelector<HTMLTextAreaElement>("#nt-note-text")!;
    await click(screen, '[data-door="speak"]');
    area().value = "Xin làm rõ Điều 3";
    area().dispatchEvent(new Event("input"));
    await told(screen, "poll", poll);
    expect(area()).toBeNull();
    await click(screen, '[data-door="speak"]');
    expect(area().value).toBe("Xin làm rõ Điều 3");
    area().form!.dispatchEvent(new Event("submit", { cancelable: true }));
    await new Promise((done) => setTimeout(done));
    await screen.updateComplete;
    expect(body(0)).toMatchObject({ text: "Xin làm rõ Điều 3" });
    expect(area().value).toBe("");
  });
});

describe("a tap", () => {
  it("on a choice brings the confirmation into sight", async () => {
    const seen: Element[] = [];
    const scroll = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
      seen.push(this);
    });
    for (const tag of ["nt-hall", "nt-cockpit"]) {
      const screen = await open(tag, { poll });
      seen.length = 0;
      await told(screen, "poll", { ...poll, electors: 4 });
      expect(seen).toEqual([]); // only a finger moves the page
      await click(screen, '[data-choice="no"]');
      expect(seen.map((part) => part.querySelector("[data-confirm-vote]") !== null)).toEqual([true]);
    }
    scroll.mockRestore();
  });

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

  it("follows the agenda in the list of where to go", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, {});
      const list = screen.querySelector<HTMLSelectElement>("#nt-go-to")!;
      list.value = "i2";
      list.dispatchEvent(new Event("change"));
      await screen.updateComplete;
      const button = screen.querySelector<HTMLButtonElement>('[data-step="go_to"]')!;
      expect(button.disabled).toBe(false);
      await told(screen, "agenda", [agenda[0], { id: "i3", order: 2, title: "Bổ sung", kind: "other" }]);
      expect([...list.options].map((row) => row.textContent)).toEqual(["chọn nội dung…", "1. Báo cáo", "2. Bổ sung"]);
      expect(button.disabled).toBe(true); // what was chosen is not there any more
    }
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

  it("forgets a refusal when what it speaks of has changed", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: null }, { ...urls, next: "/tiep/" });
      const bars = (): number => document.querySelectorAll("#nt-messages .nt-message-error").length;
      reply = () => new Response(JSON.stringify({ message: "Đang biểu quyết." }), { status: 409 });
      await click(screen, '[data-step="next"]');
      await told(screen, "queue", { speaker: null, calling: null, waiting: [] });
      expect(bars()).toBe(1);
      await told(screen, "poll", { ...poll, state: "closed" });
      expect(bars()).toBe(0);
    }
  });

  it("lets the good words of the page go, which stays open for hours", async () => {
    vi.useFakeTimers();
    try {
      const said = '<div class="nt-message nt-message-success"><p>Đã chiếu thông báo.</p></div><div class="nt-message nt-message-error"><p>Chưa ghi.</p></div>';
      await open("nt-cockpit", {}, urls, said);
      vi.advanceTimersByTime(12_000);
      expect(document.getElementById("nt-messages")!.textContent).toBe("Chưa ghi.");
    } finally {
      vi.useRealTimers();
    }
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

  it("stays at the item of a running vote, whose end stands first and alone in gold", async () => {
    const steps = { ...urls, next: "/tiep/", close_poll: "/bieu-quyet/__id__/ket-thuc/" };
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: null, tally: { poll_id: "p1", cast: 2, electors: 3, yes: 1, no: 1, abstain: 0, needed: 2, missing: 1 } }, steps);
      const next = (): HTMLButtonElement => screen.querySelector<HTMLButtonElement>('[data-step="next"]')!;
      const first = (): Element => screen.querySelector('.nt-step:has([data-step="next"]), .nt-steer-vote')!;
      expect(next().classList).toContain("btn-gold");
      expect(first().querySelector('[data-step="next"]')).not.toBeNull();
      const list = screen.querySelector<HTMLSelectElement>("#nt-go-to")!;
      list.value = "i2";
      list.dispatchEvent(new Event("change"));
      await told(screen, "poll", poll);
      expect(next().disabled).toBe(true);
      expect(screen.querySelector<HTMLButtonElement>('[data-step="go_to"]')!.disabled).toBe(true);
      expect(screen.querySelector(".nt-why")!.textContent).toBe("Đang biểu quyết. Hãy kết thúc biểu quyết trước.");
      expect([...screen.querySelectorAll<HTMLElement>(".btn-gold")].map((button) => button.dataset["step"])).toEqual(["close_poll"]);
      expect(first().classList).toContain("nt-steer-vote");
      await told(screen, "poll", null);
      expect(next().disabled).toBe(false);
      expect(first().querySelector('[data-step="next"]')).not.toBeNull();
    }
  });

  it("calls nobody to speak while a vote runs", async () => {
    const waiting = [{ id: "q1", membership_id: "m2", person_id: "n2", name: "Giàng A Dũng", group: "Tổ 1", kind: "speech", position: 1, requested_at: "" }];
    const screen = await open("nt-cockpit", { poll, queue: { speaker: null, calling: null, waiting } });
    const call = screen.querySelector<HTMLButtonElement>("[data-call]")!;
    expect(call.disabled).toBe(true);
    expect(screen.textContent).toContain("kết thúc biểu quyết rồi mời phát biểu");
    await told(screen, "poll", null);
    expect(call.disabled).toBe(false);
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

describe("an election", () => {
  const election = { ...item, kind: "election", title: "Bầu bổ sung 01 Phó Chủ tịch" };
  const steps = { ...urls, prepare_poll: "/chuan-bi/" };

  it("is no vote of one tap: only a worded question is prepared, without a text", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: null, item: election }, steps);
      expect(screen.querySelectorAll('[data-step="prepare_poll"]')).toHaveLength(1);
      expect(screen.textContent).toContain("phiếu giấy");
      fetched = [];
      await click(screen, '[data-step="prepare_poll"]');
      expect(fetched).toHaveLength(0);
      expect(document.querySelector("#nt-messages")!.textContent).toContain("câu hỏi");
      screen.querySelector<HTMLInputElement>("#nt-poll-question")!.value = " Thông qua danh sách để bầu ";
      await click(screen, '[data-step="prepare_poll"]');
      expect(fetched[0]![0]).toBe("/chuan-bi/");
      const sent = fetched[0]![1].body as URLSearchParams | FormData;
      expect(sent.get("question")).toBe("Thông qua danh sách để bầu");
      expect(sent.get("text")).toBe("none");
      const watching = await open(tag, { poll: null, item: election });
      expect(watching.querySelector("#nt-poll-question")).toBeNull();
    }
  });
});

describe("words put up for the whole hall", () => {
  const notice = { id: "t1", text: "Nghỉ giải lao 15 phút", at: "" };

  it("stand on the big screen beside the running count, and go when taken down", async () => {
    const screen = await open("nt-projector", { poll: null, notice });
    expect(screen.querySelector(".nt-projector-notice")!.textContent).toBe(notice.text);
    await told(screen, "poll", poll);
    expect(screen.querySelector(".nt-projector-notice.is-aside")!.textContent).toBe(notice.text);
    expect(screen.querySelector(".nt-projector-main .nt-projector-notice")).toBeNull();
    expect(screen.querySelector(".nt-projector-cast")!.textContent).toContain("0/3");
    await told(screen, "notice", null);
    expect(screen.querySelector(".nt-projector-notice")).toBeNull();
  });

  it("are not driven out by news of papers, which stands on no big screen", async () => {
    const news = { id: "t2", text: "Văn phòng vừa thay 1 tài liệu bằng bản mới", at: "" };
    const hall = await open("nt-hall", { poll: null, notice });
    await told(hall, "news", news);
    expect(hall.querySelector(".nt-now .nt-message")!.textContent).toBe(notice.text);
    await told(hall, "notice", null);
    expect(hall.querySelector(".nt-now .nt-message")!.textContent).toBe(news.text);
    const big = await open("nt-projector", { poll: null, notice });
    await told(big, "news", news);
    expect(big.querySelector(".nt-projector-notice")!.textContent).toBe(notice.text);
    await told(big, "notice", null);
    expect(big.querySelector(".nt-projector-notice")).toBeNull();
    const chair = await open("nt-cockpit", { poll: null, notice: null, news }, { ...urls, clear_notice: "/thoi/" });
    expect(chair.querySelector(".nt-notice-up")).toBeNull();
  });

  it("are seen by whoever steers, who can take them down there", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { notice: null }, { ...urls, clear_notice: "/thoi-thong-bao/" });
      expect(screen.querySelector(".nt-notice-up")).toBeNull();
      await told(screen, "notice", notice);
      expect(screen.querySelector(".nt-notice-up")!.textContent).toContain(notice.text);
      fetched = [];
      await click(screen, '[data-step="clear_notice"]');
      expect(fetched[0]![0]).toBe("/thoi-thong-bao/");
      const watching = await open(tag, { notice });
      expect(watching.querySelector(".nt-notice-up button")).toBeNull();
    }
  });
});

describe("the big screen while nobody is at work", () => {
  const result = { poll_id: "p1", question: "Thông qua chương trình", counts: { yes: 0, no: 2, abstain: 0, not_voting: 1, present: 3, in_office: 3, seats_by_law: 3 }, base: 3, total: 3, total_name: "in_office", needed: 2, passed: false, rule: poll.rule, sentence: "Đọc", published_at: "", seats: [] };
  const notice = { id: "t1", text: "Nghỉ giải lao 15 phút", at: "" };

  it("shows the break, not the last result; and a result announced during the break", async () => {
    const screen = await open("nt-projector", { poll: null, result, notice });
    expect(screen.querySelector(".nt-projector-result")).not.toBeNull();
    await told(screen, "sitting", { ...sitting, state: "suspended" });
    expect(screen.querySelector(".nt-projector-result")).toBeNull();
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
    expect(screen.querySelector(".nt-projector-pause")!.textContent).toContain(sitting.title);
    expect(screen.querySelector(".nt-projector-notice")!.textContent).toBe(notice.text);
    await told(screen, "result", { ...result, poll_id: "p2", question: "Thông qua nghị quyết" });
    expect(screen.querySelector(".nt-projector-result h1")!.textContent).toBe("Thông qua nghị quyết");
    await told(screen, "sitting", sitting);
    await told(screen, "sitting", { ...sitting, state: "suspended" });
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
  });

  it("still waits for the announcement of a counted vote", async () => {
    const screen = await open("nt-projector", { sitting: { ...sitting, state: "suspended" }, poll: { ...poll, state: "closed" }, result });
    expect(screen.textContent).toContain("Chờ chủ tọa công bố kết quả");
    await told(screen, "poll", null);
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
  });

  it("says that the sitting is over", async () => {
    const screen = await open("nt-projector", { sitting: { ...sitting, state: "closed" }, poll: null, result });
    expect(screen.querySelector("h1")!.textContent).toBe("Phiên họp đã kết thúc");
    expect(screen.querySelector(".nt-projector-result")).toBeNull();
  });
});

describe("an annulled vote", () => {
  const vote = { poll_id: "p1", choice: "yes", receipt: "r1", cast_at: "", changes: 0 };
  const annulled = { poll_id: "p1", number: 1, question: poll.question, reason: "nhầm bản dự thảo" };

  it("is told to whoever voted, wherever they are reading, until the next begins", async () => {
    const screen = await open("nt-hall", { poll, me: { ...me, vote } });
    await click(screen, '[data-door="papers"]');
    await told(screen, "poll", null);
    await told(screen, "annulled", annulled);
    expect(screen.door).toBe("vote");
    expect(screen.querySelector(".nt-annulled")!.textContent).toContain("phiếu của quý vị không được tính");
    expect(screen.querySelector(".nt-annulled")!.textContent).toContain("Lý do: nhầm bản dự thảo");
    await told(screen, "poll", { ...poll, id: "p2", number: 2, state: "prepared" });
    expect(screen.querySelector(".nt-annulled")).not.toBeNull();
    await told(screen, "poll", { ...poll, id: "p2", number: 2 });
    await told(screen, "annulled", null);
    expect(screen.querySelector(".nt-annulled")).toBeNull();
    expect(screen.querySelector("[data-choice]")).not.toBeNull();
  });

  it("stands on the big screen until the next begins; whoever speaks meanwhile comes first", async () => {
    const screen = await open("nt-projector", { poll: null, annulled });
    const said = () => screen.querySelector(".nt-projector-annulled")?.textContent ?? "";
    expect(said()).toContain(poll.question);
    expect(said()).toContain("Cuộc biểu quyết này đã bị hủy.");
    await told(screen, "poll", { ...poll, id: "p2", number: 2, state: "prepared" });
    expect(said()).not.toBe("");
    await told(screen, "queue", { speaker: null, waiting: [], calling: { id: "r1", name: "Cúc", group: "", kind: "speech" } });
    expect(said()).toBe("");
    await told(screen, "queue", { speaker: null, waiting: [], calling: null });
    expect(said()).not.toBe("");
    await told(screen, "poll", { ...poll, id: "p2", number: 2 });
    await told(screen, "annulled", null);
    expect(said()).toBe("");
  });

  it("says nothing of a ballot to who cast none, and is told to who votes while steering", async () => {
    const screen = await open("nt-hall", { poll: null, annulled });
    expect(screen.querySelector(".nt-annulled")!.textContent).toContain("đã bị hủy.");
    const chair = await open("nt-cockpit", { poll: null, annulled, me: { ...me, vote } });
    expect(chair.querySelector(".nt-annulled")!.textContent).toContain("không được tính");
  });
});
