// Everything by keyboard: what a key does, and the list of keys.
import { html, type TemplateResult } from "lit";
import { keep, stored } from "./kept";
import type { Reader } from "./reader";
import type { Neighbour } from "./types";

const KEYS: [string, string][] = [
  ["← →", "trang trước, trang sau"],
  ["Home, End", "trang đầu, trang cuối"],
  ["+ − 0", "phóng to, thu nhỏ, vừa bề ngang"],
  ["Ctrl F hoặc /", "tìm trong tài liệu"],
  ["F3, Shift F3", "chỗ tìm thấy sau, trước"],
  ["M", "mục lục, ghi chú: mở, đóng bảng bên"],
  ["G", "nhảy tới trang số…"],
  ["D", "hai trang cạnh nhau"],
  ["T", "chữ lớn"],
  ["E", "nền tối"],
  ["H", "đánh dấu chỗ đang chọn"],
  ["N", "thêm ghi chú vào trang này"],
  ["B", "thêm, bỏ dấu trang"],
  ["[ và ]", "tài liệu trước, tài liệu sau trong tập"],
  ["Esc", "đóng bảng, bỏ bút"],
  ["?", "bảng phím này"],
];

const ACTS: Record<string, (reader: Reader) => void> = {
  ArrowRight: (reader) => reader.step(1),
  ArrowLeft: (reader) => reader.step(-1),
  PageDown: (reader) => reader.step(1),
  PageUp: (reader) => reader.step(-1),
  Home: (reader) => reader.go(1),
  End: (reader) => reader.go(reader.total),
  "+": (reader) => reader.magnify(1),
  "=": (reader) => reader.magnify(1),
  "-": (reader) => reader.magnify(-1),
  "0": (reader) => reader.fit(),
  "/": ({ panel }) => panel.toggle("find"),
  m: ({ panel }) => panel.toggle(panel.tab ?? "outline"),
  g: (reader) => reader.querySelector<HTMLInputElement>(".nt-pdf-where input")?.select(),
  d: (reader) => reader.setLayout("two"),
  t: (reader) => reader.setLayout("text"),
  e: (reader) => reader.setNight(),
  h: ({ marking }) => marking.highlightSelection(),
  n: ({ marking }) => marking.addNote(),
  b: ({ marking }) => marking.toggleBookmark(),
  "[": ({ state }) => open(state.before),
  "]": ({ state }) => open(state.after),
  "?": (reader) => showKeys(reader),
};

function open(paper: Neighbour | null): void {
  if (paper) location.assign(paper.url);
}

const LETTERS = "nt_reader_letters";
/** Single letters do something: can be switched off, for who speaks to the machine or types by chance. */
const letters = (): boolean => stored(LETTERS) !== "off";

export function press(reader: Reader, event: KeyboardEvent): void {
  const { marking, panel, search } = reader;
  const target = event.target as HTMLElement;
  const dialog = document.querySelector("dialog[open]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f" && !dialog) {
    event.preventDefault();
    marking.keepTyped();
    if (panel.tab !== "find") panel.show("find");
    else reader.querySelector<HTMLInputElement>("#nt-find-words")?.select();
    return;
  }
  if (event.key === "Escape" && !dialog) {
    marking.keepTyped();
    if (marking.tool !== "") marking.setTool("");
    else if (panel.tab) panel.close();
    return;
  }
  if (event.key === "F3") {
    event.preventDefault();
    search.next(event.shiftKey ? -1 : 1);
    return;
  }
  if (dialog || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select")) return;
  const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (/^[a-z]$/i.test(event.key) && !letters())) return;
  event.preventDefault();
  act(reader);
}

export function showKeys(reader: Reader): void {
  reader.querySelector<HTMLDialogElement>(".nt-keys")?.showModal();
}

export function keyList(): TemplateResult {
  return html`<dialog class="nt-keys" aria-label="Phím tắt">
    <h2>Phím tắt</h2>
    <table><tbody>${KEYS.map(([keys, what]) => html`<tr><th scope="row">${keys}</th><td>${what}</td></tr>`)}</tbody></table>
    <label class="form-check"><input class="form-check-input" type="checkbox" .checked=${letters()} @change=${(event: Event) => keep(LETTERS, (event.target as HTMLInputElement).checked ? "" : "off")} /> <span class="form-check-label">Dùng phím một chữ cái (M, G, D…)</span></label>
    <form method="dialog"><button class="btn btn-primary">Đóng</button></form>
  </dialog>`;
}
