import { render } from "lit";
import { describe, expect, it, vi } from "vitest";
import type { PollResult } from "../lib/slices";
import { me, poll } from "../tests/fixtures";
import { percent } from "../lib/words";
import { seatPlaces } from "./hemicycle";
import { resultRows } from "./result";
import { voteCard, type VoteCardActions, type VoteCardState } from "./vote-card";

function draw(change: Partial<VoteCardState>): { box: HTMLElement; act: VoteCardActions } {
  const box = document.createElement("div");
  const act = { choose: vi.fn(), confirm: vi.fn(), cancel: vi.fn(), change: vi.fn() };
  render(voteCard({ poll, me, progress: null, chosen: null, sending: null, changing: false, failure: "", reads: true, checksIn: true, ...change }, act), box);
  return { box, act };
}

describe("a result", () => {
  const counts = { seats_by_law: 20, in_office: 15, present: 14, yes: 9, no: 0, abstain: 0, not_voting: 5 };
  const result: PollResult = { poll_id: "p1", number: 1, question: "?", counts, absent: 1, suspended: 0, base: 14, total: 15, total_name: "in_office", needed: 8, passed: true, rule: poll.rule, sentence: "", published_at: null };
  const rows = (change: Partial<PollResult>): string => {
    const box = document.createElement("div");
    render(resultRows({ ...result, ...change }), box);
    return box.textContent ?? "";
  };

  it("says its percentages of the one total every other place says them of, and which it is", () => {
    expect(rows({})).toContain("60,00 %");
    expect(rows({})).toContain("đương nhiệm");
    expect(rows({ base: 20, total: 20, total_name: "seats_by_law" })).toContain("45,00 %");
    expect(rows({ base: 20, total: 20, total_name: "seats_by_law" })).toContain("theo luật");
  });
});

describe("the voting card", () => {
  it("offers three choices and no confirmation before a tap", () => {
    const { box, act } = draw({});
    expect(box.querySelectorAll("[data-choice]").length).toBe(3);
    expect(box.querySelector("[data-confirm-vote]")).toBeNull();
    box.querySelector<HTMLButtonElement>('[data-choice="no"]')!.click();
    expect(act.choose).toHaveBeenCalledWith("no");
  });

  it("makes the text a link only for who may open it", () => {
    const version = { id: "v1", number: 2, paper_id: "t1", title: "Dự thảo", url: "/lao-cai/tai-lieu/t1/" };
    const text = { ...poll, version };
    expect(draw({ poll: text }).box.querySelector("a")?.getAttribute("href")).toBe(version.url);
    const guest = draw({ poll: text, me: { ...me, membership_id: "" }, reads: false }).box;
    expect(guest.querySelector("a")).toBeNull();
    expect(guest.textContent).toContain("bản 2");
    expect(guest.querySelector("[role=alert]")).toBeNull();
  });

  it("says nothing is recorded while the answer is awaited", () => {
    const { box } = draw({ sending: "yes" });
    expect(box.textContent).toContain("chưa được ghi nhận");
    expect(box.querySelectorAll("[data-choice]").length).toBe(0);
  });

  it("shows «Đã ghi nhận» only for a vote of this poll", () => {
    const vote = { poll_id: "p1", choice: "yes" as const, receipt: "abc123", cast_at: "", changes: 0 };
    expect(draw({ me: { ...me, vote } }).box.textContent).toContain("Đã ghi nhận");
    const other = { ...vote, poll_id: "p0" };
    expect(draw({ me: { ...me, vote: other } }).box.textContent).not.toContain("Đã ghi nhận");
  });

  it("tells an absent delegate what to do instead of offering a dead button", () => {
    const { box } = draw({ me: { ...me, presence: "unknown" } });
    expect(box.textContent).toContain("Bấm «Tôi có mặt»");
    expect(box.querySelectorAll("[data-choice]").length).toBe(0);
    const late = draw({ me: { ...me, presence: "unknown" }, checksIn: false }).box;
    expect(late.textContent).toContain("Hãy báo Thư ký ghi nhận có mặt.");
    expect(late.textContent).not.toContain("Tôi có mặt");
  });
});

describe("the rules of the poll on the card", () => {
  const vote = { poll_id: "p1", choice: "yes" as const, receipt: "abc123", cast_at: "", changes: 0 };

  it("lets an absent delegate vote where presence is not asked for", () => {
    const { box } = draw({ poll: { ...poll, present_only: false }, me: { ...me, presence: "unknown" } });
    expect(box.querySelectorAll("[data-choice]").length).toBe(3);
    const suspended = draw({ poll: { ...poll, present_only: false }, me: { ...me, entitled: false } });
    expect(suspended.box.querySelectorAll("[data-choice]").length).toBe(0);
  });

  it("offers a change only where it is allowed, and says beforehand that there is none", () => {
    expect(draw({ me: { ...me, vote } }).box.querySelector("[data-change-vote]")).not.toBeNull();
    const once = { ...poll, allow_change: false };
    expect(draw({ poll: once, me: { ...me, vote } }).box.querySelector("[data-change-vote]")).toBeNull();
    for (const chosen of [null, "no" as const]) {
      const { box } = draw({ poll: once, chosen });
      expect(box.textContent).toContain("không đổi được nữa");
      expect(box.textContent).not.toContain("Được đổi");
    }
    expect(draw({}).box.textContent).toContain("Được đổi đến khi");
  });

  it("keeps a recorded vote in sight of who left the hall or was suspended since, without a change", () => {
    for (const change of [{ presence: "left" as const }, { entitled: false }]) {
      const { box } = draw({ me: { ...me, ...change, vote }, changing: true });
      expect(box.textContent).toContain("Đã ghi nhận");
      expect(box.textContent).toContain("abc123");
      expect(box.querySelector("[data-change-vote], [data-choice]")).toBeNull();
    }
  });

  it("names whose vote it is, and shows a refusal beside a recorded vote too", () => {
    expect(draw({}).box.textContent).toContain("Lê Thị Cúc");
    const { box } = draw({ me: { ...me, vote }, failure: "Đến muộn." });
    expect(box.querySelector("[role=alert]")!.textContent).toContain("Đến muộn.");
    expect(box.textContent).toContain("Đã ghi nhận");
  });
});

describe("numbers and seats", () => {
  it("rounds half up to two decimals as officials write", () => {
    expect(percent(58, 61)).toBe("95,08 %");
    expect(percent(46, 50)).toBe("92,00 %");
    expect(percent(1, 16)).toBe("6,25 %");
    expect(percent(1, 3)).toBe("33,33 %");
    expect(percent(1, 61)).toBe("1,64 %");
    expect(percent(0, 61)).toBe("0,00 %");
  });

  it("has a place for every seat, none on top of another", () => {
    for (const count of [1, 2, 15, 22, 61, 85, 125]) {
      const places = seatPlaces(count);
      expect(places.length).toBe(count);
      for (let i = 0; i < count; i += 1)
        for (let j = i + 1; j < count; j += 1) {
          const [a, b] = [places[i]!, places[j]!];
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.r * 1.9);
        }
    }
  });
});
