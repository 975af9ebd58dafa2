import { render } from "lit";
import { describe, expect, it, vi } from "vitest";
import { Marking } from "../reader/marking";
import type { Reader } from "../reader/reader";

vi.mock("../elements/page", () => ({ ask: vi.fn(), notify: vi.fn() })); // the page around

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
