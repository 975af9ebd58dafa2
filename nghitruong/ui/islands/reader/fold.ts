// The same fold as `nghitruong.lib.text.fold`: lower case without Vietnamese marks, exactly as many
// characters as the text in NFC, so that a hit in the folded text is at the same place in the text.

const table = new Map<string, string>([
  ["đ", "d"],
  ["ƀ", "b"],
]);
for (const [from, to] of [
  [0xc0, 0x250],
  [0x1e00, 0x1f00],
] as const) {
  for (let code = from; code < to; code += 1) {
    const char = String.fromCharCode(code);
    const base = char.normalize("NFD")[0]!;
    if (base !== char && /[A-Za-z]/.test(base)) table.set(char, base.toLowerCase());
  }
}

export function fold(text: string): string {
  const plain = text.normalize("NFC");
  let low = plain.toLowerCase();
  if (low.length !== plain.length) low = [...plain].map((char) => shrink(char)).join("");
  let out = "";
  for (const char of low) out += table.get(char) ?? char;
  return out;
}

function shrink(char: string): string {
  const low = char.toLowerCase();
  return low.length === char.length ? low : [...low][0]!;
}

/** Whether the query was typed with marks or capitals that are meant: «đất» must not find «dat». */
export function accented(query: string): boolean {
  return fold(query) !== query.normalize("NFC").toLowerCase();
}

/** Places [start, end) where the query stands in the text. Without marks it finds both; with marks
 *  only the words with those marks. Any blank in the query matches any run of blanks. */
export function findAll(text: string, query: string, most = 10_000): [number, number][] {
  const words = query.normalize("NFC").trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const exact = accented(query);
  const form = (value: string): string => (exact ? lower(value) : fold(value));
  const pattern = words
    .map((word) => form(word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("\\s+");
  const found: [number, number][] = [];
  for (const match of form(text).matchAll(new RegExp(pattern, "gu"))) {
    found.push([match.index, match.index + match[0].length]);
    if (found.length >= most) break;
  }
  return found;
}

function lower(text: string): string {
  const plain = text.normalize("NFC");
  const low = plain.toLowerCase();
  return low.length === plain.length ? low : [...plain].map(shrink).join("");
}
