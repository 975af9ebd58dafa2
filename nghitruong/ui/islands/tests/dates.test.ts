import { beforeEach, expect, it } from "vitest";
import { installDates, inWords } from "../elements/dates";

beforeEach(() => {
  document.documentElement.lang = "vi";
  document.body.innerHTML = `
    <div class="nt-field"><input type="date" id="d" value="2026-12-08" /></div>
    <div class="nt-field"><input type="datetime-local" id="t" value="" /></div>
    <div class="nt-list-tools"><div class="nt-field"><input type="date" id="from" value="2026-12-08" /></div></div>`;
});

const words = (id: string): string | null => document.querySelector(`#${id} + .nt-date-words`)?.textContent ?? null;

it("says which day a field holds, whatever order the browser writes it in", () => {
  expect(inWords("2026-12-08", "vi")).toBe("Thứ Ba, 08/12/2026");
  expect(inWords("2026-12-08T07:30", "en")).toBe("07:30, Tuesday, 08/12/2026");
  expect(inWords("", "vi")).toBe("");
});

it("follows what is typed, and leaves a row of tools alone", () => {
  installDates();
  expect([words("d"), words("t"), words("from")]).toEqual(["Thứ Ba, 08/12/2026", "", null]);
  const field = document.querySelector<HTMLInputElement>("#d")!;
  field.value = "2026-08-12";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(words("d")).toBe("Thứ Tư, 12/08/2026");
});
