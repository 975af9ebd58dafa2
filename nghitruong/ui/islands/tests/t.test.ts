import { beforeEach, describe, expect, it, vi } from "vitest";

describe("words of the page's language", () => {
  beforeEach(() => {
    document.body.innerHTML = "";
    vi.resetModules();
  });

  it("are the source's own where the page carries none", async () => {
    const { t } = await import("../lib/t");
    expect(t("Còn thiếu %(n)s phiếu", { n: 3 })).toBe("Còn thiếu 3 phiếu");
  });

  it("are the page's, with the numbers in their place; an untranslated one stays", async () => {
    document.body.innerHTML = `<script id="nt-words" type="application/json">{"Còn thiếu %(n)s phiếu": "%(n)s more votes"}</script>`;
    const { t } = await import("../lib/t");
    expect(t("Còn thiếu %(n)s phiếu", { n: 3 })).toBe("3 more votes");
    expect(t("Có mặt")).toBe("Có mặt");
  });
});
