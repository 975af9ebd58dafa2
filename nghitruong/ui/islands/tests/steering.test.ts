// The cockpit and the desk: whoever leads the hall.
import { describe, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import { agenda, body, click, item, me, open, poll, server, sitting, told, urls, type Screen } from "./stage";
import "../cockpit";
import "../desk";
import "../hall";

describe("the chair's screen", () => {
  it("moves the hall at the button, not at an arrow key in the list", async () => {
    const screen = await open("nt-cockpit", {});
    const list = screen.querySelector<HTMLSelectElement>("#nt-go-to")!;
    expect(screen.querySelector<HTMLButtonElement>('[data-step="go_to"]')!.disabled).toBe(true);
    list.value = "i2";
    list.dispatchEvent(new Event("change"));
    await screen.updateComplete;
    expect(server.fetched).toEqual([]);
    await click(screen, '[data-step="go_to"]');
    expect(server.fetched[0]![0]).toBe("/den-noi-dung/");
    expect(String(server.fetched[0]![1].body)).toBe("item=i2");
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

  it("enters the rest as present only after naming them, and only while the roll is called", async () => {
    const screen = await open("nt-desk", { poll: null }, { ...urls, present_rest: "/con-lai/" });
    const button = (): HTMLButtonElement | null => screen.querySelector("[data-rest]");
    expect(button()).toBeNull();
    await told(screen, "sitting", { ...sitting, roll_open: true });
    const left = { name: "Lê Thị Cúc", title: "", group: "Tổ 1", seat_number: 2, seat_label: "A2", entitled: true, presence: "unknown" };
    const members = { m1: left, m2: { ...left, name: "Đỗ Văn Dũng", presence: "excused" }, m3: { ...left, name: "Bàn Thị Hoa", entitled: false } };
    await told(screen, "presence", { counts: {}, members });
    expect(button()!.textContent).toContain("Ghi có mặt 1 người còn lại");
    button()!.click();
    const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
    expect(dialog.textContent).toContain("Lê Thị Cúc");
    expect(dialog.textContent).not.toContain("Dũng");
    dialog.close("yes");
    await vi.waitFor(() => expect(String(server.fetched.at(-1)?.[1].body)).toBe("members=m1"));
  });

  it("takes a refusal away when a later step was done", async () => {
    const screen = await open("nt-cockpit", { poll: null }, { ...urls, next: "/tiep/" });
    server.reply = () => new Response(JSON.stringify({ message: "Đang biểu quyết." }), { status: 409 });
    await click(screen, '[data-step="next"]');
    expect(document.querySelector("#nt-messages")!.textContent).toContain("Đang biểu quyết.");
    await click(screen, '[data-step="next"]');
    expect(document.querySelectorAll("#nt-messages .nt-message")).toHaveLength(1);
    server.reply = () => new Response(JSON.stringify({ ok: true }));
    await click(screen, '[data-step="next"]');
    expect(document.querySelectorAll("#nt-messages .nt-message")).toHaveLength(0);
  });

  it("says nothing was done when the server sends to the sign-in page, and that it does not know when no answer came", async () => {
    const screen = await open("nt-cockpit", { poll: null }, { ...urls, next: "/tiep/" });
    server.reply = () => Object.defineProperty(new Response("<html></html>"), "redirected", { value: true });
    await click(screen, '[data-step="next"]');
    expect(document.querySelector("#nt-messages")!.textContent).toContain("hết phiên đăng nhập");
    server.reply = () => {
      throw new TypeError("network");
    };
    await click(screen, '[data-step="next"]');
    const said = document.querySelector("#nt-messages")!.textContent;
    expect(said).toContain("chưa rõ việc này đã được thực hiện chưa");
    expect(said).not.toContain("chưa được ghi nhận");
  });

  it("asks before it takes back the call of who speaks already", async () => {
    const screen = await open("nt-cockpit", { poll: null }, { ...urls, call_off: "/huy/" });
    const speaker = { speech_id: "v1", request_id: "r1", name: "Lê Thị Cúc", title: "", kind: "speech", started_at: new Date().toISOString(), limit_seconds: 60, paused_at: null, paused_seconds: 0, warned_at: null };
    await told(screen, "queue", { speaker, calling: null, waiting: [] });
    const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
    screen.querySelector<HTMLButtonElement>('[data-step="call_off"]')!.click();
    dialog.close("no");
    await new Promise((done) => setTimeout(done));
    expect(server.fetched).toHaveLength(0);
    screen.querySelector<HTMLButtonElement>('[data-step="call_off"]')!.click();
    expect(dialog.textContent).toContain("Kết thúc phát biểu");
    dialog.close("yes");
    await vi.waitFor(() => expect(String(server.fetched.at(-1)?.[1].body)).toBe("request=r1"));
  });

  it("forgets a refusal when what it speaks of has changed", async () => {
    for (const tag of ["nt-cockpit", "nt-desk"]) {
      const screen = await open(tag, { poll: null }, { ...urls, next: "/tiep/" });
      const bars = (): number => document.querySelectorAll("#nt-messages .nt-message-error").length;
      server.reply = () => new Response(JSON.stringify({ message: "Đang biểu quyết." }), { status: 409 });
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

  it("asks the chair to check in above everything else, until it is done", async () => {
    const screen = await open("nt-cockpit", { me: { ...me, presence: "unknown" } });
    const button = screen.querySelector("[data-check-in]")!;
    expect(button.compareDocumentPosition(screen.querySelector(".nt-cockpit")!) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    await told(screen, "me", me);
    expect(screen.querySelector("[data-check-in]")).toBeNull();
  });

  it("calls nobody to speak while a vote runs, nor in a break", async () => {
    const waiting = [{ id: "q1", membership_id: "m2", person_id: "n2", name: "Giàng A Dũng", group: "Tổ 1", kind: "speech", position: 1, requested_at: "" }];
    const screen = await open("nt-cockpit", { poll, queue: { speaker: null, calling: null, waiting } });
    const call = screen.querySelector<HTMLButtonElement>("[data-call]")!;
    expect(call.disabled).toBe(true);
    expect(screen.textContent).toContain("kết thúc biểu quyết rồi mời phát biểu");
    await told(screen, "poll", null);
    expect(call.disabled).toBe(false);
    await told(screen, "sitting", { ...sitting, state: "suspended" });
    expect(call.disabled).toBe(true);
    expect(screen.textContent).toContain("tiếp tục phiên họp rồi mời phát biểu");
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
    expect(server.fetched).toEqual([]);
    await close("no");
    expect(server.fetched).toEqual([]);
    await click(screen, '[data-step="publish_poll"]');
    await close("yes");
    expect(server.fetched[0]![0]).toBe("/bieu-quyet/1/cong-bo/");
  });

  it("annuls the vote as it was shown: the state goes along", async () => {
    const outcome = { poll_id: "p1", question: "?", counts: { yes: 2, no: 0, abstain: 0, not_voting: 1, present: 3, in_office: 3, seats_by_law: 3 }, base: 3, total: 3, total_name: "in_office", needed: 2, passed: true, rule: poll.rule, sentence: "Đọc", published_at: null, seats: [] };
    const screen = await open("nt-cockpit", { poll: { ...poll, state: "closed" }, outcome }, { ...urls, annul_poll: "/bieu-quyet/__id__/huy/" });
    screen.querySelector<HTMLInputElement>("#nt-annul-reason")!.value = "nhầm bản";
    await click(screen, '[data-step="annul_poll"]');
    (document.getElementById("nt-confirm") as HTMLDialogElement).close("yes");
    await new Promise((done) => setTimeout(done));
    expect(server.fetched[0]![0]).toBe("/bieu-quyet/1/huy/");
    expect(Object.fromEntries(new URLSearchParams(String(server.fetched[0]![1].body)))).toEqual({ reason: "nhầm bản", seen: "closed" });
  });

  it("offers the end of the vote only to whoever may end it", async () => {
    const tally = { poll_id: "p1", cast: 2, electors: 3, yes: 1, no: 1, abstain: 0, needed: 2, missing: 1 };
    const minutes = await open("nt-desk", { poll, tally });
    expect(minutes.querySelector('[data-step="close_poll"]')).toBeNull();
    const voting = await open("nt-desk", { poll, tally }, { ...urls, close_poll: "/bieu-quyet/__id__/ket-thuc/" });
    await click(voting, '[data-step="close_poll"]');
    expect(server.fetched[0]![0]).toContain("close-poll"); // before the queue of votes, not beside it
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
      server.fetched = [];
      await click(screen, '[data-step="prepare_poll"]');
      expect(server.fetched).toHaveLength(0);
      expect(document.querySelector("#nt-messages")!.textContent).toContain("câu hỏi");
      screen.querySelector<HTMLInputElement>("#nt-poll-question")!.value = " Thông qua danh sách để bầu ";
      await click(screen, '[data-step="prepare_poll"]');
      expect(server.fetched[0]![0]).toBe("/chuan-bi/");
      const sent = server.fetched[0]![1].body as URLSearchParams | FormData;
      expect(sent.get("question")).toBe("Thông qua danh sách để bầu");
      expect(sent.get("text")).toBe("none");
      const watching = await open(tag, { poll: null, item: election });
      expect(watching.querySelector("#nt-poll-question")).toBeNull();
    }
  });
});
