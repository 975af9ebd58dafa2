import { render } from "lit";
import { describe, expect, it, vi } from "vitest";
import { Marking } from "../reader/marking";
import type { Reader } from "../reader/reader";

vi.mock("../elements/page", () => ({ ask: vi.fn(), notify: vi.fn() })); // the page around

describe("words being typed into a note", () => {
  const page = (): { marking: Marking; edited: string[][]; box: () => HTMLTextAreaElement } => {
    const reader = { state: { notes: { bodies: [], export: "" } }, repaint: () => undefined, requestUpdate: () => undefined };
    const marking = new Marking(reader as unknown as Reader);
    const edited: string[][] = [];
    const note = { id: "n1", kind: "note", page: 1, text: "", data: {}, shared: "" };
    const notes = { shared: [], list: () => [note], isWaiting: () => false, edit: (...words: string[]) => edited.push(words) };
    Object.assign(marking, { notes, chosen: "n1" });
    const room = document.createElement("div");
    render(marking.cards(), room);
    return { marking, edited, box: () => room.querySelector("textarea")! };
  };
  const type = (box: HTMLTextAreaElement, words: string): void => {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  it("are kept when the box goes away without a word (Esc, a tablet put down)", () => {
    const { marking, edited, box } = page();
    type(box(), "Mức chi này");
    expect(edited).toEqual([]);
    marking.keepTyped();
    marking.keepTyped();
    expect(edited).toEqual([["n1", "Mức chi này"]]);
  });

  it("are kept after a moment, and once", () => {
    vi.useFakeTimers();
    try {
      const { edited, box } = page();
      type(box(), "Mức");
      type(box(), "Mức chi");
      vi.advanceTimersByTime(2_000);
      expect(edited).toEqual([["n1", "Mức chi"]]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("notes that no text takes any more", () => {
  it("are told of without saying why: a text may be closed to one person and not withdrawn", () => {
    const marking = new Marking({ slotOf: () => null, repaint: () => undefined } as unknown as Reader);
    const notes = { saving: "gone", count: 0, stranded: [{ text: "Mức chi?" }, { text: "" }], list: () => [] };
    Object.assign(marking, { notes });
    const room = document.createElement("div");
    render(marking.saving(), room);
    const said = room.textContent ?? "";
    expect(said).toContain("2 ghi chú chưa gửi không còn nơi nhận");
    expect(said).not.toContain("Tài liệu đã rút");
    expect([...room.querySelectorAll("button")].map((button) => button.textContent)).toEqual(["Chép lời ghi", "Bỏ"]);
  });
});
