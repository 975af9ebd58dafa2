import { expect, it, vi } from "vitest";

vi.mock("htmx.org", () => ({ default: { config: {} } })); // needs XPath, which the test's document has not

it("leads to a new item only where one can still be added: no sitting that is over", async () => {
  const part = (sitting: number, closed: boolean): object => ({ sitting, title: "Thảo luận", starts: null, available: 60, closed, items: [] });
  document.body.innerHTML = `<script type="application/json" id="st">${JSON.stringify({ parts: [part(1, true), part(2, false)] })}</script>
    <nt-agenda data-state-id="st"></nt-agenda>`;
  await import("../nt-agenda");
  const island = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>("nt-agenda")!;
  await island.updateComplete;
  const ends = [...island.querySelectorAll("a")].map((link) => link.getAttribute("href")!.replace(/^\//, ""));
  expect(ends.filter((url) => url.includes("them"))).toEqual(["chuong-trinh/them/?phien=2"]);
  expect(ends.filter((url) => url.includes("sua"))).toHaveLength(2);
  island.remove();
});
