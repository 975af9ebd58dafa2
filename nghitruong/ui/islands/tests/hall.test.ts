// The delegate's screen.
import { describe, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import { body, click, item, me, open, poll, server, sitting, Source, told, type Screen } from "./stage";
import "../cockpit";
import "../hall";
import "../projector";

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
    server.reply = () => new Response(JSON.stringify({ code: "vote_moved", message: "Đang ghi: Không tán thành.", vote }), { status: 409 });
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

describe("an annulled vote", () => {
  const vote = { poll_id: "p1", choice: "yes", receipt: "r1", cast_at: "", changes: 0 };
  const annulled = { poll_id: "p1", number: 1, question: poll.question };
  const why = { poll_id: "p1", reason: "nhầm bản dự thảo" };

  it("is told to whoever voted, wherever they are reading, until the next begins", async () => {
    const screen = await open("nt-hall", { poll, me: { ...me, vote } });
    await click(screen, '[data-door="papers"]');
    await told(screen, "poll", null);
    await told(screen, "annulled", annulled);
    expect(screen.door).toBe("vote");
    expect(screen.querySelector(".nt-annulled")!.textContent).toContain("phiếu của quý vị không được tính");
    expect(screen.querySelector(".nt-annulled")!.textContent).not.toContain("Lý do");
    await told(screen, "annul_reason", why);
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
