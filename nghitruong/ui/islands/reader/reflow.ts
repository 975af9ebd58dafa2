// A page's words as paragraphs: for large running text, and for reading aloud. The lines of a printed
// page are joined again; what begins a new one is known from the layout and from how laws are numbered.
import type { Page } from "./pages";

interface Line {
  left: number;
  right: number;
  top: number;
  height: number;
  text: string;
}

const BEGINS = /^(?:(?:phần|chương|mục|tiểu mục|điều)\s+(?:thứ\s+)?[\dIVXLC]+|[\dIVX]+(?:\.\d+)*[.)]|[a-zđ]\)|[-–—+•*]\s|căn cứ|theo đề nghị|xét\s|nơi nhận|kính gửi)/iu;
const CAPITALS = /^[^\p{Ll}]{4,}$/u;

export async function paragraphsOf(page: Page): Promise<string[]> {
  const content = await page.getTextContent();
  const view = page.getViewport({ scale: 1 });
  const lines: Line[] = [];
  for (const item of content.items) {
    if (!("str" in item) || item.str.trim() === "") continue;
    const [left, top] = view.convertToViewportPoint(item.transform[4] as number, item.transform[5] as number) as [number, number];
    const height = item.height || Math.abs(item.transform[3] as number) || 10;
    const last = lines.at(-1);
    if (last && Math.abs(last.top - top) < height * 0.5 && left >= last.left - 1) {
      const gap = left - last.right;
      last.text += gap > height * 0.15 && !/\s$/.test(last.text) ? ` ${item.str}` : item.str;
      last.right = left + item.width;
      last.height = Math.max(last.height, height);
    } else {
      lines.push({ left, right: left + item.width, top, height, text: item.str });
    }
  }
  return join(lines, view.height);
}

export function join(lines: Line[], pageHeight: number): string[] {
  const words = lines.filter((line) => {
    const margin = line.top < pageHeight * 0.08 || line.top > pageHeight * 0.93;
    return !(margin && /^[-–\s]*\d{1,4}[-–\s]*$/.test(line.text)); // the printed page number
  });
  if (words.length === 0) return [];
  const right = Math.max(...words.map((line) => line.right));
  const left = Math.min(...words.map((line) => line.left));
  const out: string[] = [];
  let before: Line | null = null;
  for (const line of words) {
    const text = line.text.normalize("NFC").replace(/\s+/g, " ").trim();
    if (text === "") continue;
    const fresh =
      before === null ||
      BEGINS.test(text) ||
      CAPITALS.test(text) !== CAPITALS.test(before.text.trim()) ||
      line.top - before.top > Math.max(line.height, before.height) * 2.1 ||
      line.top < before.top - line.height ||
      before.right < left + (right - left) * 0.82;
    if (fresh) out.push(text);
    else out[out.length - 1] = `${out.at(-1)!.replace(/[-\u00ad]$/, "")} ${text}`;
    before = line;
  }
  return out;
}

/** The same for text that has no layout (read by OCR on the server): lines as printed. */
export function joinText(text: string): string[] {
  const rows = text.split("\n").map((row) => row.trim());
  const longest = Math.max(1, ...rows.map((row) => row.length));
  const out: string[] = [];
  let fresh = true;
  for (const row of rows) {
    if (row === "" || /^\d{1,4}$/.test(row)) {
      fresh = true;
      continue;
    }
    if (fresh || BEGINS.test(row)) out.push(row);
    else out[out.length - 1] += ` ${row}`;
    fresh = row.length < longest * 0.7;
  }
  return out;
}
