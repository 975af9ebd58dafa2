// The big screen.
import { describe, expect, it, vi } from "vitest";
vi.mock("htmx.org", () => ({ default: {} })); // needs XPath, which the test's document has not
import { click, open, poll, server, sitting, told, urls } from "./stage";
import "../cockpit";
import "../desk";
import "../hall";
import "../projector";

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
      server.fetched = [];
      await click(screen, '[data-step="clear_notice"]');
      expect(server.fetched[0]![0]).toBe("/thoi-thong-bao/");
      const watching = await open(tag, { notice });
      expect(watching.querySelector(".nt-notice-up button")).toBeNull();
    }
  });
});

describe("the big screen while nobody is at work", () => {
  const result = { poll_id: "p1", question: "Thông qua chương trình", counts: { yes: 0, no: 2, abstain: 0, not_voting: 1, present: 3, in_office: 3, seats_by_law: 3 }, base: 3, total: 3, total_name: "in_office", needed: 2, passed: false, rule: poll.rule, sentence: "Đọc", published_at: "2026-12-08T02:00:00Z", seats: [] };
  const notice = { id: "t1", text: "Nghỉ giải lao 15 phút", at: "" };

  it("shows the break, not the last result; what was announced before it does not come back", async () => {
    const screen = await open("nt-projector", { poll: null, result, notice });
    const at = (state: string, rested: string): object => ({ ...sitting, state, rested_at: rested });
    const shown = (): string | undefined => screen.querySelector(".nt-projector-result h1")?.textContent ?? undefined;
    expect(shown()).toBe("Thông qua chương trình");
    await told(screen, "sitting", at("suspended", "2026-12-08T03:00:00Z"));
    expect(shown()).toBeUndefined();
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
    expect(screen.querySelector(".nt-projector-pause")!.textContent).toContain(sitting.title);
    expect(screen.querySelector(".nt-projector-notice")!.textContent).toBe(notice.text);
    await told(screen, "result", { ...result, poll_id: "p2", question: "Thông qua nghị quyết", published_at: "2026-12-08T03:05:00Z" });
    expect(shown()).toBe("Thông qua nghị quyết"); // announced in the break
    await told(screen, "sitting", at("open", "2026-12-08T03:00:00Z"));
    expect(shown()).toBe("Thông qua nghị quyết");
    await told(screen, "sitting", at("suspended", "2026-12-08T04:00:00Z"));
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
    await told(screen, "sitting", at("open", "2026-12-08T04:00:00Z"));
    expect(shown()).toBeUndefined();
    // Nor on a screen that was away meanwhile.
    const again = await open("nt-projector", { poll: null, result, sitting: at("open", "2026-12-08T04:00:00Z") });
    expect(again.querySelector(".nt-projector-result")).toBeNull();
  });

  it("still waits for the announcement of a counted vote", async () => {
    const screen = await open("nt-projector", { sitting: { ...sitting, state: "suspended", rested_at: "2026-12-08T03:00:00Z" }, poll: { ...poll, state: "closed" }, result });
    expect(screen.textContent).toContain("Chờ chủ tọa công bố kết quả");
    await told(screen, "poll", null);
    expect(screen.querySelector("h1")!.textContent).toBe("TẠM NGHỈ");
  });

  it("says that the sitting is over", async () => {
    const screen = await open("nt-projector", { sitting: { ...sitting, state: "closed", rested_at: "2026-12-08T05:00:00Z" }, poll: null, result });
    expect(screen.querySelector("h1")!.textContent).toBe("Phiên họp đã kết thúc");
    expect(screen.querySelector(".nt-projector-result")).toBeNull();
  });
});
